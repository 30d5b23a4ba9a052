package dev.circuitscope.core.sweep;

import dev.circuitscope.core.io.AtomicFiles;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.Uninterrupted;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A header and a line for each finished cell. While a sweep runs, lines are added in the order in
 * which cells finish; at the end they are put into the grid's order. So a sweep that was killed at
 * any time and resumed ends with the same bytes as one that was not.
 */
final class SweepFile implements AutoCloseable {

  /** How long a machine that goes down may have worked for nothing; a mere kill loses no line. */
  private static final long NANOS_BETWEEN_SYNCS = 1_000_000_000L;

  private final Path path;
  private final SweepHeader header;
  private final SortedMap<Integer, FinishedCell> finished = new TreeMap<>();

  /** Not a channel: those close when their thread is interrupted. */
  private final RandomAccessFile file;

  private long synced = System.nanoTime();

  /** Whether the lines are already as they will be in the end. */
  private boolean inOrder = true;

  private SweepFile(Path path, SweepHeader header, RandomAccessFile file) {
    this.path = path;
    this.header = header;
    this.file = file;
  }

  /**
   * Opens a file, which may not exist yet, and reads what is finished. A last line that a kill cut
   * off is dropped.
   *
   * @throws MalformedFileException if it is no sweep's file, or a line in it is not whole
   * @throws IllegalArgumentException if it is another sweep's
   * @throws IllegalStateException if a sweep under way has it open
   */
  static SweepFile open(Path path, SweepHeader header) throws IOException {
    SweepFile[] opened = new SweepFile[1];
    Uninterrupted.run(() -> opened[0] = openOnce(path, header));
    return opened[0];
  }

  private static SweepFile openOnce(Path path, SweepHeader header) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new NoSuchFileException(
          path.toString(), null, "its directory does not exist; create it first");
    }
    RandomAccessFile file;
    try {
      file = new RandomAccessFile(path.toFile(), "rw");
    } catch (FileNotFoundException e) {
      throw new IOException("cannot write the sweep's file " + path + ": " + e.getMessage(), e);
    }
    try {
      lock(file, path);
      SweepFile sweep = new SweepFile(path, header, file);
      sweep.read();
      return sweep;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Lasts until the file is closed or the process ends, however it ends. */
  private static void lock(RandomAccessFile file, Path path) throws IOException {
    FileLock lock;
    try {
      lock = file.getChannel().tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new IllegalStateException(
          "another sweep is writing %s; wait for it, or give this one another file"
              .formatted(path));
    }
  }

  private void read() throws IOException {
    byte[] bytes = new byte[Math.toIntExact(file.length())];
    file.readFully(bytes);
    int whole = bytes.length;
    while (whole > 0 && bytes[whole - 1] != '\n') {
      whole--;
    }
    List<String> lines = new String(bytes, 0, whole, StandardCharsets.UTF_8).lines().toList();
    if (whole == 0) {
      requireBegun(new String(bytes, StandardCharsets.UTF_8));
      file.setLength(0);
      write(header.line());
      return;
    }
    header.requireSame(lines.get(0), path.toString());
    for (int i = 1; i < lines.size(); i++) {
      FinishedCell cell = FinishedCell.parse(lines.get(i), path + ", line " + (i + 1));
      if (cell.cell() < 0 || cell.cell() >= header.cells()) {
        throw new MalformedFileException(
            path.toString(),
            -1,
            "line %d has cell %d of %d".formatted(i + 1, cell.cell(), header.cells()));
      }
      inOrder &= cell.cell() == i - 1;
      finished.put(cell.cell(), cell);
    }
    if (whole < bytes.length) {
      file.setLength(whole);
    }
    file.seek(whole);
  }

  /** A file without a whole line is a header that a kill cut off, or not ours to overwrite. */
  private void requireBegun(String start) throws MalformedFileException {
    if (!header.line().startsWith(start)) {
      throw new MalformedFileException(
          path.toString(), -1, "it is not a sweep's file; give the sweep another");
    }
  }

  /** By cell; of a cell that was retried, what came last. */
  SortedMap<Integer, FinishedCell> finished() {
    return finished;
  }

  void add(FinishedCell cell) throws IOException {
    write(cell.line());
    inOrder &= cell.cell() == finished.size();
    finished.put(cell.cell(), cell);
  }

  private void write(String line) throws IOException {
    file.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    long now = System.nanoTime();
    if (now - synced > NANOS_BETWEEN_SYNCS) {
      file.getFD().sync();
      synced = now;
    }
  }

  /** Puts the lines into the grid's order, once every cell has one. */
  void finish() throws IOException {
    if (inOrder) {
      file.getFD().sync();
      return;
    }
    StringBuilder text = new StringBuilder(header.line()).append('\n');
    finished.values().forEach(cell -> text.append(cell.line()).append('\n'));
    close(); // Windows does not replace an open file
    byte[] ordered = text.toString().getBytes(StandardCharsets.UTF_8);
    Uninterrupted.run(() -> AtomicFiles.write(path, ordered));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
