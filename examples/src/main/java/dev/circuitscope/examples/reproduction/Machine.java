package dev.circuitscope.examples.reproduction;

import dev.circuitscope.core.Library;
import dev.circuitscope.core.array.Kernels;
import dev.circuitscope.core.array.Parallel;
import java.util.List;

/**
 * What a run ran on.
 *
 * @param libraryVersion of Circuitscope
 * @param javaVersion of the platform
 * @param system name and architecture of the operating system
 * @param kernels which inner loops ran
 * @param threads that shared the work
 */
public record Machine(
    String libraryVersion, String javaVersion, String system, String kernels, int threads) {

  /**
   * This machine, as it is set up now.
   *
   * @return the description
   */
  public static Machine current() {
    return new Machine(
        Library.version(),
        System.getProperty("java.version"),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        Kernels.best().description(),
        Parallel.threads());
  }

  List<List<String>> rows() {
    return List.of(
        List.of("Circuitscope", libraryVersion),
        List.of("Java", javaVersion + " on " + system),
        List.of("Kernels", kernels),
        List.of("Threads", String.valueOf(threads)));
  }
}
