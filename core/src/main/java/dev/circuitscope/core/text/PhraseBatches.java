package dev.circuitscope.core.text;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/**
 * Phrases with a gap, one at the end of each sequence, in random filler: {@code filler keep filler
 * filler in mind}. What the last token is depends on the two words before the gap's ends together,
 * which is what a head's skip-trigrams {@code source ... destination -> out} can predict.
 *
 * <pre>{@code
 * BatchSource phrases =
 *     PhraseBatches.of(
 *         List.of(new Phrase(KEEP, IN, MIND), new Phrase(KEEP, AT, BAY)),
 *         TokenSampler.uniform(10, 20), 20, 8, 1L);       // vocabulary 20, 8 tokens a sequence
 * }</pre>
 *
 * <p>The source stands anywhere before the destination; phrases are equally likely.
 */
public final class PhraseBatches implements BatchSource {

  private static final long PURPOSE = 0x504852L; // "PHR"

  private final List<Phrase> phrases;
  private final TokenSampler filler;
  private final int vocabSize;
  private final BatchShape shape;

  private PhraseBatches(
      List<Phrase> phrases, TokenSampler filler, int vocabSize, BatchShape shape) {
    this.phrases = phrases;
    this.filler = filler;
    this.vocabSize = vocabSize;
    this.shape = shape;
  }

  /**
   * Makes a source of phrases; 64 sequences a batch.
   *
   * @param phrases to draw from, at least one
   * @param filler what stands around them
   * @param vocabSize number of token ids
   * @param sequenceLength tokens in a sequence, at least 3
   * @param seed decides phrases, gaps and filler
   * @return the source
   * @throws IllegalArgumentException if there is no phrase, a sequence is too short for one, or a
   *     token is outside the vocabulary
   */
  public static PhraseBatches of(
      List<Phrase> phrases, TokenSampler filler, int vocabSize, int sequenceLength, long seed) {
    Objects.requireNonNull(filler, "filler");
    if (phrases.isEmpty() || sequenceLength < 3) {
      throw new IllegalArgumentException(
          "phrases: %d of them in sequences of %d tokens; give at least 1, and 3 tokens"
              .formatted(phrases.size(), sequenceLength));
    }
    for (Phrase phrase : phrases) {
      TokenText.requireInVocabulary("phrases", phrase.source(), vocabSize);
      TokenText.requireInVocabulary("phrases", phrase.destination(), vocabSize);
      TokenText.requireInVocabulary("phrases", phrase.out(), vocabSize);
    }
    for (int id : filler.ids()) {
      TokenText.requireInVocabulary("phrases: filler", id, vocabSize);
    }
    return new PhraseBatches(
        List.copyOf(phrases),
        filler,
        vocabSize,
        new BatchShape(64, sequenceLength, OptionalInt.empty(), seed));
  }

  /**
   * Returns the same sequences in batches of another size.
   *
   * @param sequences in a batch, at least 1
   * @return a new source
   * @throws IllegalArgumentException if there is none
   */
  public PhraseBatches inBatchesOf(int sequences) {
    return new PhraseBatches(
        phrases,
        filler,
        vocabSize,
        new BatchShape(sequences, shape.length(), shape.bos(), shape.seed()));
  }

  /**
   * Returns the phrases.
   *
   * @return what the last tokens follow from
   */
  public List<Phrase> phrases() {
    return phrases;
  }

  @Override
  public int[] sequence(long step, int row) {
    SplittableRandom random = shape.random(PURPOSE, step, row);
    Phrase phrase = phrases.get(random.nextInt(phrases.size()));
    int[] sequence = new int[shape.length()];
    int destination = sequence.length - 2;
    int source = random.nextInt(destination);
    for (int t = 0; t < destination; t++) {
      sequence[t] = t == source ? phrase.source() : filler.draw(random);
    }
    sequence[destination] = phrase.destination();
    sequence[destination + 1] = phrase.out();
    return sequence;
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
    return vocabSize;
  }

  @Override
  public String describe() {
    return "%s one of %d phrases in filler of %s".formatted(shape, phrases.size(), filler);
  }
}
