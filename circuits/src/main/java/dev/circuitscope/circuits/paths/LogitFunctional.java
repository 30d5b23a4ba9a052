package dev.circuitscope.circuits.paths;

import dev.circuitscope.circuits.attribution.LogitDirections;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A number that is linear in centred logits, as a product with readings y = [x / s, 1]: {@code <F,
 * y>}.
 *
 * @param weights F, [pos, d_model + 1]
 */
record LogitFunctional(INDArray weights) {

  /** {@code <L, .> / <L, L>} with L the centred logits of the run. */
  static LogitFunctional share(FrozenRun run) {
    INDArray y = run.reading(run.stream(run.config().nLayers()), true);
    INDArray yG = y.mmul(run.logitMap().gram());
    return new LogitFunctional(yG.div(dot(yG, y)));
  }

  /** The mean of chosen centred logits over positions from one to before another. */
  static LogitFunctional mean(FrozenRun run, LogitDirections directions, int from, int end) {
    int width = run.config().dModel() + 1;
    LogitMap map = run.logitMap();
    double[] f = new double[run.length() * width];
    for (int t = from; t < end; t++) {
      double[] plus = map.direction(require(directions.correct(0, t), map));
      double[] less =
          directions.incorrect(0, t).isPresent()
              ? map.direction(require(directions.incorrect(0, t).getAsInt(), map))
              : new double[width];
      for (int i = 0; i < width; i++) {
        f[t * width + i] = (plus[i] - less[i]) / (end - from);
      }
    }
    return new LogitFunctional(Nd4j.createFromArray(f).reshape('c', run.length(), width));
  }

  double of(INDArray y) {
    return dot(weights, y);
  }

  /** What it is on the constants alone. */
  double ofConstants(FrozenRun run) {
    INDArray nothing = Nd4j.zeros(DataType.DOUBLE, run.length(), run.config().dModel());
    return of(run.reading(nothing, true));
  }

  /** The same number as a product with parts x of the stream, [pos, d_model]. */
  INDArray inStream(FrozenRun run) {
    INDArray f =
        weights.get(NDArrayIndex.all(), NDArrayIndex.interval(0, run.config().dModel())).dup('c');
    return f.muliColumnVector(run.attention().inverseScale(run.config().nLayers()));
  }

  static double dot(INDArray a, INDArray b) {
    double[] x = a.dup('c').data().asDouble();
    double[] y = b.dup('c').data().asDouble();
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  private static int require(int token, LogitMap map) {
    if (token < 0 || token >= map.tokens()) {
      throw new IllegalArgumentException(
          "no logit of token %d: the model predicts tokens 0 to %d"
              .formatted(token, map.tokens() - 1));
    }
    return token;
  }
}
