package dev.circuitscope.core.text;

import dev.circuitscope.core.io.Utf8;
import dev.circuitscope.core.text.Corpus.Document;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Corpora of files. */
final class CorpusFiles {
  private CorpusFiles() {}

  static Corpus file(Path file, Corpus.Documents form) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString(), null, "no such corpus file");
    }
    String name = file.getFileName().toString();
    String text = Utf8.read(file);
    return Corpus.of(
        name,
        switch (form) {
          case WHOLE_FILE -> List.of(new Document(name, text));
          case LINES -> lines(name, text);
          case PARAGRAPHS -> paragraphs(name, text);
        });
  }

  static Corpus directory(Path directory, String glob) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new NotDirectoryException(directory + " (corpus directory)");
    }
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    List<String> names;
    try (Stream<Path> paths = Files.walk(directory)) {
      names =
          paths
              .filter(Files::isRegularFile)
              .map(directory::relativize)
              .filter(matcher::matches)
              .map(CorpusFiles::slashed)
              .sorted()
              .toList();
    }
    if (names.isEmpty()) {
      throw new NoSuchFileException(
          directory.toString(), null, "no file of this corpus directory fits '" + glob + "'");
    }
    List<Document> documents = new ArrayList<>();
    for (String name : names) {
      documents.add(new Document(name, Utf8.read(directory.resolve(name))));
    }
    return Corpus.of(directory.toAbsolutePath().normalize().getFileName().toString(), documents);
  }

  private static List<Document> lines(String name, String text) {
    List<Document> documents = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        documents.add(new Document(name + ":" + (i + 1), lines.get(i)));
      }
    }
    return documents;
  }

  private static List<Document> paragraphs(String name, String text) {
    List<Document> documents = new ArrayList<>();
    StringBuilder paragraph = new StringBuilder();
    int first = 0;
    int number = 0;
    for (String line : (Iterable<String>) Stream.concat(text.lines(), Stream.of(""))::iterator) {
      number++;
      if (!line.isBlank()) {
        first = paragraph.isEmpty() ? number : first;
        paragraph.append(paragraph.isEmpty() ? "" : "\n").append(line);
      } else if (!paragraph.isEmpty()) {
        documents.add(new Document(name + ":" + first, paragraph.toString()));
        paragraph.setLength(0);
      }
    }
    return documents;
  }

  /** The same order and names on every platform. */
  private static String slashed(Path path) {
    List<String> parts = new ArrayList<>();
    path.forEach(part -> parts.add(part.toString()));
    return parts.stream().collect(Collectors.joining("/"));
  }
}
