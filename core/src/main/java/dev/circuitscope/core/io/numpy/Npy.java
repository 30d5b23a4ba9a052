package dev.circuitscope.core.io.numpy;

import dev.circuitscope.core.io.AtomicFiles;
import dev.circuitscope.core.io.ByteSource;
import dev.circuitscope.core.io.ElementType;
import dev.circuitscope.core.io.TensorBytes;
import dev.circuitscope.core.io.TensorSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * NumPy's {@code .npy} format, versions 1.0 to 3.0: one array of floats, integers or booleans, of
 * either byte order, in C or Fortran order.
 *
 * <p>Types are read as {@link ElementType} says. Writing is atomic, little-endian and in C order
 * whatever the array's layout.
 *
 * <pre>{@code
 * INDArray tokens = Npy.read(Path.of("tokens.npy"));
 * Npy.write(Path.of("pattern.npy"), cache.get(HookPoint.pattern(0)));   // np.load("pattern.npy")
 * }</pre>
 */
public final class Npy {
  private Npy() {}

  /**
   * Reads a file.
   *
   * @param file a .npy file
   * @return its array, row-major
   * @throws dev.circuitscope.core.io.MalformedFileException if the file breaks the format, is
   *     truncated, goes on behind the array, or holds elements of another kind
   * @throws IOException if the file is missing or cannot be read
   */
  public static INDArray read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return read(ByteSource.of(channel, file.toString()));
    }
  }

  /**
   * Reads a stream to its end, for example a class-path resource of at most 2 GB.
   *
   * @param in stream; not closed
   * @param name name for error messages
   * @return its array, row-major
   * @throws dev.circuitscope.core.io.MalformedFileException as for a file
   * @throws IOException if the stream cannot be read
   */
  public static INDArray read(InputStream in, String name) throws IOException {
    return read(in.readAllBytes(), name);
  }

  /**
   * Reads bytes in memory.
   *
   * @param content a whole .npy file
   * @param name name for error messages
   * @return its array, row-major
   * @throws dev.circuitscope.core.io.MalformedFileException as for a file
   * @throws IOException never otherwise
   */
  public static INDArray read(byte[] content, String name) throws IOException {
    return read(ByteSource.of(content, name));
  }

  static INDArray read(ByteSource source) throws IOException {
    return TensorBytes.read(source, NpyHeader.read(source));
  }

  /**
   * Writes an array, atomically.
   *
   * @param file target, replaced if it exists
   * @param array any layout; not modified
   * @throws IllegalArgumentException if NumPy has no such type: bfloat16 or texts
   * @throws IOException if writing fails; the target is then untouched
   */
  public static void write(Path file, INDArray array) throws IOException {
    byte[] header = header(array);
    AtomicFiles.writeChannel(file, out -> write(header, array, out));
  }

  static byte[] header(INDArray array) {
    ElementType type = ElementType.toStore(array.dataType());
    if (type == null || array.isEmpty() && array.rank() == 0) {
      throw new IllegalArgumentException(
          ".npy files cannot hold an array of type %s and rank %d%s"
              .formatted(
                  array.dataType(), array.rank(), array.isEmpty() ? " without an element" : ""));
    }
    return NpyHeader.write(type, TensorSource.of(array).shape());
  }

  static void write(byte[] header, INDArray array, WritableByteChannel out) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(header);
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
    TensorBytes.write(array, out);
  }
}
