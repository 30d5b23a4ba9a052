package dev.circuitscope.core.train;

import dev.circuitscope.core.io.AtomicFiles;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The file that a history is written to as it grows: one JSON object a line. */
final class TrainingLog implements AutoCloseable {

  private final OutputStream out;

  private TrainingLog(OutputStream out) {
    this.out = out;
  }

  /** Starts with the entries that there are, so that a resumed training repeats no line. */
  static TrainingLog open(Optional<Path> file, List<LogEntry> history) throws IOException {
    if (file.isEmpty()) {
      return new TrainingLog(OutputStream.nullOutputStream());
    }
    Path path = file.get().toAbsolutePath();
    Files.createDirectories(path.getParent());
    AtomicFiles.write(path, lines(history));
    // Not a channel: those close when their thread is interrupted.
    return new TrainingLog(new FileOutputStream(path.toFile(), true));
  }

  static String lines(List<LogEntry> history) {
    return history.stream().map(entry -> entry.toJson() + "\n").collect(Collectors.joining());
  }

  void add(LogEntry entry) throws IOException {
    out.write((entry.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
