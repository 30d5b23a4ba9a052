package dev.circuitscope.core.text;

import dev.circuitscope.core.io.Utf8;
import dev.circuitscope.core.text.Corpus.Document;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Corpora inside jars, and where on the class path the jars are. */
final class CorpusJars {
  private CorpusJars() {}

  static Corpus jar(String name, Path jar, Predicate<String> wanted) throws IOException {
    if (!Files.exists(jar)) {
      throw new NoSuchFileException(jar.toString(), null, "no such corpus jar");
    }
    List<Document> documents = new ArrayList<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      List<String> names =
          zip.stream()
              .filter(entry -> !entry.isDirectory())
              .map(ZipEntry::getName)
              .filter(wanted)
              .sorted()
              .toList();
      for (String entry : names) {
        try (InputStream in = zip.getInputStream(zip.getEntry(entry))) {
          documents.add(
              new Document(entry, Utf8.decode(in.readAllBytes(), jar.getFileName() + "!" + entry)));
        }
      }
    }
    return Corpus.of(name, documents);
  }

  /**
   * Finds a resource, which must be there because the user asked for what it belongs to.
   *
   * @param resource path on the class path
   * @param coordinates Maven dependency that delivers it
   */
  static URL locate(ClassLoader loader, String resource, String coordinates)
      throws FileNotFoundException {
    URL url = loader.getResource(resource);
    if (url == null) {
      throw new FileNotFoundException(
          "corpus: %s is not on the class path; add the Maven dependency %s with scope runtime"
              .formatted(resource, coordinates));
    }
    return url;
  }

  /** The jar that a class-path resource lies in. */
  static Path jarOf(URL resource) throws IOException {
    URLConnection connection = resource.openConnection();
    if (!(connection instanceof JarURLConnection inJar)) {
      throw new IOException("corpus: " + resource + " is not inside a jar");
    }
    try {
      return Path.of(inJar.getJarFileURL().toURI());
    } catch (URISyntaxException e) {
      throw new IOException("corpus: " + resource + " is not inside a jar of this machine", e);
    }
  }

  /** The loader that sees the user's class path, in notebooks and JShell, too. */
  static ClassLoader loader() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context != null ? context : CorpusJars.class.getClassLoader();
  }
}
