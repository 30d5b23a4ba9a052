package dev.circuitscope.core.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Files and directories that are either whole or not there.
 *
 * <p>Content goes to a hidden sibling ({@code .NAME.RANDOM.tmp}), is forced to the disk, and takes
 * its name in one atomic move. If anything throws on the way, an {@link Error} or an interruption
 * included, the sibling is removed and the target is what it was before. A process that is killed
 * can leave such a sibling, never a partial target.
 *
 * <pre>{@code
 * AtomicFiles.write(Path.of("report.json"), json);
 * AtomicFiles.createDirectory(Path.of("checkpoint-001000"), dir -> {
 *   Safetensors.write(dir.resolve("model.safetensors"), weights);
 *   Json.write(dir.resolve("config.json"), config);
 * });
 * }</pre>
 */
public final class AtomicFiles {
  private static final int BUFFER = 1 << 16;

  private AtomicFiles() {}

  /** Writes the content of a file to a stream. */
  @FunctionalInterface
  public interface StreamWriter {
    /**
     * Writes everything; the caller closes the stream.
     *
     * @param out buffered stream into the temporary file
     * @throws IOException if writing fails
     */
    void write(OutputStream out) throws IOException;
  }

  /** Writes the content of a file to a channel. */
  @FunctionalInterface
  public interface ChannelWriter {
    /**
     * Writes everything; the caller forces and closes the channel.
     *
     * @param out channel of the temporary file, at position 0
     * @throws IOException if writing fails
     */
    void write(FileChannel out) throws IOException;
  }

  /** Fills a directory. */
  @FunctionalInterface
  public interface DirectoryWriter {
    /**
     * Writes every file of the directory.
     *
     * @param directory empty temporary directory
     * @throws IOException if writing fails
     */
    void write(Path directory) throws IOException;
  }

  /**
   * Writes a file of bytes.
   *
   * @param target file, replaced if it exists; its directory must exist
   * @param content bytes
   * @throws IOException if writing fails; the target is then untouched
   */
  public static void write(Path target, byte[] content) throws IOException {
    writeChannel(target, out -> writeFully(out, ByteBuffer.wrap(content)));
  }

  /**
   * Writes a text file in UTF-8.
   *
   * @param target file, replaced if it exists; its directory must exist
   * @param content text
   * @throws IOException if writing fails; the target is then untouched
   */
  public static void write(Path target, String content) throws IOException {
    write(target, content.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes a file through a buffered stream.
   *
   * @param target file, replaced if it exists; its directory must exist
   * @param writer writes the content
   * @throws IOException if writing fails; the target is then untouched
   */
  public static void writeStream(Path target, StreamWriter writer) throws IOException {
    writeChannel(
        target,
        channel -> {
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
          writer.write(out);
          out.flush(); // not closed: the channel is still to be forced
        });
  }

  /**
   * Writes a file through a channel.
   *
   * @param target file, replaced if it exists; its directory must exist
   * @param writer writes the content
   * @throws IOException if writing fails; the target is then untouched
   */
  public static void writeChannel(Path target, ChannelWriter writer) throws IOException {
    Path temporary = sibling(target, "tmp");
    try {
      try (FileChannel out =
          FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
        writer.write(out);
        out.force(true);
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      forceDirectory(target.toAbsolutePath().getParent());
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Creates a directory that appears with all its files or not at all.
   *
   * @param target directory that does not exist yet; its parent must exist
   * @param writer fills it
   * @throws FileAlreadyExistsException if the target exists
   * @throws IOException if writing fails; nothing is left behind
   */
  public static void createDirectory(Path target, DirectoryWriter writer) throws IOException {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(
          target.toString(), null, "cannot create the directory: remove it or use another name");
    }
    install(target, writer, null);
  }

  /**
   * Writes a directory, replacing one of that name. No file system moves a directory over a full
   * one, so the old one is set aside as {@code .NAME.RANDOM.old} for the instant between two moves
   * and removed afterwards; a process killed in that instant leaves it there, whole.
   *
   * @param target directory; its parent must exist
   * @param writer fills the new one
   * @throws IOException if writing fails; the old directory is then untouched
   */
  public static void replaceDirectory(Path target, DirectoryWriter writer) throws IOException {
    boolean replaces = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
    install(target, writer, replaces ? sibling(target, "old") : null);
  }

  private static void install(Path target, DirectoryWriter writer, Path aside) throws IOException {
    Path temporary = sibling(target, "tmp");
    try {
      Files.createDirectory(temporary);
      writer.write(temporary);
      forceTree(temporary);
      if (aside != null) {
        Files.move(target, aside, StandardCopyOption.ATOMIC_MOVE);
      }
      try {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        if (aside != null) {
          Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        }
        throw e;
      }
      forceDirectory(target.toAbsolutePath().getParent());
      if (aside != null) {
        deleteTree(aside);
      }
    } finally {
      deleteTree(temporary);
    }
  }

  static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private static Path sibling(Path target, String ending) throws IOException {
    Path parent = target.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException("cannot write " + target + ": it is the root directory");
    }
    if (!Files.isDirectory(parent)) {
      throw new NoSuchFileException(
          target.toString(), null, "its directory does not exist; create " + parent + " first");
    }
    return parent.resolve("." + target.getFileName() + "." + UUID.randomUUID() + "." + ending);
  }

  private static void forceTree(Path directory) throws IOException {
    for (Path path : tree(directory)) {
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        forceDirectory(path);
      } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
          file.force(true);
        }
      }
    }
  }

  /** Makes a move durable where the platform lets a directory be opened; Windows does not. */
  private static void forceDirectory(Path directory) {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException unsupported) {
      // The move itself has happened and is atomic; only its durability is left to the system.
    }
  }

  private static void deleteTree(Path root) throws IOException {
    if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      for (Path path : tree(root)) {
        Files.delete(path);
      }
    }
  }

  /** Children before their parents. */
  private static List<Path> tree(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.sorted(Comparator.reverseOrder()).toList();
    }
  }
}
