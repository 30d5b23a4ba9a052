package dev.circuitscope.core.text;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The corpora of the class path, read once for all tests. */
final class MavenText {
  static final Corpus COMMONS_MATH;
  static final Corpus EUROPARL;

  static {
    try {
      COMMONS_MATH = Corpus.commonsMathSources();
      EUROPARL = Corpus.europarl();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private MavenText() {}
}
