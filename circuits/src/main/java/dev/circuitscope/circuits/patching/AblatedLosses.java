package dev.circuitscope.circuits.patching;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.circuits.sampling.Provenance;
import java.util.Arrays;

/**
 * The loss of every token with and without an ablation.
 *
 * @param ablation what was done, in words
 * @param plain [batch][pos - 1] in nats, of the unablated run; at t, of predicting token t + 1;
 *     copied in and out
 * @param ablated [batch][pos - 1] in nats, of the ablated run; copied in and out
 * @param provenance the model's shape and the tokens
 */
public record AblatedLosses(
    String ablation, double[][] plain, double[][] ablated, Provenance provenance) {

  /**
   * Copies the losses.
   *
   * @param ablation what was done, in words
   * @param plain [batch][pos - 1], of the unablated run
   * @param ablated [batch][pos - 1], of the ablated run
   * @param provenance the model's shape and the tokens
   */
  public AblatedLosses {
    plain = copy(plain);
    ablated = copy(ablated);
  }

  /**
   * The losses of the unablated run.
   *
   * @return [batch][pos - 1] in nats, a copy
   */
  @Override
  public double[][] plain() {
    return copy(plain);
  }

  /**
   * The losses of the ablated run.
   *
   * @return [batch][pos - 1] in nats, a copy
   */
  @Override
  public double[][] ablated() {
    return copy(ablated);
  }

  /**
   * What the ablation adds to every loss.
   *
   * @return [batch][pos - 1], ablated less plain
   */
  public double[][] change() {
    double[][] change = copy(ablated);
    for (int b = 0; b < change.length; b++) {
      for (int t = 0; t < change[b].length; t++) {
        change[b][t] -= plain[b][t];
      }
    }
    return change;
  }

  /**
   * What the ablation adds to the mean loss of each position.
   *
   * @return [pos - 1], in nats
   */
  public double[] changeByPosition() {
    double[][] change = change();
    double[] mean = new double[change[0].length];
    for (double[] row : change) {
      for (int t = 0; t < mean.length; t++) {
        mean[t] += row[t] / change.length;
      }
    }
    return mean;
  }

  /**
   * Renders the losses.
   *
   * @return an object with all components
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("ablation", ablation);
    json.add("plain", JsonNumbers.of(plain));
    json.add("ablated", JsonNumbers.of(ablated));
    json.add("provenance", provenance.toJson());
    return json;
  }

  @Override
  public String toString() {
    return "%s: mean loss %.4f -> %.4f nats, %s"
        .formatted(ablation, mean(plain), mean(ablated), provenance);
  }

  private static double mean(double[][] losses) {
    return Arrays.stream(losses).flatMapToDouble(Arrays::stream).average().orElseThrow();
  }

  private static double[][] copy(double[][] rows) {
    return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
  }
}
