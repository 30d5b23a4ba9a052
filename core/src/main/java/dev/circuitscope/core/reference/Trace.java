package dev.circuitscope.core.reference;

import dev.circuitscope.core.hook.HookPoint;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a forward pass leaves behind: it shows each activation and keeps what comes of it. */
final class Trace {

  private final Sizes sizes;
  private final Intervention intervention;
  private final Map<HookPoint, DoubleTensor> kept = new LinkedHashMap<>();

  Trace(Sizes sizes, Intervention intervention) {
    this.sizes = sizes;
    this.intervention = intervention;
  }

  double[] reach(HookPoint point, double[] computed) {
    double[] value = intervention.apply(point, computed);
    if (value.length != computed.length) {
      throw new IllegalArgumentException(
          "the intervention at "
              + point
              + " returned "
              + value.length
              + " numbers in place of "
              + computed.length);
    }
    kept.put(point, new DoubleTensor(value, sizes.shape(point.site())));
    return value;
  }

  Map<HookPoint, DoubleTensor> activations() {
    return kept;
  }
}
