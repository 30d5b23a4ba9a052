package dev.circuitscope.core.io.numpy;

import dev.circuitscope.core.io.AtomicFiles;
import dev.circuitscope.core.io.ByteSource;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.io.zip.ZipArchive;
import dev.circuitscope.core.io.zip.ZipLimits;
import dev.circuitscope.core.io.zip.ZipMember;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * NumPy's {@code .npz} format: a zip archive of {@code .npy} files, stored or compressed.
 *
 * <p>Reading compares every member with its CRC. Compressed members are inflated straight into the
 * arrays' memory; one that claims to inflate to more than 64 times its bytes is inflated twice, the
 * first time only to be counted.
 *
 * <pre>{@code
 * NamedTensors arrays = Npz.read(Path.of("activations.npz"));
 * Npz.write(Path.of("figures.npz"), NamedTensors.of(Map.of("loss", loss)), Npz.Storage.DEFLATED);
 * }</pre>
 */
public final class Npz {
  private static final String SUFFIX = ".npy";

  /** A fixed date, so that the same arrays make the same bytes. */
  private static final LocalDateTime DATE = LocalDateTime.of(1980, 1, 1, 0, 0);

  /** How the members of an archive are kept. */
  public enum Storage {
    /** As they are, like {@code np.savez}: fast, and the size of the arrays. */
    STORED,
    /** Compressed, like {@code np.savez_compressed}: slow, and small for regular data. */
    DEFLATED
  }

  private Npz() {}

  /**
   * Reads a file.
   *
   * @param file a .npz file
   * @return its arrays, row-major, under their names without {@code .npy}
   * @throws MalformedFileException if the archive or an array breaks its format, is damaged,
   *     exceeds {@link ZipLimits#defaults()}, or holds something other than arrays
   * @throws IOException if the file is missing or cannot be read
   */
  public static NamedTensors read(Path file) throws IOException {
    return read(file, ZipLimits.defaults());
  }

  /**
   * Reads a file within limits.
   *
   * @param file a .npz file
   * @param limits what the archive may demand
   * @return its arrays, row-major, under their names without {@code .npy}
   * @throws MalformedFileException if the archive or an array breaks its format, is damaged,
   *     exceeds the limits, or holds something other than arrays
   * @throws IOException if the file is missing or cannot be read
   */
  public static NamedTensors read(Path file, ZipLimits limits) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return read(ByteSource.of(channel, file.toString()), limits);
    }
  }

  /**
   * Reads bytes in memory.
   *
   * @param content a whole .npz file
   * @param name name for error messages
   * @param limits what the archive may demand
   * @return its arrays, row-major, under their names without {@code .npy}
   * @throws MalformedFileException as for a file
   * @throws IOException never otherwise
   */
  public static NamedTensors read(byte[] content, String name, ZipLimits limits)
      throws IOException {
    return read(ByteSource.of(content, name), limits);
  }

  private static NamedTensors read(ByteSource source, ZipLimits limits) throws IOException {
    ZipArchive archive = ZipArchive.open(source, limits);
    Map<String, INDArray> arrays = new LinkedHashMap<>();
    for (ZipMember member : archive.members()) {
      if (!member.name().endsWith(SUFFIX)) {
        throw new MalformedFileException(
            source.name(),
            member.dataOffset(),
            "member '" + member.name() + "' is no .npy file; .npz archives hold nothing else");
      }
      String name = member.name().substring(0, member.name().length() - SUFFIX.length());
      arrays.put(name, Npy.read(archive.content(member)));
    }
    return NamedTensors.of(arrays);
  }

  /**
   * Writes arrays, atomically. The same arrays make the same bytes. Metadata, for which the format
   * has no place, is left out.
   *
   * @param file target, replaced if it exists
   * @param arrays arrays of any layout
   * @param storage stored or compressed
   * @throws IllegalArgumentException if NumPy has no such type: bfloat16 or texts
   * @throws IOException if writing fails; the target is then untouched
   */
  public static void write(Path file, NamedTensors arrays, Storage storage) throws IOException {
    AtomicFiles.writeStream(
        file,
        out -> {
          ZipOutputStream zip = new ZipOutputStream(out);
          for (Map.Entry<String, INDArray> entry : arrays.asMap().entrySet()) {
            write(zip, entry.getKey(), entry.getValue(), storage);
          }
          zip.finish();
        });
  }

  private static void write(ZipOutputStream zip, String name, INDArray array, Storage storage)
      throws IOException {
    byte[] header = Npy.header(array);
    ZipEntry entry = new ZipEntry(name + SUFFIX);
    entry.setTimeLocal(DATE);
    if (storage == Storage.STORED) {
      CRC32 crc = new CRC32();
      WritableByteChannel dry =
          Channels.newChannel(new CheckedOutputStream(OutputStream.nullOutputStream(), crc));
      Npy.write(header, array, dry);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(header.length + array.length() * array.dataType().width());
      entry.setCrc(crc.getValue());
    }
    zip.putNextEntry(entry);
    Npy.write(header, array, Channels.newChannel(zip));
    zip.closeEntry();
  }
}
