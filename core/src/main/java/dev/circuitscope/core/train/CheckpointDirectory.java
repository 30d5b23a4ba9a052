package dev.circuitscope.core.train;

import dev.circuitscope.core.io.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The checkpoints of one training, one directory each; anything else in there is left alone. */
final class CheckpointDirectory {

  private static final Pattern NAME = Pattern.compile("step-(\\d{8,18})");

  private final Path directory;

  CheckpointDirectory(Path directory) {
    this.directory = directory;
  }

  /** Writes a checkpoint that is there with all its files or not at all. */
  void save(long step, AtomicFiles.DirectoryWriter writer) throws IOException {
    Files.createDirectories(directory);
    Path target = path(step);
    if (!Files.exists(target)) {
      AtomicFiles.createDirectory(target, writer);
    }
  }

  Path path(long step) {
    return directory.resolve("step-%08d".formatted(step));
  }

  /** By step, the newest last. */
  List<Path> list() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(directory)) {
      return paths
          .filter(path -> NAME.matcher(path.getFileName().toString()).matches())
          .filter(Files::isDirectory)
          .sorted(Comparator.comparingLong(CheckpointDirectory::step))
          .toList();
    }
  }

  Optional<Path> latest() throws IOException {
    List<Path> all = list();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }

  /** Removes all but the newest; each loses its name first, so that none is ever seen in part. */
  void keepNewest(int count) throws IOException {
    List<Path> all = list();
    for (Path old : all.subList(0, Math.max(0, all.size() - count))) {
      Path hidden = old.resolveSibling("." + old.getFileName() + "." + UUID.randomUUID() + ".old");
      Files.move(old, hidden, StandardCopyOption.ATOMIC_MOVE);
      try (Stream<Path> files = Files.walk(hidden)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static long step(Path checkpoint) {
    Matcher matcher = NAME.matcher(checkpoint.getFileName().toString());
    matcher.matches();
    return Long.parseLong(matcher.group(1));
  }
}
