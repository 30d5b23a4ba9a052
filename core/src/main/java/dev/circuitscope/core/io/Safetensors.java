package dev.circuitscope.core.io;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.core.io.SafetensorsHeader.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The safetensors format: a JSON header that names every tensor, then their elements in row-major
 * order.
 *
 * <p>Reading checks everything before it allocates: header length and JSON, types, shapes against
 * byte counts, and that the tensors tile the file without overlap or hole. Half-precision types are
 * widened to {@code FLOAT}, unsigned ones to a wider signed type. Data move between the file and
 * the arrays' own memory in chunks, so that files may be larger than 2 GB and are never held twice.
 *
 * <p>Writing is atomic and accepts any array: views, strided and column-major ones are written by
 * their logical order.
 *
 * <pre>{@code
 * Safetensors.write(Path.of("model.safetensors"), NamedTensors.of(Map.of("W_E", embedding)));
 * INDArray back = Safetensors.read(Path.of("model.safetensors")).get("W_E");
 * }</pre>
 *
 * @see <a href="https://github.com/huggingface/safetensors">the format's definition</a>
 */
public final class Safetensors {
  private static final int ALIGNMENT = 8;

  private Safetensors() {}

  /**
   * Reads a file.
   *
   * @param file safetensors file
   * @return its tensors, row-major, and its metadata
   * @throws MalformedFileException if the file breaks the format or is truncated
   * @throws IOException if the file is missing or cannot be read
   */
  public static NamedTensors read(Path file) throws IOException {
    return read(file, name -> true);
  }

  /**
   * Reads some tensors of a file; the others cost nothing.
   *
   * @param file safetensors file
   * @param wanted which names to read
   * @return the wanted tensors, row-major, and the metadata
   * @throws MalformedFileException if the file breaks the format or is truncated
   * @throws IOException if the file is missing or cannot be read
   */
  public static NamedTensors read(Path file, Predicate<String> wanted) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return read(ByteSource.of(channel, file.toString()), wanted);
    }
  }

  /**
   * Reads a stream to its end, for example a class-path resource of at most 2 GB.
   *
   * @param in stream; not closed
   * @param name name for error messages
   * @return its tensors, row-major, and its metadata
   * @throws MalformedFileException if the content breaks the format or is truncated
   * @throws IOException if the stream cannot be read
   */
  public static NamedTensors read(InputStream in, String name) throws IOException {
    return read(in.readAllBytes(), name);
  }

  /**
   * Reads bytes in memory.
   *
   * @param content a whole safetensors file
   * @param name name for error messages
   * @return its tensors, row-major, and its metadata
   * @throws MalformedFileException if the content breaks the format or is truncated
   * @throws IOException never otherwise
   */
  public static NamedTensors read(byte[] content, String name) throws IOException {
    return read(ByteSource.of(content, name), any -> true);
  }

  /**
   * Reads and checks a file's header only.
   *
   * @param file safetensors file
   * @return names, types, shapes and metadata
   * @throws MalformedFileException if the file breaks the format or is truncated
   * @throws IOException if the file is missing or cannot be read
   */
  public static SafetensorsHeader readHeader(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return SafetensorsHeaderReader.read(ByteSource.of(channel, file.toString()));
    }
  }

  /**
   * Writes tensors and metadata to a file, atomically. Element types are kept.
   *
   * @param file target, replaced if it exists
   * @param tensors arrays of any layout
   * @throws IllegalArgumentException if an array has a type that the format lacks
   * @throws IOException if writing fails; the target is then untouched
   */
  public static void write(Path file, NamedTensors tensors) throws IOException {
    Map<String, TensorSource> sources = new LinkedHashMap<>();
    tensors.asMap().forEach((name, array) -> sources.put(name, TensorSource.of(array)));
    write(file, sources, tensors.metadata());
  }

  /**
   * Writes tensors that are made one at a time, atomically.
   *
   * @param file target, replaced if it exists
   * @param tensors names and sources, written in the order of iteration
   * @param metadata names and texts
   * @throws IllegalArgumentException if a type is not in the format, or a source delivers another
   *     type or shape than it announced
   * @throws IOException if writing fails; the target is then untouched
   */
  public static void write(
      Path file, Map<String, TensorSource> tensors, Map<String, String> metadata)
      throws IOException {
    byte[] header = header(tensors, metadata);
    AtomicFiles.writeChannel(
        file,
        out -> {
          ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          AtomicFiles.writeFully(out, length.putLong(header.length).flip());
          AtomicFiles.writeFully(out, ByteBuffer.wrap(header));
          for (Map.Entry<String, TensorSource> entry : tensors.entrySet()) {
            TensorBytes.write(make(entry.getKey(), entry.getValue()), out);
          }
        });
  }

  private static NamedTensors read(ByteSource source, Predicate<String> wanted) throws IOException {
    SafetensorsHeader header = SafetensorsHeaderReader.read(source);
    Map<String, INDArray> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, Entry> named : header.tensors().entrySet()) {
      if (wanted.test(named.getKey())) {
        Entry entry = named.getValue();
        tensors.put(
            named.getKey(),
            TensorBytes.read(
                source,
                StoredTensor.rowMajor(
                    ElementType.named(entry.dtype()),
                    ByteOrder.LITTLE_ENDIAN,
                    header.dataStart() + entry.begin(),
                    entry.shape().stream().mapToLong(Long::longValue).toArray())));
      }
    }
    return NamedTensors.of(tensors, header.metadata());
  }

  private static byte[] header(Map<String, TensorSource> tensors, Map<String, String> metadata) {
    JsonObject root = new JsonObject();
    if (!metadata.isEmpty()) {
      JsonObject texts = new JsonObject();
      metadata.forEach(texts::addProperty);
      root.add("__metadata__", texts);
    }
    long at = 0;
    for (Map.Entry<String, TensorSource> entry : tensors.entrySet()) {
      TensorSource source = entry.getValue();
      ElementType type = ElementType.toStore(source.type());
      if (type == null || entry.getKey().equals("__metadata__")) {
        throw new IllegalArgumentException(
            "safetensors cannot store tensor '%s' of type %s"
                .formatted(entry.getKey(), source.type()));
      }
      JsonArray shape = new JsonArray();
      source.shape().forEach(shape::add);
      long end = Math.addExact(at, bytes(source, type));
      JsonArray offsets = new JsonArray();
      offsets.add(at);
      offsets.add(end);
      JsonObject fields = new JsonObject();
      fields.addProperty("dtype", type.name());
      fields.add("shape", shape);
      fields.add("data_offsets", offsets);
      root.add(entry.getKey(), fields);
      at = end;
    }
    byte[] json = Json.toCompactString(root).getBytes(StandardCharsets.UTF_8);
    int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] header = Arrays.copyOf(json, padded);
    Arrays.fill(header, json.length, padded, (byte) ' ');
    return header;
  }

  private static long bytes(TensorSource source, ElementType type) {
    return source.shape().stream().reduce((long) type.bytes(), Math::multiplyExact);
  }

  private static INDArray make(String name, TensorSource source) {
    INDArray array = source.value().get();
    TensorSource made = TensorSource.of(array);
    boolean isNull = array.isEmpty() && array.rank() == 0; // Nd4j.empty(): rank 0, no element
    if (isNull || made.type() != source.type() || !made.shape().equals(source.shape())) {
      throw new IllegalArgumentException(
          "safetensors: tensor '%s' was announced as %s %s and came as %s %s%s"
              .formatted(
                  name,
                  source.type(),
                  source.shape(),
                  array.dataType(),
                  made.shape(),
                  isNull ? " without an element" : ""));
    }
    return array;
  }
}
