package dev.circuitscope.circuits.heads;

import dev.circuitscope.circuits.sampling.BatchedRuns;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.circuits.sampling.SampleMean;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.text.RandomRepeats;
import dev.circuitscope.core.text.TokenSampler;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The copying score of each head (In-context Learning and Induction Heads, head activation
 * evaluators): whether it raises the logits of the tokens that it attends to.
 *
 * <p>On a sequence of distinct random tokens t, a head's output at position d goes through the
 * unembedding; raised_d(t) is what it adds to the logit of t above what it adds to the mean logit,
 * or 0 if that is negative. With A its attention,
 *
 * <p>r = sum over d and s of A[d, s] raised_d(t_s) / sum over d and j of raised_d(t_j)
 *
 * <p>and the score is 4 r - 1, at most 1: the paper maps r from [0, 1/2] to [-1, 1]. A head with
 * sharp attention that copies can have r up to 1. The final normalisation's weights and centring
 * count in, its scale does not. A head that raises nothing has r = 0. (The paper also leaves out
 * the most and the least common tokens, which a model does not know.)
 *
 * <pre>{@code
 * CopyingScores copying = CopyingScores.of(model, 7L);
 * copying.score();           // 4 r - 1
 * copying.raisedShare();     // r
 * }</pre>
 *
 * @param score 4 r - 1, at most 1
 * @param raisedShare r
 */
public record CopyingScores(HeadScores score, HeadScores raisedShare) {

  private static final int LENGTH = 25;
  private static final int SEQUENCES = 10;

  /**
   * Scores every head on the paper's sequences: 10 of 25 distinct random tokens, or as many as fit
   * into the context and the vocabulary.
   *
   * @param model to measure
   * @param seed decides the tokens
   * @return the scores
   * @throws IllegalArgumentException if the context or the vocabulary is less than 2, or the model
   *     predicts another vocabulary than it reads
   */
  public static CopyingScores of(Transformer model, long seed) {
    int vocab = model.config().dVocab();
    int length = Math.min(LENGTH, Math.min(vocab, model.config().nCtx()));
    if (length < 2) {
      throw new IllegalArgumentException(
          "copying scores need 2 different tokens in a sequence; the context is %d, the vocabulary %d"
              .formatted(model.config().nCtx(), vocab));
    }
    int[][] tokens =
        RandomRepeats.ofBlocks(TokenSampler.uniform(0, vocab), length, 2)
            .withDistinctTokens()
            .generate(SEQUENCES, seed)
            .tokens();
    int[][] once =
        Arrays.stream(tokens).map(row -> Arrays.copyOf(row, length)).toArray(int[][]::new);
    return of(
        model,
        once,
        RunSettings.plain(),
        Provenance.of(
            model.config(),
            once,
            length + " distinct random tokens",
            OptionalLong.of(seed),
            RunSettings.plain()));
  }

  /**
   * Scores every head on given sequences.
   *
   * @param model to measure
   * @param tokens [sequence, pos], those of a sequence all different
   * @param settings hooks and batch size
   * @return the scores
   * @throws IllegalArgumentException if a token occurs twice in a sequence, the model refuses the
   *     tokens, or it predicts another vocabulary than it reads
   */
  public static CopyingScores ofTokens(Transformer model, int[][] tokens, RunSettings settings) {
    for (int[] sequence : tokens) {
      if (Arrays.stream(sequence).distinct().count() < sequence.length) {
        throw new IllegalArgumentException(
            "copying scores need sequences of different tokens, was " + Arrays.toString(sequence));
      }
    }
    return of(
        model,
        tokens,
        settings,
        Provenance.of(model.config(), tokens, "given tokens", OptionalLong.empty(), settings));
  }

  private static CopyingScores of(
      Transformer model, int[][] tokens, RunSettings settings, Provenance provenance) {
    if (model.config().dVocab() != model.config().dVocabOut()) {
      throw new IllegalArgumentException(
          "copying scores: the model reads %d tokens and predicts %d, so it has no logits of what it attends to"
              .formatted(model.config().dVocab(), model.config().dVocabOut()));
    }
    int layers = model.config().nLayers();
    int heads = model.config().nHeads();
    double[][][] shares = new double[layers][heads][tokens.length];
    RaisedLogits raised = new RaisedLogits(model);
    BatchedRuns.caches(
        model,
        tokens,
        settings,
        Capture.matching(p -> p.site() == Site.Z || p.site() == Site.PATTERN),
        (first, part, cache) -> raised.shares(part, cache, first, shares));
    double[][] r = new double[layers][heads];
    double[][] errors = new double[layers][heads];
    double[][] scores = new double[layers][heads];
    double[][] scoreErrors = new double[layers][heads];
    for (int layer = 0; layer < layers; layer++) {
      for (int head = 0; head < heads; head++) {
        SampleMean mean = SampleMean.of(shares[layer][head]);
        r[layer][head] = mean.mean();
        errors[layer][head] = mean.standardError();
        scores[layer][head] = Math.min(1, 4 * mean.mean() - 1);
        scoreErrors[layer][head] = 4 * mean.standardError();
      }
    }
    int samples = tokens.length;
    double chance = 1.0 / provenance.length();
    return new CopyingScores(
        new HeadScores(
            "copying",
            "4 r - 1, at most 1, with r the share of the logits it raises that is of the attended tokens",
            scores,
            scoreErrors,
            4 * chance - 1,
            samples,
            provenance),
        new HeadScores(
            "raised share",
            "share of the logits that a head raises that is of the tokens it attends to",
            r,
            errors,
            chance,
            samples,
            provenance));
  }
}
