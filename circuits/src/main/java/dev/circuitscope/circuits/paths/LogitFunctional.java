package dev.circuitscope.circuits.paths;

import dev.circuitscope.circuits.attribution.LogitDirections;

/**
 * A number that is linear in centred logits, as a product with readings y = [x / s, 1]: {@code <F,
 * y>}.
 *
 * @param weights F, [pos, d_model + 1]
 */
record LogitFunctional(DoubleMatrix weights) {

  /** {@code <L, .> / <L, L>} with L the centred logits of the run. */
  static LogitFunctional share(LinearRun run) {
    DoubleMatrix y = run.reading(run.stream(run.config().nLayers()), true);
    DoubleMatrix yG = y.times(run.logitMap().gram());
    return new LogitFunctional(yG.times(1 / yG.dot(y)));
  }

  /** The mean of chosen centred logits over positions from one to before another. */
  static LogitFunctional mean(LinearRun run, LogitDirections directions, int from, int end) {
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
    return new LogitFunctional(new DoubleMatrix(f, run.length(), width));
  }

  double of(DoubleMatrix y) {
    return weights.dot(y);
  }

  /** What it is on the constants alone. */
  double ofConstants(LinearRun run) {
    DoubleMatrix nothing = run.zeros();
    return of(run.reading(nothing, true));
  }

  /** The same number as a product with parts x of the stream, [pos, d_model]. */
  DoubleMatrix inStream(LinearRun run) {
    double[] inverseScale = run.attention().inverseScale(run.config().nLayers());
    return weights.withoutLastColumn().scaleRows(inverseScale);
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
