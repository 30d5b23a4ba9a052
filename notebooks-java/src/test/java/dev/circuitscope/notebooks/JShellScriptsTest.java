package dev.circuitscope.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JShellScriptsTest {

  private static final Path SCRIPTS = Path.of("src", "main", "jshell");

  static List<Path> scripts() throws IOException {
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      return files.filter(f -> f.toString().endsWith(".jsh")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void everyScriptRunsToItsEnd(Path script) throws IOException {
    try (Session session = new Session()) {
      session.run(Files.readString(script));
      assertThat(session.output()).isNotEmpty();
    }
  }

  @Test
  void theFrontDoorShowsActivationsScoresAndAPicture() throws IOException {
    Path picture = Path.of("target", "jshell", "induction.png");
    Files.deleteIfExists(picture);
    try (Session session = new Session()) {
      session.run(Files.readString(SCRIPTS.resolve("front-door.jsh")));
      assertThat(session.output()).contains("blocks.0.attn.hook_pattern", "without L1H3", "L1H3");
    }
    assertThat(picture).isNotEmptyFile();
  }
}
