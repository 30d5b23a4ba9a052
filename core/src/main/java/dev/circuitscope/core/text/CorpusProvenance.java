package dev.circuitscope.core.text;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Which text a result comes from.
 *
 * @param name name of the corpus
 * @param documents number of documents
 * @param characters number of Unicode code points in all of them
 * @param sha256 hash, in hexadecimal, of the documents' texts in UTF-8, each followed by a zero
 *     byte
 */
public record CorpusProvenance(String name, int documents, long characters, String sha256) {

  static CorpusProvenance of(Corpus corpus) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    long characters = 0;
    for (Corpus.Document document : corpus.documents()) {
      String text = document.text();
      characters += text.codePointCount(0, text.length());
      digest.update(text.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    return new CorpusProvenance(
        corpus.name(),
        corpus.documents().size(),
        characters,
        HexFormat.of().formatHex(digest.digest()));
  }

  /** One line: name, sizes, and the start of the hash. */
  @Override
  public String toString() {
    return "%s: %d documents, %d characters, SHA-256 %s..."
        .formatted(name, documents, characters, sha256.substring(0, 12));
  }
}
