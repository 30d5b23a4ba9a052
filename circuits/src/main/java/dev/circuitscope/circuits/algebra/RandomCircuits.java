package dev.circuitscope.circuits.algebra;

import dev.circuitscope.core.array.Blas;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The numbers that measure circuits, for random weights: every matrix of the model's shapes has
 * independent normal entries. What a trained model's numbers are compared with, since a random
 * head's are not 0 either.
 *
 * <p>All of these numbers are ratios, so the deviations of the entries do not matter. A sample
 * costs the same for any vocabulary: products with a long random matrix depend on a triangle of it
 * alone, which is drawn in its place.
 *
 * <p>A sample depends on the seed and its own number, not on the threads.
 */
public final class RandomCircuits {

  private RandomCircuits() {}

  /**
   * {@link Eigenvalues#positivity} of full OV circuits W_E W_V W_O W_U; with tied embeddings, W_U
   * is the transpose of the same random W_E.
   *
   * @param config the model's shapes
   * @param samples how many, at least 2
   * @param seed of the random numbers
   * @return the spread
   * @throws IllegalArgumentException if there are fewer than 2 samples
   */
  public static RandomSpread ovPositivity(TransformerConfig config, int samples, long seed) {
    int d = config.dModel();
    int e = config.dHead();
    String what = "positivity of random full OV circuits";
    return config.vocabulary().tied()
        ? spread(what, samples, seed, g -> throughEmbeddings(g, config))
        // W_O W_U W_E W_V, which has the same eigenvalues
        : spread(what, samples, seed, g -> positivity(g.product(e, d, config.dVocab(), d, e)));
  }

  /**
   * {@link Eigenvalues#positivity} of full QK circuits W_E W_Q W_K^T W_E^T.
   *
   * @param config the model's shapes
   * @param samples how many, at least 2
   * @param seed of the random numbers
   * @return the spread
   * @throws IllegalArgumentException if there are fewer than 2 samples
   */
  public static RandomSpread qkPositivity(TransformerConfig config, int samples, long seed) {
    return spread(
        "positivity of random full QK circuits", samples, seed, g -> throughEmbeddings(g, config));
  }

  /**
   * Composition scores of two heads. Q-, K- and V-composition have the same spread: each is of four
   * independent matrices of the same shapes.
   *
   * @param config the model's shapes
   * @param samples how many, at least 2
   * @param seed of the random numbers
   * @return the spread
   * @throws IllegalArgumentException if there are fewer than 2 samples
   */
  public static RandomSpread composition(TransformerConfig config, int samples, long seed) {
    int d = config.dModel();
    int e = config.dHead();
    return spread(
        "composition of random heads",
        samples,
        seed,
        g ->
            Composition.score(
                new FactoredMatrix(g.matrix(d, e), g.matrix(e, d)),
                new FactoredMatrix(g.matrix(d, e), g.matrix(e, d))));
  }

  /** Of B (E^T E) A, with E = W_E and random A [d_model, d_head], B [d_head, d_model]. */
  private static double throughEmbeddings(GaussianMatrices g, TransformerConfig config) {
    // E^T = L Q^T, so that E^T E = L L^T
    INDArray triangle = g.triangle(config.dModel(), config.dVocab());
    INDArray left = g.matrix(config.dHead(), config.dModel()).mmul(triangle);
    INDArray right = triangle.transpose().mmul(g.matrix(config.dModel(), config.dHead()));
    return positivity(left.mmul(right));
  }

  private static double positivity(INDArray matrix) {
    return Lapack.eigenvalues(matrix).positivity();
  }

  private static RandomSpread spread(
      String what, int samples, long seed, ToDoubleFunction<GaussianMatrices> sample) {
    if (samples < 2) {
      throw new IllegalArgumentException(
          "the spread of the %s needs at least 2 samples, was %d".formatted(what, samples));
    }
    SplittableRandom root = new SplittableRandom(seed);
    SplittableRandom[] streams = new SplittableRandom[samples];
    for (int i = 0; i < samples; i++) {
      streams[i] = root.split();
    }
    Blas.singleThreaded();
    double[] values = new double[samples];
    Parallel.forEach(
        samples, i -> values[i] = sample.applyAsDouble(new GaussianMatrices(streams[i])));
    return new RandomSpread(what, values, seed);
  }
}
