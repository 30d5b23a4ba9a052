package dev.circuitscope.circuits.sampling;

import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.text.RandomRepeats;
import dev.circuitscope.core.text.RepeatedSequences;
import dev.circuitscope.core.text.TokenFrequencies;
import dev.circuitscope.core.text.TokenSampler;
import java.util.Arrays;

/**
 * Repeated random tokens to draw for a measurement: what kind, how many, and with which seed.
 *
 * <pre>{@code
 * RepeatSampling usual   = RepeatSampling.defaults(model.config(), 7L);
 * RepeatSampling withBos = RepeatSampling.startingWith(bos, model.config(), 7L).withSequences(64);
 * RepeatSampling own     = new RepeatSampling(
 *     RandomRepeats.atRandomPlaces(TokenSampler.byFrequency(frequencies), 200), 32, 7L);
 * }</pre>
 *
 * @param repeats kind of sequences
 * @param sequences how many, at least 1
 * @param seed decides the tokens
 */
public record RepeatSampling(RandomRepeats repeats, int sequences, long seed) {

  private static final int PERIOD = 50;
  private static final int SEQUENCES = 32;
  private static final int PAPER_PERIOD = 25;
  private static final int PAPER_COPIES = 4;
  private static final int PAPER_SEQUENCES = 10;

  /**
   * Checks the number of sequences.
   *
   * @param repeats kind of sequences
   * @param sequences how many, at least 1
   * @param seed decides the tokens
   * @throws IllegalArgumentException if there is to be no sequence
   */
  public RepeatSampling {
    if (sequences < 1) {
      throw new IllegalArgumentException(
          "repeat sampling: at least 1 sequence is needed, was " + sequences);
    }
  }

  /**
   * Draws 32 sequences of a block of distinct tokens that stands there twice, no start token. The
   * block has 50 tokens, or as many as fit: (n_ctx - 1) / 2, d_vocab.
   *
   * @param config of the model to measure
   * @param seed decides the tokens
   * @return the options
   * @throws IllegalArgumentException if the context or the vocabulary has no room for two blocks of
   *     two tokens
   */
  public static RepeatSampling defaults(TransformerConfig config, long seed) {
    TokenSampler all = TokenSampler.uniform(0, config.dVocab());
    return blocks(config, all, PERIOD, 2, SEQUENCES, seed);
  }

  /**
   * As {@link #defaults}, with a start token, which is not drawn elsewhere.
   *
   * @param bos start token
   * @param config of the model to measure
   * @param seed decides the tokens
   * @return the options
   * @throws IllegalArgumentException if the start token is outside the vocabulary, or as for {@link
   *     #defaults}
   */
  public static RepeatSampling startingWith(int bos, TransformerConfig config, long seed) {
    if (bos < 0 || bos >= config.dVocab()) {
      throw new IllegalArgumentException(
          "repeat sampling: the start token %d is outside the vocabulary of %d"
              .formatted(bos, config.dVocab()));
    }
    RepeatSampling plain = blocks(config, without(bos, config), PERIOD, 2, SEQUENCES, seed);
    return new RepeatSampling(plain.repeats.startingWith(bos), SEQUENCES, seed);
  }

  /**
   * Draws what the prefix matching score is defined on (In-context Learning and Induction Heads,
   * head activation evaluators): 10 sequences of 25 distinct random tokens that stand there 4
   * times, or shorter blocks where the context or the vocabulary is smaller. The paper also puts a
   * start token first, and leaves out the most and the least common tokens; a configuration knows
   * neither, so give your own {@link RandomRepeats} for that.
   *
   * @param config of the model to measure
   * @param seed decides the tokens
   * @return the options
   * @throws IllegalArgumentException if the context or the vocabulary has no room for four blocks
   *     of two tokens
   */
  public static RepeatSampling prefixMatching(TransformerConfig config, long seed) {
    TokenSampler all = TokenSampler.uniform(0, config.dVocab());
    return blocks(config, all, PAPER_PERIOD, PAPER_COPIES, PAPER_SEQUENCES, seed);
  }

  /**
   * Draws another number of sequences.
   *
   * @param count at least 1
   * @return new options
   */
  public RepeatSampling withSequences(int count) {
    return new RepeatSampling(repeats, count, seed);
  }

  /**
   * Draws the sequences; the same options draw the same ones.
   *
   * @return the sequences, and where their blocks are
   */
  public RepeatedSequences draw() {
    return repeats.generate(sequences, seed);
  }

  private static RepeatSampling blocks(
      TransformerConfig config, TokenSampler tokens, int most, int copies, int count, long seed) {
    int room = (config.nCtx() - 1) / copies;
    if (room < 2) {
      throw new IllegalArgumentException(
          "repeat sampling: a context of %d is too short for a start token and %d blocks of 2 tokens; %d are needed"
              .formatted(config.nCtx(), copies, 2 * copies + 1));
    }
    if (tokens.size() < 2) {
      throw new IllegalArgumentException(
          "repeat sampling: a vocabulary of %d is too small for blocks of 2 different tokens"
              .formatted(config.dVocab()));
    }
    int period = Math.min(most, Math.min(room, tokens.size()));
    RandomRepeats repeats = RandomRepeats.ofBlocks(tokens, period, copies).withDistinctTokens();
    return new RepeatSampling(repeats, count, seed);
  }

  private static TokenSampler without(int bos, TransformerConfig config) {
    if (config.dVocab() < 2) {
      throw new IllegalArgumentException(
          "repeat sampling: a vocabulary of 1 has nothing but the start token");
    }
    if (bos == 0) {
      return TokenSampler.uniform(1, config.dVocab());
    }
    if (bos == config.dVocab() - 1) {
      return TokenSampler.uniform(0, bos);
    }
    long[] equal = new long[config.dVocab()];
    Arrays.fill(equal, 1);
    equal[bos] = 0;
    return TokenSampler.byFrequency(TokenFrequencies.ofCounts(equal)).uniform();
  }
}
