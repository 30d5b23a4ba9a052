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
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What enters the residual stream of a run other than through heads.
 *
 * @param tokens [pos, d_model]
 * @param positions [pos, d_model], if the model has such vectors
 * @param inStream whether positions are added to the stream
 * @param mlps what each layer's MLP wrote, [pos, d_model]; none in attention-only models
 */
record FrozenSources(
    INDArray tokens, Optional<INDArray> positions, boolean inStream, List<INDArray> mlps) {

  static FrozenSources of(TransformerConfig config, ReferenceRun run) {
    boolean vectors = run.activations().containsKey(HookPoint.POS_EMBED);
    List<INDArray> mlps = new ArrayList<>();
    for (int layer = 0; config.mlp().isPresent() && layer < config.nLayers(); layer++) {
      mlps.add(matrix(run, HookPoint.mlpOut(layer)));
    }
    return new FrozenSources(
        matrix(run, HookPoint.EMBED),
        vectors ? Optional.of(matrix(run, HookPoint.POS_EMBED)) : Optional.empty(),
        config.positions() == Positions.STANDARD,
        mlps);
  }

  FrozenSources withTokens(INDArray others) {
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
  INDArray before(int layer, Source source, LinearWeights weights) {
    INDArray sum = Nd4j.zeros(DataType.DOUBLE, tokens.shape());
    switch (source) {
      case TOKENS -> sum.addi(tokens);
      case POSITIONS -> {
        if (inStream) {
          sum.addi(positions.orElseThrow());
        }
      }
      case BIASES -> {
        for (int l = 0; l < layer; l++) {
          sum.addiRowVector(weights.outputBias(l));
        }
      }
      case MLPS -> mlps.stream().limit(layer).forEach(sum::addi);
    }
    return sum;
  }

  /** The activation of the only example, [pos, d_model]. */
  private static INDArray matrix(ReferenceRun run, HookPoint point) {
    INDArray array = run.get(point).toArray();
    return array.reshape('c', array.size(1), array.size(2));
  }
}
