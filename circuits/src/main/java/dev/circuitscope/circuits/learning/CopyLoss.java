package dev.circuitscope.circuits.learning;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.BatchedRuns;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.RepeatSampling;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.circuits.sampling.SampleMean;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.text.RepeatedSequences;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The loss on random tokens when they stand there for the first and for the second time. Nothing
 * but the first copy predicts the second, so the drop measures copying by whatever circuit the
 * model has (A Mathematical Framework for Transformer Circuits, induction heads; Scaling Laws and
 * Interpretability of Learning from Repeated Data, copying evaluation).
 *
 * <p>Both means go over the same tokens: tokens 1 to period - 1 of a copy, each predicted from the
 * token before it in that copy. Token 0 is left out, because nothing before the second copy says
 * that it begins.
 *
 * <pre>{@code
 * CopyLoss copy = CopyLoss.of(model, 7L);
 * copy.first().mean();          // 6.9 nats, about ln d_vocab
 * copy.second().mean();         // 0.4
 * copy.secondByToken();         // for a chart
 * }</pre>
 *
 * @param first mean loss on the first copy, over sequences, in nats
 * @param second mean loss on the second copy
 * @param drop first minus second, paired by sequence
 * @param firstByToken at i the mean loss on token i + 1 of the first copy, as far as the shortest
 *     block goes; copied in and out
 * @param secondByToken the same of the second copy; copied in and out
 * @param lossByPosition [pos - 1], at t the mean loss of predicting token t + 1 of the sequence;
 *     copied in and out
 * @param provenance the model's shape and the sequences
 */
public record CopyLoss(
    SampleMean first,
    SampleMean second,
    SampleMean drop,
    double[] firstByToken,
    double[] secondByToken,
    double[] lossByPosition,
    Provenance provenance) {

  /**
   * Copies the curves.
   *
   * @param first mean loss on the first copy, over sequences, in nats
   * @param second mean loss on the second copy
   * @param drop first minus second, paired by sequence
   * @param firstByToken at i the mean loss on token i + 1 of the first copy, as far as the shortest
   *     block goes; copied in and out
   * @param secondByToken the same of the second copy; copied in and out
   * @param lossByPosition [pos - 1], at t the mean loss of predicting token t + 1 of the sequence;
   *     copied in and out
   * @param provenance the model's shape and the sequences
   */
  public CopyLoss {
    firstByToken = firstByToken.clone();
    secondByToken = secondByToken.clone();
    lossByPosition = lossByPosition.clone();
  }

  /**
   * Measures a model on {@link RepeatSampling#defaults}.
   *
   * @param model to measure
   * @param seed decides the tokens
   * @return the losses
   * @throws IllegalArgumentException if the context or the vocabulary is too small
   */
  public static CopyLoss of(Transformer model, long seed) {
    return of(model, RepeatSampling.defaults(model.config(), seed), RunSettings.plain());
  }

  /**
   * Measures a model on sequences to draw.
   *
   * @param model to measure
   * @param sampling kind, number and seed of the sequences
   * @param settings hooks and batch size
   * @return the losses
   * @throws IllegalArgumentException if blocks have 1 token or the model refuses the sequences
   */
  public static CopyLoss of(Transformer model, RepeatSampling sampling, RunSettings settings) {
    String data = sampling.repeats().toString();
    return of(model, sampling.draw(), data, OptionalLong.of(sampling.seed()), settings);
  }

  /**
   * Measures a model on given sequences.
   *
   * @param model to measure
   * @param sequences with two whole copies of blocks of at least 2 tokens
   * @param settings hooks and batch size
   * @return the losses
   * @throws IllegalArgumentException if a block has 1 token, a second copy is cut off, or the model
   *     refuses the sequences
   */
  public static CopyLoss of(Transformer model, RepeatedSequences sequences, RunSettings settings) {
    return of(model, sequences, "given repeats", OptionalLong.empty(), settings);
  }

  private static CopyLoss of(
      Transformer model,
      RepeatedSequences repeats,
      String data,
      OptionalLong seed,
      RunSettings settings) {
    requireTwoCopies(repeats);
    float[][] losses = BatchedRuns.losses(model, repeats.tokens(), settings);
    double[] first = new double[losses.length];
    double[] second = new double[losses.length];
    double[] drop = new double[losses.length];
    int[] secondCopy = new int[losses.length];
    for (int b = 0; b < losses.length; b++) {
      // Token i of a copy at position s + i is predicted at s + i - 1: tokens 1.. at s..
      int n = repeats.period()[b] - 1;
      int start = repeats.offset()[b];
      secondCopy[b] = repeats.firstRepeat(b);
      first[b] = LossCurves.mean(losses[b], start, start + n);
      second[b] = LossCurves.mean(losses[b], secondCopy[b], secondCopy[b] + n);
      drop[b] = first[b] - second[b];
    }
    int shortest = Arrays.stream(repeats.period()).min().orElseThrow() - 1;
    return new CopyLoss(
        SampleMean.of(first),
        SampleMean.of(second),
        SampleMean.of(drop),
        LossCurves.aligned(losses, repeats.offset(), shortest),
        LossCurves.aligned(losses, secondCopy, shortest),
        LossCurves.byPosition(losses),
        Provenance.of(model.config(), repeats.tokens(), data, seed, settings));
  }

  /**
   * The loss along the first copy.
   *
   * @return at i the mean loss on token i + 1 of the block, in nats; a copy
   */
  @Override
  public double[] firstByToken() {
    return firstByToken.clone();
  }

  /**
   * The loss along the second copy.
   *
   * @return at i the mean loss on token i + 1 of the block, in nats; a copy
   */
  @Override
  public double[] secondByToken() {
    return secondByToken.clone();
  }

  /**
   * The loss along the sequence.
   *
   * @return at t the mean loss of predicting token t + 1, in nats; a copy
   */
  @Override
  public double[] lossByPosition() {
    return lossByPosition.clone();
  }

  /**
   * Renders the result.
   *
   * @return an object
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.add("first", first.toJson());
    json.add("second", second.toJson());
    json.add("drop", drop.toJson());
    json.add("first_by_token", JsonNumbers.of(firstByToken));
    json.add("second_by_token", JsonNumbers.of(secondByToken));
    json.add("loss_by_position", JsonNumbers.of(lossByPosition));
    json.add("provenance", provenance.toJson());
    return json;
  }

  /** The three means over where they come from. */
  @Override
  public String toString() {
    return "loss on the first copy %s, on the second %s, drop %s nats%n%s"
        .formatted(first, second, drop, provenance);
  }

  private static void requireTwoCopies(RepeatedSequences repeats) {
    if (repeats.batch() == 0) {
      throw new IllegalArgumentException("copy loss: there are no sequences");
    }
    for (int b = 0; b < repeats.batch(); b++) {
      int period = repeats.period()[b];
      if (period < 2 || repeats.firstRepeat(b) + period > repeats.length()) {
        throw new IllegalArgumentException(
            "copy loss: sequence %d of %d tokens needs two whole copies of at least 2 tokens, has a block of %d from position %d"
                .formatted(b, repeats.length(), period, repeats.offset()[b]));
      }
    }
  }
}
