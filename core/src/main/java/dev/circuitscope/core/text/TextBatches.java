package dev.circuitscope.core.text;

import java.util.SplittableRandom;

/**
 * Windows of text that start anywhere in a corpus, every place being equally likely. If the
 * tokenizer has a start token it replaces the first token of the window, unless {@link
 * #withoutBos()}.
 */
public final class TextBatches implements BatchSource {
  private static final long PURPOSE = 0x54455854L; // "TEXT"

  private final TokenizedCorpus corpus;
  private final BatchShape shape;

  private TextBatches(TokenizedCorpus corpus, BatchShape shape) {
    corpus.requireLength("text batches", shape.length());
    this.corpus = corpus;
    this.shape = shape;
  }

  /**
   * Makes a source of text.
   *
   * @param corpus where the windows come from
   * @param batchSize sequences in a batch
   * @param sequenceLength tokens in a sequence, the start token included
   * @param seed decides the places
   * @return the source
   * @throws IllegalArgumentException if a size is not positive or the corpus is too short
   */
  public static TextBatches of(
      TokenizedCorpus corpus, int batchSize, int sequenceLength, long seed) {
    return new TextBatches(corpus, BatchShape.of(corpus, batchSize, sequenceLength, seed));
  }

  /**
   * Returns the same windows with their first token left as it is.
   *
   * @return a new source
   */
  public TextBatches withoutBos() {
    return new TextBatches(corpus, shape.withoutBos());
  }

  @Override
  public int[] sequence(long step, int row) {
    SplittableRandom random = shape.random(PURPOSE, step, row);
    int start = random.nextInt(corpus.length() - shape.length() + 1);
    return shape.start(corpus.window(start, shape.length()));
  }

  @Override
  public int batchSize() {
    return shape.batch();
  }

  @Override
  public int sequenceLength() {
    return shape.length();
  }

  @Override
  public int vocabSize() {
    return corpus.tokenizer().vocabSize();
  }

  @Override
  public String describe() {
    return "%s windows of text from %s".formatted(shape, corpus);
  }
}
