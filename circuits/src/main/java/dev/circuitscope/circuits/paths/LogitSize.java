package dev.circuitscope.circuits.paths;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How much a part of the logits matters. Softmax does not see what is the same for all tokens of a
 * position, so the mean over the vocabulary is taken off first.
 *
 * @param norm length of the centred logits of a position, as root mean square over positions
 * @param share of all centred logits L: {@code <part, L> / <L, L>}. Shares of parts that sum to the
 *     logits sum to 1; a part that works against the others has a negative one
 * @param effect what it adds to the centred logit that is asked for, mean over positions
 */
public record LogitSize(double norm, double share, double effect) {

  static LogitSize mean(List<LogitSize> sizes) {
    return new LogitSize(
        mean(sizes, LogitSize::norm),
        mean(sizes, LogitSize::share),
        mean(sizes, LogitSize::effect));
  }

  private static double mean(List<LogitSize> sizes, ToDoubleFunction<LogitSize> number) {
    return sizes.stream().mapToDouble(number).average().orElse(Double.NaN);
  }

  /**
   * Renders the numbers.
   *
   * @return an object with norm, share and effect
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.add("norm", JsonNumbers.of(norm));
    json.add("share", JsonNumbers.of(share));
    json.add("effect", JsonNumbers.of(effect));
    return json;
  }

  /** For example {@code norm 3.210, share 0.412, effect 1.734}. */
  @Override
  public String toString() {
    return "norm %.3f, share %.3f, effect %.3f".formatted(norm, share, effect);
  }
}
