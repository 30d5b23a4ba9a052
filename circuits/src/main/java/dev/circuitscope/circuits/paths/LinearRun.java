package dev.circuitscope.circuits.paths;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.ReferenceRun;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a {@link FrozenRun} is made of: the maps of a model with the patterns and scales of a run.
 * Streams and parts of them are [pos, d_model]; results are new.
 *
 * @param weights of the model
 * @param tokens of the run
 * @param inputs what enters the stream other than through heads
 * @param attention patterns and scales
 */
record LinearRun(
    LinearWeights weights, int[] tokens, FrozenSources inputs, FrozenAttention attention) {

  static LinearRun of(LinearWeights weights, int[] tokens) {
    ReferenceRun run = weights.model().run(new int[][] {tokens});
    return new LinearRun(
        weights,
        tokens.clone(),
        FrozenSources.of(weights.config(), run),
        FrozenAttention.of(weights.config(), run));
  }

  LinearRun with(FrozenSources others) {
    return new LinearRun(weights, tokens, others, attention);
  }

  TransformerConfig config() {
    return weights.config();
  }

  int length() {
    return tokens.length;
  }

  List<Head> heads(int layer) {
    return weights.headsOf(layer);
  }

  HeadMaps maps(Head head) {
    return weights.head(head);
  }

  LogitMap logitMap() {
    return weights.logits();
  }

  Set<Source> sources() {
    return inputs.inStreamOnly();
  }

  DoubleMatrix zeros() {
    return DoubleMatrix.zeros(length(), config().dModel());
  }

  /** What a source has written before a layer. */
  DoubleMatrix source(Source source, int layer) {
    return inputs.before(layer, source, weights);
  }

  /** What all sources have written before a layer. */
  DoubleMatrix direct(int layer) {
    DoubleMatrix sum = zeros();
    sources().forEach(source -> sum.addInPlace(source(source, layer)));
    return sum;
  }

  /** A diag(1/s) x M_V W_O. */
  DoubleMatrix through(Head head, DoubleMatrix x) {
    HeadMaps maps = maps(head);
    DoubleMatrix values = x.times(maps.value().matrix());
    return attention.move(head).times(values).times(maps.output());
  }

  /** Its adjoint, diag(1/s) A^T d W_O^T M_V^T. */
  DoubleMatrix back(Head head, DoubleMatrix direction) {
    HeadMaps maps = maps(head);
    DoubleMatrix values = direction.timesTransposed(maps.output());
    DoubleMatrix moved = attention.move(head).transposedTimes(values);
    return moved.timesTransposed(maps.value().matrix());
  }

  /** A 1 c W_O, with c the value bias and the offset of ln1 through W_V. */
  DoubleMatrix constant(Head head) {
    HeadMaps maps = maps(head);
    double[] c = maps.value().constant();
    DoubleMatrix once = new DoubleMatrix(c, 1, c.length).times(maps.output());
    DoubleMatrix sums = new DoubleMatrix(attention.pattern(head).rowSums(), length(), 1);
    return sums.times(once);
  }

  DoubleMatrix contribution(HeadPath path, Optional<Source> source) {
    return new Origin(this, source).contribution(path);
  }

  DoubleMatrix pattern(HeadPath path) {
    DoubleMatrix composite = DoubleMatrix.identity(length());
    for (Head head : path.heads()) {
      maps(head);
      composite = attention.pattern(head).times(composite);
    }
    return composite;
  }

  /** The stream before a layer when only some heads write. */
  DoubleMatrix stream(int layer, Predicate<Head> writes) {
    DoubleMatrix written = zeros();
    for (int l = 0; l < layer; l++) {
      DoubleMatrix x = direct(l).addInPlace(written);
      for (Head head : heads(l)) {
        if (writes.test(head)) {
          written.addInPlace(through(head, x)).addInPlace(constant(head));
        }
      }
    }
    return direct(layer).addInPlace(written);
  }

  /** The stream before a layer, as in the run. */
  DoubleMatrix stream(int layer) {
    return stream(layer, head -> true);
  }

  /** [x / s, 1 or 0], what {@link LogitMap} reads of the end of the stream. */
  DoubleMatrix reading(DoubleMatrix x, boolean constants) {
    return x.scaleRows(attention.inverseScale(config().nLayers())).withColumn(constants ? 1 : 0);
  }

  DoubleMatrix logits(DoubleMatrix x, boolean constants) {
    return logitMap().logits(reading(x, constants));
  }

  double loss(DoubleMatrix logits) {
    return NextTokenLoss.mean(logits, tokens);
  }
}
