package dev.circuitscope.toymodels.computation;

import com.google.gson.JsonObject;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.toymodels.superposition.ToyModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What each neuron of a model y' = ReLU(W2 ReLU(W1 x) + b) does for |x|: which feature it serves,
 * for which sign, and how much else it does. Section "Computation in Superposition" of "Toy Models
 * of Superposition" (Elhage et al., 2022).
 *
 * <p>Without superposition there are two neurons per feature, ReLU(x_i) and ReLU(-x_i), with gain 1
 * and purity 1 each. None of the numbers changes when a neuron is read c times as strongly and
 * written 1/c times.
 *
 * <pre>{@code
 * ToyConfig config =
 *     ToyConfig.builder(3, 6)
 *         .architecture(ToyArchitecture.ABSOLUTE_VALUE)
 *         .featureProbability(0.3)
 *         .restarts(5)
 *         .build();
 * var neurons = AbsoluteValueNeurons.of(ToyTrainer.of(config).train().best(0).model());
 * neurons.pairs(0.9); // [0, 1, 2]
 * }</pre>
 *
 * @param neurons in order
 * @param features of the model
 */
public record AbsoluteValueNeurons(List<Neuron> neurons, int features) {

  /**
   * One neuron.
   *
   * @param feature it serves most: the i of the largest gain; -1 if it serves none
   * @param sign of that feature for which it fires: 1 or -1; 0 if it serves none
   * @param gain |W1_ki| W2_ik for this feature, ideally 1 if nobody else serves this sign of it
   * @param purity the share of this feature in what the neuron reads times its share in what it
   *     writes, as squares: W1_ki^2 / sum_j W1_kj^2 times I_i W2_ik^2 / sum_j I_j W2_jk^2; 1 if it
   *     does nothing else
   */
  public record Neuron(int feature, int sign, double gain, double purity) {}

  /**
   * Copies the neurons.
   *
   * @param neurons in order
   * @param features of the model
   */
  public AbsoluteValueNeurons {
    neurons = List.copyOf(neurons);
  }

  /**
   * Looks at every neuron of a model whose features are of one importance.
   *
   * @param model of absolute values
   * @return one entry per neuron
   * @throws IllegalArgumentException if the model is of another kind
   */
  public static AbsoluteValueNeurons of(ToyModel model) {
    return of(model, Collections.nCopies(model.features(), 1f));
  }

  /**
   * Looks at every neuron. What is written to a feature counts for its purity as far as the feature
   * does: to one of next to no importance, training leaves whatever the weights were at the start.
   *
   * @param model of absolute values
   * @param importance I_i of each feature
   * @return one entry per neuron
   * @throws IllegalArgumentException if the model is of another kind, or has another number of
   *     features
   */
  public static AbsoluteValueNeurons of(ToyModel model, List<? extends Number> importance) {
    TwoLayers layers = TwoLayers.of(model);
    if (importance.size() != model.features()) {
      throw new IllegalArgumentException(
          "importance needs one number per feature: %d features, but %d numbers"
              .formatted(model.features(), importance.size()));
    }
    double[] weights = importance.stream().mapToDouble(Number::doubleValue).toArray();
    List<Neuron> neurons = new ArrayList<>();
    for (int k = 0; k < model.hidden(); k++) {
      neurons.add(neuron(layers.w1()[k], layers.w2(), k, weights));
    }
    return new AbsoluteValueNeurons(neurons, model.features());
  }

  private static Neuron neuron(double[] read, double[][] w2, int k, double[] importance) {
    int best = -1;
    double gain = 0;
    double allRead = 0;
    double allWritten = 0;
    for (int i = 0; i < read.length; i++) {
      allRead += read[i] * read[i];
      allWritten += importance[i] * w2[i][k] * w2[i][k];
      if (Math.abs(read[i]) * w2[i][k] > gain) {
        gain = Math.abs(read[i]) * w2[i][k];
        best = i;
      }
    }
    if (best < 0) {
      return new Neuron(-1, 0, 0, 0);
    }
    double purity = importance[best] * gain * gain / (allRead * allWritten);
    return new Neuron(best, read[best] > 0 ? 1 : -1, gain, allWritten == 0 ? 0 : purity);
  }

  /**
   * The neurons that serve one sign of one feature.
   *
   * @param feature which
   * @param sign 1 or -1
   * @param leastPurity of a neuron that counts
   * @return their numbers, in order
   */
  public List<Integer> serving(int feature, int sign, double leastPurity) {
    return IntStream.range(0, neurons.size())
        .filter(k -> neurons.get(k).feature() == feature && neurons.get(k).sign() == sign)
        .filter(k -> neurons.get(k).purity() >= leastPurity)
        .boxed()
        .toList();
  }

  /**
   * The features with a positive and a negative neuron of their own.
   *
   * @param leastPurity of a neuron that counts, at most 1
   * @return their numbers, in order
   */
  public List<Integer> pairs(double leastPurity) {
    return IntStream.range(0, features)
        .filter(i -> !serving(i, 1, leastPurity).isEmpty())
        .filter(i -> !serving(i, -1, leastPurity).isEmpty())
        .boxed()
        .toList();
  }

  /**
   * Everything as JSON.
   *
   * @return an object
   */
  public JsonObject toJson() {
    return Json.of(this);
  }

  /**
   * A table: for every neuron the feature it serves, the sign, the gain and the purity.
   *
   * @return several lines
   */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%6s %8s %5s %6s %6s%n",
                "neuron",
                "feature",
                "sign",
                "gain",
                "purity"));
    for (int k = 0; k < neurons.size(); k++) {
      Neuron neuron = neurons.get(k);
      text.append(
          String.format(
              Locale.ROOT,
              "%6d %8d %+5d %6.2f %6.2f%n",
              k,
              neuron.feature(),
              neuron.sign(),
              neuron.gain(),
              neuron.purity()));
    }
    return text.toString();
  }
}
