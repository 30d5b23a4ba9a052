package dev.circuitscope.core.io;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import dev.circuitscope.core.io.SafetensorsHeader.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads and checks the header: 8 bytes of its length, little-endian, then JSON. After it every
 * tensor has a known type, a shape that matches its bytes, and the tensors tile the rest of the
 * file exactly, so that reading the data needs no checks of its own.
 */
final class SafetensorsHeaderReader {
  private static final int LENGTH_BYTES = 8;
  private static final long MAX_HEADER = 100_000_000;
  private static final int MAX_RANK = 32; // of ND4J

  private final ByteSource source;
  private final long dataStart;

  private SafetensorsHeaderReader(ByteSource source, long headerLength) {
    this.source = source;
    this.dataStart = LENGTH_BYTES + headerLength;
  }

  static SafetensorsHeader read(ByteSource source) throws IOException {
    return new SafetensorsHeaderReader(source, headerLength(source)).read();
  }

  private static long headerLength(ByteSource source) throws IOException {
    if (source.size() < LENGTH_BYTES) {
      throw new MalformedFileException(
          source.name(),
          0,
          "no safetensors file: %d bytes, its header length alone takes 8"
              .formatted(source.size()));
    }
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    source.read(0, bytes);
    long length = bytes.getLong(0);
    long available = source.size() - LENGTH_BYTES;
    if (length < 0 || length > Math.min(MAX_HEADER, available)) {
      throw new MalformedFileException(
          source.name(),
          0,
          "header length %s, but %d bytes follow and headers are at most %d bytes; truncated, or no safetensors file"
              .formatted(Long.toUnsignedString(length), available, MAX_HEADER));
    }
    return length;
  }

  private SafetensorsHeader read() throws IOException {
    ByteBuffer json = ByteBuffer.allocate((int) (dataStart - LENGTH_BYTES));
    source.read(LENGTH_BYTES, json);
    json.flip();
    if (!json.hasRemaining() || json.get(0) != '{') {
      throw malformed(LENGTH_BYTES, "the header must start with '{'");
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, Entry> tensors = new LinkedHashMap<>();
    try {
      readFields(Json.parseObject(decode(json), source.name()), metadata, tensors);
    } catch (MalformedFileException e) {
      if (e.offset() >= 0) {
        throw e;
      }
      throw malformed(LENGTH_BYTES, "header: " + e.problem());
    }
    requireTiling(tensors);
    return new SafetensorsHeader(tensors, metadata, dataStart);
  }

  private String decode(ByteBuffer json) throws MalformedFileException {
    return Utf8.decode(json, source.name(), LENGTH_BYTES);
  }

  private void readFields(
      JsonFields fields, Map<String, String> metadata, Map<String, Entry> tensors)
      throws MalformedFileException {
    for (String name : fields.names()) {
      if (name.equals("__metadata__")) {
        readMetadata(fields.get(name), metadata);
      } else {
        tensors.put(name, entry(name, fields.get(name)));
      }
    }
  }

  private void readMetadata(JsonElement element, Map<String, String> into)
      throws MalformedFileException {
    if (!element.isJsonObject()) {
      throw malformed(LENGTH_BYTES, "__metadata__ must be an object of texts");
    }
    for (Map.Entry<String, JsonElement> entry : element.getAsJsonObject().entrySet()) {
      if (!(entry.getValue() instanceof JsonPrimitive text && text.isString())) {
        throw malformed(
            LENGTH_BYTES, "metadata '" + entry.getKey() + "' must be a text, as the format has it");
      }
      into.put(entry.getKey(), text.getAsString());
    }
  }

  private Entry entry(String name, JsonElement element) throws MalformedFileException {
    if (!element.isJsonObject()) {
      throw malformed(LENGTH_BYTES, "tensor '" + name + "' must be an object");
    }
    JsonFields fields =
        new JsonFields(element.getAsJsonObject(), source.name(), "tensor '" + name + "'");
    String dtype = fields.string("dtype");
    long[] shape = fields.longIntegers("shape");
    long[] offsets = fields.longIntegers("data_offsets");
    fields.expectNoOthers();
    ElementType type = ElementType.named(dtype);
    if (shape.length > MAX_RANK) {
      throw malformed(
          LENGTH_BYTES,
          "tensor '%s' has %d axes; arrays have at most %d"
              .formatted(name, shape.length, MAX_RANK));
    }
    if (type == null) {
      throw malformed(
          LENGTH_BYTES,
          "tensor '%s' has type %s; supported are %s"
              .formatted(name, dtype, Arrays.toString(ElementType.values())));
    }
    if (offsets.length != 2 || offsets[0] < 0 || offsets[0] > offsets[1]) {
      throw malformed(
          LENGTH_BYTES,
          "tensor '%s' has data_offsets %s; expected [begin, end]"
              .formatted(name, Arrays.toString(offsets)));
    }
    if (offsets[1] > source.size() - dataStart) {
      throw malformed(
          source.size(),
          "tensor '%s' takes bytes %d to %d behind the header, but only %d are there; truncated?"
              .formatted(name, offsets[0], offsets[1], source.size() - dataStart));
    }
    long expected = bytes(name, shape, type);
    if (expected != offsets[1] - offsets[0]) {
      throw malformed(
          dataStart + offsets[0],
          "tensor '%s' of type %s and shape %s needs %d bytes, its data_offsets hold %d"
              .formatted(name, dtype, Arrays.toString(shape), expected, offsets[1] - offsets[0]));
    }
    return new Entry(dtype, Arrays.stream(shape).boxed().toList(), offsets[0], offsets[1]);
  }

  private long bytes(String name, long[] shape, ElementType type) throws MalformedFileException {
    try {
      long bytes = type.bytes();
      for (long size : shape) {
        if (size < 0) {
          throw new ArithmeticException();
        }
        bytes = Math.multiplyExact(bytes, size);
      }
      return bytes;
    } catch (ArithmeticException e) {
      throw malformed(
          LENGTH_BYTES,
          "tensor '%s' has shape %s, which is negative or too large to count"
              .formatted(name, Arrays.toString(shape)));
    }
  }

  /** The format allows neither overlaps nor holes, so that a file hides nothing. */
  private void requireTiling(Map<String, Entry> tensors) throws MalformedFileException {
    List<Map.Entry<String, Entry>> sorted = new ArrayList<>(tensors.entrySet());
    sorted.sort(
        Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue().begin())
            .thenComparingLong(e -> e.getValue().end()));
    long at = 0;
    for (Map.Entry<String, Entry> entry : sorted) {
      long begin = entry.getValue().begin();
      if (begin != at) {
        throw malformed(
            dataStart + Math.min(at, begin),
            "tensor '%s' begins at %d behind the header, %s the one before it, which ends at %d"
                .formatted(
                    entry.getKey(),
                    begin,
                    begin < at ? "overlapping" : "leaving a hole after",
                    at));
      }
      at = entry.getValue().end();
    }
    if (dataStart + at != source.size()) {
      throw malformed(
          dataStart + at,
          "%d bytes follow the last tensor".formatted(source.size() - dataStart - at));
    }
  }

  private MalformedFileException malformed(long offset, String problem) {
    return new MalformedFileException(source.name(), offset, problem);
  }
}
