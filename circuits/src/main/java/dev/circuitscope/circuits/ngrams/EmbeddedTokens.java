package dev.circuitscope.circuits.ngrams;

import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a normalisation makes of each token's embedding, as if that were the whole residual stream:
 * (W_E[t] + p - mean) / sigma_t w. The offset b is kept apart. In float64.
 *
 * <p>Where positions are added to the stream (standard ones), sigma_t^2 is the mean over the given
 * positions, and p is their mean or is left out. Else the result is exact.
 */
final class EmbeddedTokens {

  private final Transformer model;
  private final int d;
  private final boolean none;
  private final boolean centres;
  private final double[] w;
  private final double[] b;

  /** The mean of the position vectors, and what of it is added to the embedding. */
  private final double[] meanPosition;

  private final boolean addsPosition;

  /** The mean over positions of their second moment, centred if the normalisation centres. */
  private final double positionSquares;

  private EmbeddedTokens(Transformer model, String norm, int from, int to, boolean addsPosition) {
    Normalization kind = model.config().normalization();
    this.model = model;
    this.d = model.config().dModel();
    this.none = kind == Normalization.NONE;
    this.centres = kind == Normalization.LN || kind == Normalization.LN_PRE;
    this.w = kind == Normalization.LN || kind == Normalization.RMS ? vector(norm + ".w") : null;
    this.b = kind == Normalization.LN ? vector(norm + ".b") : new double[d];
    this.addsPosition = addsPosition;
    this.meanPosition = new double[d];
    double squares = 0;
    if (model.config().positions() == Positions.STANDARD) {
      double[] p = vector("pos_embed.W_pos");
      for (int pos = from; pos < to; pos++) {
        double mean = centres ? mean(p, pos * d) : 0;
        for (int i = 0; i < d; i++) {
          meanPosition[i] += p[pos * d + i] / (to - from);
          squares += (p[pos * d + i] - mean) * (p[pos * d + i] - mean) / d / (to - from);
        }
      }
    }
    this.positionSquares = squares;
  }

  /** Without positions, but for their mean effect on the scale. */
  static EmbeddedTokens alone(Transformer model, String norm) {
    return new EmbeddedTokens(model, norm, 0, model.config().nCtx(), false);
  }

  /** With the mean vector of positions {@code from} to {@code to - 1}. */
  static EmbeddedTokens at(Transformer model, String norm, int from, int to) {
    return new EmbeddedTokens(model, norm, from, to, true);
  }

  /** b, which the normalisation adds to every vector; zeros if it has none. */
  double[] offset() {
    return b;
  }

  /** sigma_t of every token; ones without normalisation. */
  double[] scales() {
    double[] scales = new double[model.config().dVocab()];
    float[] embedding = new float[d];
    double[] x = new double[d];
    for (int token = 0; token < scales.length; token++) {
      model.weights().block().read(offset("embed.W_E") + token * d, embedding, 0, d);
      scales[token] = shift(embedding, x, 0);
    }
    return scales;
  }

  /** Rows of any tokens, [tokens.length, d_model]; a new array. */
  INDArray rows(int[] tokens) {
    double[] x = new double[tokens.length * d];
    float[] embedding = new float[x.length];
    for (int row = 0; row < tokens.length; row++) {
      model.weights().block().read(offset("embed.W_E") + tokens[row] * d, embedding, row * d, d);
      double sigma = shift(embedding, x, row * d);
      for (int i = 0; i < d; i++) {
        x[row * d + i] = x[row * d + i] / sigma * (w == null ? 1 : w[i]);
      }
    }
    return Nd4j.createFromArray(x).reshape('c', tokens.length, d);
  }

  /** Writes the centred vector to {@code x} and returns its scale. */
  private double shift(float[] embedding, double[] x, int at) {
    // mean_p var(e + p) = var(e) + 2 cov(e, mean p) + mean_p var(p)
    double squares = positionSquares;
    double mean = 0;
    double positionMean = centres ? mean(meanPosition, 0) : 0;
    for (int i = 0; i < d; i++) {
      mean += centres ? embedding[at + i] / (double) d : 0;
    }
    for (int i = 0; i < d; i++) {
      double e = embedding[at + i] - mean;
      double p = meanPosition[i] - positionMean;
      squares += e * (e + 2 * p) / d;
      x[at + i] = e + (addsPosition ? p : 0);
    }
    return none ? 1 : Math.sqrt(squares + model.config().eps());
  }

  private double mean(double[] values, int at) {
    double sum = 0;
    for (int i = 0; i < d; i++) {
      sum += values[at + i];
    }
    return sum / d;
  }

  private int offset(String name) {
    return model.weights().layout().get(name).offset();
  }

  private double[] vector(String name) {
    float[] elements = model.weights().elements(name);
    double[] wide = new double[elements.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = elements[i];
    }
    return wide;
  }
}
