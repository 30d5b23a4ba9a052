package dev.circuitscope.toymodels.superposition;

import dev.circuitscope.toymodels.geometry.Geometry;
import dev.circuitscope.toymodels.kernels.Block;
import dev.circuitscope.toymodels.kernels.BlockKernels;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One model: h = W x and x' = f(W^T h + b), with W in the paper's orientation, [hidden, features];
 * column i is the direction in which feature i is stored. With hidden ReLUs, h = ReLU(W x). The
 * model of absolute values has two matrices, h = ReLU(W1 x) and y' = ReLU(W2 h + b): for it, {@link
 * #weights} is W1 and {@link #decoder} W2.
 *
 * <p>Immutable; arrays go in and come out as copies.
 */
public final class ToyModel {

  private final int features;
  private final int hidden;
  private final Weights weights;
  private final ToyArchitecture architecture;

  ToyModel(ToyArchitecture architecture, Weights weights) {
    this.features = weights.bias().length;
    this.hidden = weights.encoder().length / features;
    this.weights = weights.copy();
    this.architecture = architecture;
  }

  /**
   * Makes a model without a hidden ReLU from given weights.
   *
   * @param weights W, [hidden, features]; copied
   * @param bias b, [features]; copied
   * @param activation what is applied to the output
   * @return a model
   * @throws IllegalArgumentException if W is empty or ragged, or b has another length than W's rows
   */
  public static ToyModel of(float[][] weights, float[] bias, ToyActivation activation) {
    return tied(weights, bias, ToyArchitecture.of(activation));
  }

  /**
   * Makes a model whose decoder is its encoder's transpose.
   *
   * @param weights W, [hidden, features]; copied
   * @param bias b, [features]; copied
   * @param architecture any but that of absolute values
   * @return a model
   * @throws IllegalArgumentException if W is empty or ragged, b has another length than W's rows,
   *     or the architecture needs a second matrix
   */
  public static ToyModel tied(float[][] weights, float[] bias, ToyArchitecture architecture) {
    if (!architecture.isTied()) {
      throw new IllegalArgumentException(
          architecture + " has a decoder of its own; use ToyModel.absoluteValue(W1, W2, b)");
    }
    requireSizes(weights.length, bias.length);
    float[] w = flat("W [hidden, features]", weights, bias.length);
    return new ToyModel(architecture, new Weights(w, new float[0], bias));
  }

  /**
   * Makes a model y' = ReLU(W2 ReLU(W1 x) + b) of absolute values.
   *
   * @param w1 W1, [hidden, features]; copied
   * @param w2 W2, [features, hidden]; copied
   * @param bias b, [features]; copied
   * @return a model
   * @throws IllegalArgumentException if a matrix is empty or ragged, or the shapes do not fit
   */
  public static ToyModel absoluteValue(float[][] w1, float[][] w2, float[] bias) {
    requireSizes(w1.length, bias.length);
    if (w2.length != bias.length) {
      throw new IllegalArgumentException(
          "W2 [features, hidden] and b [features] disagree: W2 has %d rows, b has %d numbers"
              .formatted(w2.length, bias.length));
    }
    float[] encoder = flat("W1 [hidden, features]", w1, bias.length);
    float[] decoder = flat("W2 [features, hidden]", w2, w1.length);
    return new ToyModel(ToyArchitecture.ABSOLUTE_VALUE, new Weights(encoder, decoder, bias));
  }

  private static void requireSizes(int hidden, int features) {
    if (hidden == 0 || features == 0) {
      throw new IllegalArgumentException(
          "a toy model needs at least one hidden unit and one feature, was W [%d, ...], b [%d]"
              .formatted(hidden, features));
    }
  }

  private static float[] flat(String name, float[][] rows, int columns) {
    float[] flat = new float[rows.length * columns];
    for (int k = 0; k < rows.length; k++) {
      if (rows[k].length != columns) {
        throw new IllegalArgumentException(
            "%s must have rows of %d numbers to fit the rest, but row %d has %d numbers"
                .formatted(name, columns, k, rows[k].length));
      }
      System.arraycopy(rows[k], 0, flat, k * columns, columns);
    }
    return flat;
  }

  /**
   * The length of x.
   *
   * @return n
   */
  public int features() {
    return features;
  }

  /**
   * The length of h.
   *
   * @return m
   */
  public int hidden() {
    return hidden;
  }

  /**
   * The kind of model.
   *
   * @return what it was made as
   */
  public ToyArchitecture architecture() {
    return architecture;
  }

  /**
   * What is applied to the output.
   *
   * @return ReLU or none
   */
  public ToyActivation activation() {
    return architecture.output();
  }

  /**
   * W, or W1, as rows.
   *
   * @return [hidden, features], a copy
   */
  public float[][] weights() {
    return rows(weights.encoder(), hidden, features);
  }

  /**
   * W2 as rows; W^T if the decoder is the encoder's transpose.
   *
   * @return [features, hidden], a copy
   */
  public float[][] decoder() {
    if (!architecture.isTied()) {
      return rows(weights.decoder(), features, hidden);
    }
    float[][] transpose = new float[features][hidden];
    for (int i = 0; i < features; i++) {
      for (int k = 0; k < hidden; k++) {
        transpose[i][k] = weights.encoder()[k * features + i];
      }
    }
    return transpose;
  }

