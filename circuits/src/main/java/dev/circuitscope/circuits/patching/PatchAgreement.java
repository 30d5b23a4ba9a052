package dev.circuitscope.circuits.patching;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import java.util.Arrays;

/**
 * Estimated patches beside real ones.
 *
 * @param estimated the first-order estimates
 * @param real one run for each patch
 */
public record PatchAgreement(PatchGrid estimated, PatchGrid real) {

  /**
   * Checks that both are of the same patches.
   *
   * @param estimated the first-order estimates
   * @param real one run for each patch
   * @throws IllegalArgumentException if sites, axes or shapes differ
   */
  public PatchAgreement {
    if (estimated.site() != real.site()
        || !estimated.axes().equals(real.axes())
        || !Arrays.equals(estimated.shape(), real.shape())) {
      throw new IllegalArgumentException(
          "cannot compare patches of %s along %s with those of %s along %s"
              .formatted(estimated.site(), estimated.axes(), real.site(), real.axes()));
    }
  }

  /**
   * Pearson's correlation of the effects.
   *
   * @return from -1 to 1; NaN if either side has the same effect everywhere
   */
  public double correlation() {
    double[] x = estimated.effects();
    double[] y = real.effects();
    double meanX = Arrays.stream(x).average().orElse(0);
    double meanY = Arrays.stream(y).average().orElse(0);
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (x[i] - meanX) * (y[i] - meanY);
      xx += (x[i] - meanX) * (x[i] - meanX);
      yy += (y[i] - meanY) * (y[i] - meanY);
    }
    return xy / Math.sqrt(xx * yy);
  }

  /**
   * Size of the error beside the size of the effects.
   *
   * @return the norm of estimated less real effects over that of real effects; 0 is perfect
   */
  public double relativeError() {
    double[] x = estimated.effects();
    double[] y = real.effects();
    double error = 0;
    double size = 0;
    for (int i = 0; i < x.length; i++) {
      error += (x[i] - y[i]) * (x[i] - y[i]);
      size += y[i] * y[i];
    }
    return Math.sqrt(error / size);
  }

  /**
   * Renders the agreement.
   *
   * @return an object with both grids, correlation and relative error
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.add("correlation", JsonNumbers.of(correlation()));
    json.add("relative_error", JsonNumbers.of(relativeError()));
    json.add("estimated", estimated.toJson());
    json.add("real", real.toJson());
    return json;
  }

  @Override
  public String toString() {
    return "estimates against patches: correlation %.3f, relative error %.3f%n%s%n%s"
        .formatted(correlation(), relativeError(), estimated, real);
  }
}
