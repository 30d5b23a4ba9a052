package dev.circuitscope.circuits.paths;

import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.ReferenceRun;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What enters the residual stream of a run other than through heads.
 *
 * @param tokens [pos, d_model]
 * @param positions [pos, d_model], if the model has such vectors
 * @param inStream whether positions are added to the stream
 * @param mlps what each layer's MLP wrote, [pos, d_model]; none in attention-only models
 */
record FrozenSources(
    DoubleMatrix tokens,
    Optional<DoubleMatrix> positions,
    boolean inStream,
    List<DoubleMatrix> mlps) {

  static FrozenSources of(TransformerConfig config, ReferenceRun run) {
    boolean vectors = run.activations().containsKey(HookPoint.POS_EMBED);
    List<DoubleMatrix> mlps = new ArrayList<>();
    for (int layer = 0; config.mlp().isPresent() && layer < config.nLayers(); layer++) {
      mlps.add(matrix(run, HookPoint.mlpOut(layer), config.dModel()));
    }
    return new FrozenSources(
        matrix(run, HookPoint.EMBED, config.dModel()),
        vectors ? Optional.of(matrix(run, HookPoint.POS_EMBED, config.dModel())) : Optional.empty(),
        config.positions() == Positions.STANDARD,
        mlps);
  }

  FrozenSources withTokens(DoubleMatrix others) {
    return new FrozenSources(others, positions, inStream, mlps);
  }

  /** Those that the stream has, in order. */
  Set<Source> inStreamOnly() {
    Set<Source> all = EnumSet.of(Source.TOKENS, Source.BIASES);
    if (inStream) {
      all.add(Source.POSITIONS);
    }
    if (!mlps.isEmpty()) {
      all.add(Source.MLPS);
    }
    return all;
  }

  /** Whether queries and keys read positions beside the stream. */
  boolean positionsBeside() {
    return positions.isPresent() && !inStream;
  }

  /** What a source has written itself before a layer, [pos, d_model]; new. */
  DoubleMatrix before(int layer, Source source, LinearWeights weights) {
    DoubleMatrix sum = DoubleMatrix.zeros(tokens.rows(), tokens.columns());
    switch (source) {
      case TOKENS -> sum.addInPlace(tokens);
      case POSITIONS -> {
        if (inStream) {
          sum.addInPlace(positions.orElseThrow());
        }
      }
      case BIASES -> {
        for (int l = 0; l < layer; l++) {
          sum.addRowInPlace(weights.outputBias(l));
        }
      }
      case MLPS -> mlps.stream().limit(layer).forEach(sum::addInPlace);
    }
    return sum;
  }

  /** The activation of the only example, [pos, d_model]. */
  private static DoubleMatrix matrix(ReferenceRun run, HookPoint point, int dModel) {
    double[] values = run.get(point).values().clone();
    return new DoubleMatrix(values, values.length / dModel, dModel);
  }
}
