package dev.circuitscope.notebooks;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;

/** A JShell session in this JVM that fails at the first snippet that does not compile or throws. */
final class Session implements AutoCloseable {

  private final JShell shell;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream systemOut = System.out;

  Session() {
    shell = JShell.builder().executionEngine("local").build();
    shell.addToClasspath(System.getProperty("java.class.path"));
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
  }

  /** Runs statements, declarations and imports, read line by line as the jshell tool does. */
  void run(String source) {
    StringBuilder pending = new StringBuilder();
    for (String line : source.lines().toList()) {
      pending.append(line).append('\n');
      SourceCodeAnalysis.CompletionInfo next =
          shell.sourceCodeAnalysis().analyzeCompletion(pending.toString());
      if (next.completeness() == SourceCodeAnalysis.Completeness.EMPTY) {
        pending.setLength(0);
      } else if (next.completeness().isComplete()) {
        shell.eval(next.source()).forEach(event -> check(event, next.source()));
        pending.setLength(0);
        pending.append(next.remaining());
      }
    }
    if (!pending.toString().isBlank()) {
      throw new AssertionError("ends in the middle of: " + pending);
    }
  }

  /** What the session has printed. */
  String output() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    System.setOut(systemOut);
    shell.close();
  }

  private void check(SnippetEvent event, String snippet) {
    if (event.exception() != null) {
      throw new AssertionError("threw: " + snippet, event.exception());
    }
    if (event.status() != Snippet.Status.VALID && event.causeSnippet() == null) {
      List<String> problems =
          shell.diagnostics(event.snippet()).map(d -> d.getMessage(Locale.ROOT)).toList();
      throw new AssertionError(
          "does not compile: "
              + snippet
              + "\n"
              + problems.stream().collect(Collectors.joining("\n")));
    }
  }
}