  private static float[][] rows(float[] flat, int rows, int columns) {
    float[][] matrix = new float[rows][];
    for (int r = 0; r < rows; r++) {
      matrix[r] = Arrays.copyOfRange(flat, r * columns, (r + 1) * columns);
    }
    return matrix;
  }

  /**
   * b as numbers.
   *
   * @return [features], a copy
   */
  public float[] bias() {
    return weights.bias().clone();
  }

  /**
   * W, or W1, as an array.
   *
   * @return [hidden, features], a copy
   */
  public INDArray W() {
    return Nd4j.createFromArray(weights());
  }

  /**
   * b as an array.
   *
   * @return [features], a copy
   */
  public INDArray b() {
    return Nd4j.createFromArray(weights.bias());
  }

  /**
   * What the columns of W, or W1, look like in space.
   *
   * @return computed anew at each call
   */
  public Geometry geometry() {
    return Geometry.of(weights());
  }

  /**
   * The hidden vector: W x, or ReLU(W x).
   *
   * @param x one sample, [features]
   * @return h, [hidden]
   * @throws IllegalArgumentException if x has another length
   */
  public float[] hidden(float[] x) {
    checkLength(x.length);
    float[] h = new float[hidden];
    for (int k = 0; k < hidden; k++) {
      for (int i = 0; i < features; i++) {
        h[k] += weights.encoder()[k * features + i] * x[i];
      }
      h[k] = architecture.hasHiddenRelu() && h[k] <= 0 ? 0f : h[k];
    }
    return h;
  }

  /**
   * What the model makes of a sample: x', or the y' that ought to be |x|.
   *
   * @param x one sample, [features]
   * @return [features]
   * @throws IllegalArgumentException if x has another length
   */
  public float[] reconstruct(float[] x) {
    float[] h = hidden(x);
    float[] y = weights.bias().clone();
    float[][] decoder = decoder();
    for (int i = 0; i < features; i++) {
      for (int k = 0; k < hidden; k++) {
        y[i] += decoder[i][k] * h[k];
      }
      y[i] = y[i] <= architecture.output().floor ? 0f : y[i];
    }
    return y;
  }

  /**
   * What the model makes of many samples.
   *
   * @param x [samples, features]
   * @return [samples, features]
   * @throws IllegalArgumentException if x is not a matrix with one column per feature
   */
  public INDArray reconstruct(INDArray x) {
    if (x.rank() != 2 || x.size(1) != features) {
      throw new IllegalArgumentException(
          "reconstruct needs x [samples, features] with "
              + features
              + " features, was "
              + Arrays.toString(x.shape()));
    }
    float[][] samples = x.toFloatMatrix();
    for (int s = 0; s < samples.length; s++) {
      samples[s] = reconstruct(samples[s]);
    }
    return Nd4j.createFromArray(samples);
  }

  /**
   * The loss on random samples of independent features, signed for a model of absolute values.
   *
   * @param importance I_i, one number per feature
   * @param featureProbability p of the samples
   * @param samples how many; the error falls as its root
   * @param seed of the samples: the same seed gives the same samples to every model
   * @return the loss
   * @throws IllegalArgumentException if {@code importance} has another length, p is not in (0, 1],
   *     or {@code samples} is less than 1
   */
  public double sampledLoss(
      List<Float> importance, double featureProbability, int samples, long seed) {
    FeatureDistribution usual = ToyConfig.usualDistribution(architecture);
    return sampledLoss(importance, usual, featureProbability, samples, seed);
  }

  /**
   * The loss on random samples: the mean over samples and features of I_i (t_i - y_i)^2, where y is
   * the output and t the target, as in training. The paper's loss is a sum over features: n times
   * as much. For the models without hidden ReLU on independent features, {@link
   * dev.circuitscope.toymodels.theory.SparsityExpansion} says exactly what is to be expected.
   *
   * @param importance I_i, one number per feature
   * @param distribution of the samples
   * @param featureProbability p of the samples
   * @param samples how many; the error falls as its root
   * @param seed of the samples: the same seed gives the same samples to every model
   * @return the loss
   * @throws IllegalArgumentException if {@code importance} has another length, p is not in (0, 1]
   *     or not one the distribution can have, or {@code samples} is less than 1
   */
  public double sampledLoss(
      List<Float> importance,
      FeatureDistribution distribution,
      double featureProbability,
      int samples,
      long seed) {
    checkLength(importance.size());
    if (!(featureProbability > 0 && featureProbability <= 1) || samples < 1) {
      throw new IllegalArgumentException(
          "sampledLoss needs a feature probability in (0, 1] and at least one sample, was p = "
              + featureProbability
              + ", samples = "
              + samples);
    }
    distribution.requireFits(features, featureProbability);
    ChunkPass pass =
        new ChunkPass(BlockKernels.best(), architecture, distribution, featureProbability, weights);
    BlockKernels.Output output =
        Instance.output(architecture.output(), importance, weights.bias(), Block.WIDTH);
    float[] sums = pass.newSums();
    double sum = 0;
    for (int first = 0; first < samples; first += Block.WIDTH) {
      int count = Math.min(Block.WIDTH, samples - first);
      pass.forward(weights, output, new ChunkPass.Samples(seed, first, count), sums);
      sum += pass.lossOf(sums);
    }
    return sum * Block.WIDTH / samples;
  }

  private void checkLength(int length) {
    if (length != features) {
      throw new IllegalArgumentException(
          "this model has " + features + " features, but was given " + length);
    }
  }
}
