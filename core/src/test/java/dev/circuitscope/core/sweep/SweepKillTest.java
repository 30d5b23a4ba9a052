package dev.circuitscope.core.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SweepKillTest {

  @TempDir Path dir;

  @Test
  void aProcessKilledInTheMiddleAndResumedLeavesTheSameFileAsOneThatWasNot() throws Exception {
    Path whole = dir.resolve("whole.jsonl");
    KilledSweep.sweep(0).file(whole).run();

    Path file = dir.resolve("killed.jsonl");
    long lines = 0;
    for (int kill = 1; kill <= 2; kill++) {
      long wanted = lines + 5;
      Process process = start(file);
      try {
        while (lines(file) < wanted) {
          assertThat(process.isAlive()).isTrue();
          Thread.sleep(2);
        }
      } finally {
        process.destroyForcibly();
      }
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      lines = lines(file);
      assertThat(lines).isBetween(wanted, KilledSweep.CELLS - 1L);
    }
    assertThat(Files.readAllBytes(file)).isNotEqualTo(Files.readAllBytes(whole));

    KilledSweep.sweep(0).file(file).run();
    assertThat(file).hasSameBinaryContentAs(whole);
    assertThat(dir.toFile().list()).containsExactlyInAnyOrder("whole.jsonl", "killed.jsonl");
  }

  private static Process start(Path file) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Dcircuitscope.threads=2",
            "-cp",
            System.getProperty("java.class.path"),
            KilledSweep.class.getName(),
            file.toString(),
            "60")
        .inheritIO()
        .start();
  }

  private static long lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file).chars().filter(c -> c == '\n').count() : 0;
  }
}
