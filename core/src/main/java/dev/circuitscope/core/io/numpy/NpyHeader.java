package dev.circuitscope.core.io.numpy;

import dev.circuitscope.core.io.ByteSource;
import dev.circuitscope.core.io.ElementType;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.StoredTensor;
import dev.circuitscope.core.io.Utf8;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The header of a .npy file: magic bytes, version, and a Python dictionary of three entries. */
final class NpyHeader {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int PREFIX = MAGIC.length + 2;
  private static final int ALIGNMENT = 64;
  private static final int MAX_LENGTH = 1 << 16;
  private static final Map<String, ElementType> TYPES =
      Map.ofEntries(
          Map.entry("f8", ElementType.F64),
          Map.entry("f4", ElementType.F32),
          Map.entry("f2", ElementType.F16),
          Map.entry("i8", ElementType.I64),
          Map.entry("i4", ElementType.I32),
          Map.entry("i2", ElementType.I16),
          Map.entry("i1", ElementType.I8),
          Map.entry("u8", ElementType.U64),
          Map.entry("u4", ElementType.U32),
          Map.entry("u2", ElementType.U16),
          Map.entry("u1", ElementType.U8),
          Map.entry("b1", ElementType.BOOL));

  private NpyHeader() {}

  /** Reads the header and checks that the source holds exactly the elements that it announces. */
  static StoredTensor read(ByteSource source) throws IOException {
    ByteBuffer prefix = read(source, 0, PREFIX);
    if (!Arrays.equals(prefix.array(), 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new MalformedFileException(source.name(), 0, "no .npy file: it begins otherwise");
    }
    int major = prefix.get(MAGIC.length);
    int minor = prefix.get(MAGIC.length + 1);
    if (major < 1 || major > 3 || minor != 0) {
      throw new MalformedFileException(
          source.name(),
          MAGIC.length,
          "format version %d.%d; 1.0, 2.0 and 3.0 are read".formatted(major & 0xff, minor & 0xff));
    }
    int lengthBytes = major == 1 ? Short.BYTES : Integer.BYTES;
    ByteBuffer lengthField = read(source, PREFIX, lengthBytes);
    long length =
        major == 1 ? lengthField.getShort(0) & 0xffff : lengthField.getInt(0) & 0xffffffffL;
    if (length > MAX_LENGTH) {
      throw new MalformedFileException(
          source.name(), PREFIX, "a header of %d bytes; at most %d".formatted(length, MAX_LENGTH));
    }
    int start = PREFIX + lengthBytes;
    byte[] text = read(source, start, (int) length).array();
    String header =
        major == 3
            ? Utf8.decode(text, source.name())
            : new String(text, StandardCharsets.ISO_8859_1);
    return tensor(
        new NpyHeaderParser(header, source.name(), start).parse(), source, start + length);
  }

  private static StoredTensor tensor(NpyHeaderParser.Fields fields, ByteSource source, long data)
      throws MalformedFileException {
    String descr = fields.descr();
    ElementType type = descr.length() == 3 ? TYPES.get(descr.substring(1)) : null;
    char order = descr.isEmpty() ? ' ' : descr.charAt(0);
    if (type == null || order != '<' && order != '>' && (order != '|' || type.bytes() > 1)) {
      throw new MalformedFileException(
          source.name(),
          PREFIX,
          "elements of type '%s'; read are %s after '<' or '>', and |i1, |u1, |b1%s"
              .formatted(
                  descr,
                  TYPES.keySet().stream().sorted().collect(Collectors.joining(", ")),
                  descr.contains("O") ? "; objects are pickles and are never loaded" : ""));
    }
    ByteOrder bytes = order == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    long[] shape = fields.shape();
    StoredTensor tensor;
    try {
      tensor =
          fields.fortranOrder()
              ? StoredTensor.columnMajor(type, bytes, data, shape)
              : StoredTensor.rowMajor(type, bytes, data, shape);
    } catch (IllegalArgumentException e) {
      throw new MalformedFileException(source.name(), PREFIX, e.getMessage());
    }
    if (tensor.end() != source.size()) {
      throw new MalformedFileException(
          source.name(),
          Math.min(tensor.end(), source.size()),
          "%s %s ends at byte %d, the data at %d"
              .formatted(type, Arrays.toString(shape), tensor.end(), source.size()));
    }
    return tensor;
  }

  /** The header of a row-major little-endian array, padded so that the elements are aligned. */
  static byte[] write(ElementType type, List<Long> shape) {
    String code =
        TYPES.entrySet().stream()
            .filter(entry -> entry.getValue() == type)
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException(".npy files cannot hold elements of " + type));
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("descr", "'" + (type.bytes() == 1 ? "|" : "<") + code + "'");
    fields.put("fortran_order", "False");
    String sizes = shape.stream().map(String::valueOf).collect(Collectors.joining(", "));
    fields.put("shape", "(" + sizes + (shape.size() == 1 ? ",)" : ")"));
    String text =
        fields.entrySet().stream()
            .map(entry -> "'" + entry.getKey() + "': " + entry.getValue() + ", ")
            .collect(Collectors.joining("", "{", "}"));
    int start = PREFIX + Short.BYTES;
    int end = (start + text.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer header = ByteBuffer.allocate(end).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (end - start));
    header.put(
        (text + " ".repeat(end - start - text.length() - 1) + "\n")
            .getBytes(StandardCharsets.US_ASCII));
    return header.array();
  }

  private static ByteBuffer read(ByteSource source, long at, int bytes) throws IOException {
    if (at + bytes > source.size()) {
      throw new MalformedFileException(source.name(), source.size(), "the header is cut off");
    }
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    source.read(at, buffer);
    return buffer;
  }
}
