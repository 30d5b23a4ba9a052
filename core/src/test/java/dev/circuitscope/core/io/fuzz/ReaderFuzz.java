package dev.circuitscope.core.io.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;

/**
 * Throws damaged and hostile files at every reader and checks that nothing comes out but arrays or
 * the documented exceptions, in bounded time and memory, and that nothing in a file is ever run.
 *
 * <pre>
 * mvn -B -q -pl core test-compile exec:java -Dexec.classpathScope=test \
 *     -Dexec.mainClass=dev.circuitscope.core.io.fuzz.ReaderFuzz -Dexec.args="SEED CASES [READER...]"
 * </pre>
 *
 * <p>A case is a function of the seed, the reader and the number of the case; a failure names all
 * three, and {@code SEED FROM-TO READER} repeats a range of cases.
 */
public final class ReaderFuzz {
  private static final long MAX_NANOS = 5_000_000_000L;

  /** Heap that a case may use: a fixed part and a part per byte of the file. */
  private static final long MAX_HEAP = 16 << 20;

  private static final long HEAP_PER_BYTE = 2000;

  /** Memory of arrays that a case may make: deflate's largest ratio and as much again. */
  private static final long MAX_ARRAYS = 2 << 20;

  private static final long ARRAYS_PER_BYTE = 2100;

  /** What was seen of one reader. */
  public record Row(
      String reader,
      int cases,
      int accepted,
      double slowestMillis,
      long mostHeap,
      long mostArrays) {
    int rejected() {
      return cases - accepted;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%-20s %8d %9d %9d %12.1f %12d %12d",
          reader,
          cases,
          accepted,
          rejected(),
          slowestMillis,
          mostHeap >> 10,
          mostArrays >> 10);
    }
  }

  private static final String HEADINGS =
      String.format(
          "%-20s %8s %9s %9s %12s %12s %12s",
          "reader", "cases", "accepted", "rejected", "slowest ms", "heap KiB", "arrays KiB");

  private final long seed;
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private ReaderFuzz(long seed) {
    this.seed = seed;
  }

  /**
   * Runs from the command line and prints a table.
   *
   * @param args seed, number of cases or range FROM-TO, and names of readers; all without any
   * @throws IOException if the scratch directory cannot be used
   */
  public static void main(String[] args) throws IOException {
    long seed = args.length > 0 ? Long.parseLong(args[0]) : 1;
    String[] range = (args.length > 1 ? args[1] : "100000").split("-");
    int from = range.length > 1 ? Integer.parseInt(range[0]) : 0;
    int to = Integer.parseInt(range[range.length - 1]);
    List<String> readers = Arrays.asList(args).subList(Math.min(2, args.length), args.length);
    long before = Pointer.physicalBytes();
    System.out.println(HEADINGS);
    run(seed, from, to, readers).forEach(System.out::println);
    System.out.printf(
        "process: %d MiB before, %d MiB after%n", before >> 20, Pointer.physicalBytes() >> 20);
  }

  /**
   * Runs cases of some readers.
   *
   * @param seed of all cases
   * @param from first case
   * @param to behind the last case
   * @param readers parts of their names; empty for all
   * @return a row per reader
   * @throws IOException if the scratch directory cannot be used
   * @throws AssertionError if a reader does what it must not
   */
  public static List<Row> run(long seed, int from, int to, List<String> readers)
      throws IOException {
    Path dir = Files.createTempDirectory("fuzz");
    Path proof = dir.resolve("executed");
    long children = ProcessHandle.current().descendants().count();
    try {
      List<Row> rows = new ArrayList<>();
      for (Target target : new Targets(dir, "touch " + proof).all()) {
        if (readers.isEmpty() || readers.stream().anyMatch(target.name()::contains)) {
          rows.add(new ReaderFuzz(seed).run(target, from, to));
        }
      }
      require(!Files.exists(proof), "a file had its command executed");
      require(System.getProperty(Canary.KEY) == null, "a file had a class initialised");
      require(ProcessHandle.current().descendants().count() <= children, "a process was started");
      return rows;
    } finally {
      try (Stream<Path> files = Files.walk(dir)) {
        files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
      }
    }
  }

  private Row run(Target target, int from, int to) {
    int accepted = 0;
    long slowest = 0;
    long mostHeap = 0;
    long mostArrays = 0;
    for (int number = from; number < to; number++) {
      byte[] file =
          target.next(new SplittableRandom(seed ^ target.name().hashCode() ^ (long) number << 32));
      String label = "%s, seed %d, case %d".formatted(target.name(), seed, number);
      long heap = threads.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      long arrays = read(target, file, label);
      long nanos = System.nanoTime() - start;
      heap = threads.getCurrentThreadAllocatedBytes() - heap;
      require(nanos <= MAX_NANOS, label + " took " + nanos / 1_000_000 + " ms");
      // The first cases load classes.
      require(
          number - from < 100 || heap <= MAX_HEAP + HEAP_PER_BYTE * file.length,
          "%s: %d bytes of heap for a file of %d".formatted(label, heap, file.length));
      require(
          arrays <= MAX_ARRAYS + ARRAYS_PER_BYTE * file.length,
          "%s: arrays of %d bytes for a file of %d".formatted(label, arrays, file.length));
      accepted += arrays >= 0 ? 1 : 0;
      if (number - from >= 100) {
        slowest = Math.max(slowest, nanos);
        mostHeap = Math.max(mostHeap, heap);
      }
      mostArrays = Math.max(mostArrays, arrays);
    }
    return new Row(target.name(), to - from, accepted, slowest / 1e6, mostHeap, mostArrays);
  }

  /** The bytes of the arrays, or -1 if the file was refused. */
  private static long read(Target target, byte[] file, String label) {
    try {
      return target.read(file);
    } catch (IOException e) {
      require(e.getMessage() != null && e.getMessage().length() < 10_000, label + ": " + e);
      return -1;
    } catch (Throwable e) {
      throw new AssertionError(label + ": " + e, e);
    }
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new AssertionError(problem);
    }
  }
}
