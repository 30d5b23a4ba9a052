package dev.circuitscope.core.io.llama2c;

import dev.circuitscope.core.io.ByteSource;
import dev.circuitscope.core.io.ElementType;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.io.StoredTensor;
import dev.circuitscope.core.io.TensorBytes;
import dev.circuitscope.core.io.llama2c.Llama2cFormat.Part;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Reads the checkpoints of llama2.c that hold float32 weights, such as its story-telling models.
 * The size of the file must be what its header says, to the byte. {@link Llama2cWriter} writes
 * them.
 *
 * <p>The weights are Meta's: rotary embeddings turn neighbouring pairs (0, 1), (2, 3) of a head's
 * dimensions. If the embedding is the output matrix, too, {@code output.weight} is the same array.
 *
 * <pre>{@code
 * Llama2cModel stories = Llama2cCheckpoint.read(Path.of("stories15M.bin"));
 * int layers = stories.header().nLayers();                                     // 6
 * INDArray wq = stories.tensors().get("layers.0.attention.wq.weight");         // [288, 288]
 * }</pre>
 */
public final class Llama2cCheckpoint {
  static final int MAGIC = 0x616b3432;

  private Llama2cCheckpoint() {}

  /**
   * Reads a file of version 0 or 1.
   *
   * @param file a checkpoint
   * @return its header and weights, row-major
   * @throws MalformedFileException if it is truncated, has another size than its header says, or is
   *     of a version that holds quantised weights
   * @throws IOException if the file is missing or cannot be read
   */
  public static Llama2cModel read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return read(ByteSource.of(channel, file.toString()));
    }
  }

  /**
   * Reads bytes in memory.
   *
   * @param content a whole checkpoint
   * @param name name for error messages
   * @return its header and weights, row-major
   * @throws MalformedFileException as for a file
   * @throws IOException never otherwise
   */
  public static Llama2cModel read(byte[] content, String name) throws IOException {
    return read(ByteSource.of(content, name));
  }

  private static Llama2cModel read(ByteSource source) throws IOException {
    Llama2cFormat format =
        source.size() >= 8 && bytes(source, 4).getInt(0) == MAGIC
            ? Llama2cFormat.VERSION_1
            : Llama2cFormat.LEGACY;
    if (source.size() < format.headerBytes()) {
      throw malformed(source, source.size(), "the header is cut off");
    }
    ByteBuffer bytes = bytes(source, format.headerBytes());
    Llama2cHeader header;
    List<Part> parts;
    try {
      header = format == Llama2cFormat.LEGACY ? legacy(bytes) : version1(bytes, source);
      parts = format.parts(header);
      requireSize(source, format, parts);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw malformed(source, 0, "no checkpoint of llama2.c: " + e.getMessage());
    }
    return new Llama2cModel(header, NamedTensors.of(readParts(source, format, parts)));
  }

  private static Llama2cHeader legacy(ByteBuffer in) {
    int vocab = in.getInt(20);
    if (vocab == Integer.MIN_VALUE) {
      throw new IllegalArgumentException("vocab_size " + vocab);
    }
    return header(in, 0, Math.abs(vocab), vocab > 0);
  }

  private static Llama2cHeader version1(ByteBuffer in, ByteSource source) throws IOException {
    int version = in.getInt(4);
    if (version != 1) {
      throw malformed(
          source,
          4,
          "version %d; only 0 and 1, of float32, are read; export it anew".formatted(version));
    }
    byte shared = in.get(36);
    if (shared != 0 && shared != 1) {
      throw malformed(source, 36, "the flag of a shared classifier is " + shared);
    }
    return header(in, 8, in.getInt(28), shared == 1);
  }

  private static Llama2cHeader header(ByteBuffer in, int at, int vocab, boolean shared) {
    return new Llama2cHeader(
        in.getInt(at),
        in.getInt(at + 4),
        in.getInt(at + 8),
        in.getInt(at + 12),
        in.getInt(at + 16),
        vocab,
        in.getInt(at + 24),
        shared);
  }

  private static void requireSize(ByteSource source, Llama2cFormat format, List<Part> parts)
      throws MalformedFileException {
    long floats = 0;
    for (Part part : parts) {
      floats = Math.addExact(floats, part.length());
    }
    long expected = Math.addExact(format.headerBytes(), Math.multiplyExact(floats, Float.BYTES));
    if (expected != source.size()) {
      throw malformed(
          source,
          Math.min(expected, source.size()),
          "its header asks for %d bytes, there are %d".formatted(expected, source.size()));
    }
  }

  private static Map<String, INDArray> readParts(
      ByteSource source, Llama2cFormat format, List<Part> parts) throws IOException {
    Map<String, INDArray> arrays = new LinkedHashMap<>();
    long at = format.headerBytes();
    for (Part part : parts) {
      if (part.name() != null) {
        StoredTensor place =
            StoredTensor.rowMajor(ElementType.F32, ByteOrder.LITTLE_ENDIAN, at, part.shape());
        arrays.put(part.name(), TensorBytes.read(source, place));
      }
      at += part.length() * Float.BYTES;
    }
    arrays.putIfAbsent(Llama2cFormat.OUTPUT, arrays.get(Llama2cFormat.EMBEDDING));
    return arrays;
  }

  private static ByteBuffer bytes(ByteSource source, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    source.read(0, buffer);
    return buffer;
  }

  private static MalformedFileException malformed(ByteSource source, long at, String problem) {
    return new MalformedFileException(source.name(), at, problem);
  }
}
