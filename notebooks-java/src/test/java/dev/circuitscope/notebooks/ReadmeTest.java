package dev.circuitscope.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {

  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void itsJavaCompilesAndRunsAsOneSession() throws IOException {
    String readme = Files.readString(Path.of(System.getProperty("root"), "README.md"));
    List<String> blocks = JAVA.matcher(readme).results().map(MatchResult::group).toList();
    assertThat(blocks).isNotEmpty();
    try (Session session = new Session()) {
      for (String block : blocks) {
        session.run(block.substring("```java\n".length(), block.length() - "```".length()));
      }
    }
  }
}
