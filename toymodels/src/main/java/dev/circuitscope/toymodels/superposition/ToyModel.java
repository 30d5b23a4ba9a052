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
 * column i is the direction in which feature i is stored.
 *
 * <p>Immutable; arrays go in and come out as copies.
 */
public final class ToyModel {

  private final int features;
  private final int hidden;
  private final float[] weights;
  private final float[] bias;
  private final ToyActivation activation;

  ToyModel(int features, int hidden, float[] weights, float[] bias, ToyActivation activation) {
    this.features = features;
    this.hidden = hidden;
    this.weights = weights.clone();
    this.bias = bias.clone();
    this.activation = activation;
  }

  /**
   * Makes a model from given weights.
   *
   * @param weights W, [hidden, features]; copied
   * @param bias b, [features]; copied
   * @param activation what is applied to the output
   * @return a model
   * @throws IllegalArgumentException if W is empty or ragged, or b has another length than W's rows
   */
  public static ToyModel of(float[][] weights, float[] bias, ToyActivation activation) {
    if (weights.length == 0 || bias.length == 0) {
      throw new IllegalArgumentException(
          "a toy model needs at least one hidden unit and one feature, was W ["
              + weights.length
              + ", ...], b ["
              + bias.length
              + "]");
    }
    float[] flat = new float[weights.length * bias.length];
    for (int k = 0; k < weights.length; k++) {
      if (weights[k].length != bias.length) {
        throw new IllegalArgumentException(
            "W [hidden, features] and b [features] disagree: row "
                + k
                + " of W has "
                + weights[k].length
                + " numbers, b has "
                + bias.length);
      }
      System.arraycopy(weights[k], 0, flat, k * bias.length, bias.length);
    }
    return new ToyModel(bias.length, weights.length, flat, bias, activation);
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
   * What is applied to the output.
   *
   * @return ReLU or none
   */
  public ToyActivation activation() {
    return activation;
  }

  /**
   * W as rows.
   *
   * @return [hidden, features], a copy
   */
  public float[][] weights() {
    float[][] rows = new float[hidden][features];
    for (int k = 0; k < hidden; k++) {
      System.arraycopy(weights, k * features, rows[k], 0, features);
    }
    return rows;
  }

  /**
   * b as numbers.
   *
   * @return [features], a copy
   */
  public float[] bias() {
    return bias.clone();
  }

  /**
   * W as an array.
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
    return Nd4j.createFromArray(bias);
  }

  /**
   * What the columns of W look like in space.
   *
   * @return computed anew at each call
   */
  public Geometry geometry() {
    return Geometry.of(weights());
  }

  /**
   * h = W x.
   *
   * @param x one sample, [features]
   * @return [hidden]
   * @throws IllegalArgumentException if x has another length
   */
  public float[] hidden(float[] x) {
    checkLength(x.length);
    float[] h = new float[hidden];
    for (int k = 0; k < hidden; k++) {
      for (int i = 0; i < features; i++) {
        h[k] += weights[k * features + i] * x[i];
      }
    }
    return h;
  }

  /**
   * x' = f(W^T W x + b).
   *
   * @param x one sample, [features]
   * @return [features]
   * @throws IllegalArgumentException if x has another length
   */
  public float[] reconstruct(float[] x) {
    float[] h = hidden(x);
    float[] y = bias.clone();
    for (int k = 0; k < hidden; k++) {
      for (int i = 0; i < features; i++) {
        y[i] += weights[k * features + i] * h[k];
      }
    }
    for (int i = 0; i < features; i++) {
      y[i] = y[i] <= activation.floor ? 0f : y[i];
    }
    return y;
  }

  /**
   * x' = f(W^T W x + b) for many samples.
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
   * The loss on random samples: the mean over samples and features of I_i (x_i - x'_i)^2, as in
   * training. The paper's loss is a sum over features: n times as much. What it is expected to be,
   * exactly, {@link dev.circuitscope.toymodels.theory.SparsityExpansion} says.
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
    checkLength(importance.size());
    if (!(featureProbability > 0 && featureProbability <= 1) || samples < 1) {
      throw new IllegalArgumentException(
          "sampledLoss needs a feature probability in (0, 1] and at least one sample, was p = "
              + featureProbability
              + ", samples = "
              + samples);
    }
    BlockKernels kernels = BlockKernels.best();
    ChunkPass pass =
        new ChunkPass(kernels, new SparseFeatures(features, (float) featureProbability), hidden);
    BlockKernels.Output output = Instance.output(activation, importance, bias, Block.WIDTH);
    double sum = 0;
    for (int first = 0; first < samples; first += Block.WIDTH) {
      sum += pass.loss(weights, output, seed, first, Math.min(Block.WIDTH, samples - first));
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
