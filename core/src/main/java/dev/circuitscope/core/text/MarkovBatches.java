package dev.circuitscope.core.text;

import java.util.Objects;
import java.util.OptionalInt;

/** Fresh sequences of a {@link MarkovChain} at every step, to train on. */
public final class MarkovBatches implements BatchSource {

  private static final long PURPOSE = 0x434841494eL; // "CHAIN"

  private final MarkovChain chain;
  private final BatchShape shape;

  private MarkovBatches(MarkovChain chain, BatchShape shape) {
    this.chain = Objects.requireNonNull(chain, "chain");
    this.shape = shape;
  }

  /**
   * Makes a source of sequences.
   *
   * @param chain what to draw from
   * @param batchSize sequences in a batch
   * @param sequenceLength tokens in a sequence
   * @param seed decides the tokens
   * @return the source
   * @throws IllegalArgumentException if a size is not positive
   */
  public static MarkovBatches of(MarkovChain chain, int batchSize, int sequenceLength, long seed) {
    return new MarkovBatches(
        chain, new BatchShape(batchSize, sequenceLength, OptionalInt.empty(), seed));
  }

  /**
   * Returns the chain.
   *
   * @return what the tokens are drawn from
   */
  public MarkovChain chain() {
    return chain;
  }

  @Override
  public int[] sequence(long step, int row) {
    return chain.sequence(shape.length(), shape.random(PURPOSE, step, row));
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
    return chain.states();
  }

  @Override
  public String describe() {
    return "%s sequences of %s".formatted(shape, chain);
  }
}
