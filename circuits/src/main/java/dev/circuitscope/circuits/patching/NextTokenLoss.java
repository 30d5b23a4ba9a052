package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.array.Kernels;
import dev.circuitscope.core.array.LogSumExp;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** mean over b and t of log sum_v exp(logits[b, t, v]) - logits[b, t, next]. */
final class NextTokenLoss implements DifferentiableMetric {

  private static final Kernels KERNELS = Kernels.best();

  private final int[][] tokens;

  NextTokenLoss(int[][] tokens) {
    if (tokens.length == 0 || tokens[0].length < 2) {
      throw new IllegalArgumentException(
          "loss: needs at least 1 sequence of at least 2 tokens, was %d of %d"
              .formatted(tokens.length, tokens.length == 0 ? 0 : tokens[0].length));
    }
    this.tokens = new int[tokens.length][];
    for (int b = 0; b < tokens.length; b++) {
      if (tokens[b].length != tokens[0].length) {
        throw new IllegalArgumentException(
            "loss: sequences must be equally long, were %d and %d tokens"
                .formatted(tokens[0].length, tokens[b].length));
      }
      this.tokens[b] = tokens[b].clone();
    }
  }

  /** The loss at every position but the last, [batch][pos - 1]. */
  double[][] perToken(INDArray logits) {
    int vocabulary = check(logits);
    double[][] losses = new double[tokens.length][length() - 1];
    FlatFloats.read(
        logits,
        values -> {
          float[] row = new float[vocabulary];
          for (int b = 0; b < tokens.length; b++) {
            for (int t = 0; t < length() - 1; t++) {
              values.get((b * length() + t) * vocabulary, row, 0, vocabulary);
              losses[b][t] = LogSumExp.of(row, 0, vocabulary) - row[tokens[b][t + 1]];
            }
          }
          return 0;
        });
    return losses;
  }

  @Override
  public double of(INDArray logits) {
    double sum = 0;
    for (double[] row : perToken(logits)) {
      sum += Arrays.stream(row).sum();
    }
    return sum / count();
  }

  /** (softmax(logits) - onehot(next)) / count. */
  @Override
  public INDArray gradient(INDArray logits) {
    int vocabulary = check(logits);
    float[] gradient = new float[Math.toIntExact(logits.length())];
    FlatFloats.read(
        logits,
        values -> {
          for (int b = 0; b < tokens.length; b++) {
            for (int t = 0; t < length() - 1; t++) {
              int row = (b * length() + t) * vocabulary;
              values.get(row, gradient, row, vocabulary);
              float max = KERNELS.max(gradient, row, vocabulary);
              float scale = 1 / (KERNELS.expSum(gradient, row, vocabulary, max) * count());
              for (int v = row; v < row + vocabulary; v++) {
                gradient[v] *= scale;
              }
              gradient[row + tokens[b][t + 1]] -= 1f / count();
            }
          }
          return 0;
        });
    return FlatFloats.array(gradient, logits.shape());
  }

  @Override
  public boolean reads(int position, int length) {
    return position < length - 1;
  }

  @Override
  public String label() {
    return "loss";
  }

  private int length() {
    return tokens[0].length;
  }

  private int count() {
    return tokens.length * (length() - 1);
  }

  private int check(INDArray logits) {
    if (logits.rank() != 3 || logits.size(0) != tokens.length || logits.size(1) != length()) {
      throw new IllegalArgumentException(
          "loss: has tokens [%d, %d], the logits are %s"
              .formatted(tokens.length, length(), Arrays.toString(logits.shape())));
    }
    for (int[] row : tokens) {
      for (int token : row) {
        if (token < 0 || token >= logits.size(2)) {
          throw new IllegalArgumentException(
              "loss: no logit of token %d; there are %d".formatted(token, logits.size(2)));
        }
      }
    }
    return (int) logits.size(2);
  }
}
