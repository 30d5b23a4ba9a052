package dev.circuitscope.core.plot;

import java.util.List;
import java.util.Objects;

/**
 * What a scatter plot shows, checked and unchangeable.
 *
 * @param diagonal name of the line on which y equals x, or empty for none
 */
record ScatterSpec(
    String title,
    LineSpec.Axis x,
    LineSpec.Axis y,
    List<Series> groups,
    List<LineSpec.Reference> levels,
    List<LineSpec.Reference> uprights,
    List<Named> labels,
    String diagonal) {

  /** A text at a place. */
  record Named(String text, double x, double y) {
    Named {
      Objects.requireNonNull(text, "text");
      if (!Double.isFinite(x) || !Double.isFinite(y)) {
        throw new IllegalArgumentException(
            "ScatterPlot: label '%s' at (%s, %s); it must be finite".formatted(text, x, y));
      }
    }
  }

  ScatterSpec {
    groups = List.copyOf(groups);
    levels = List.copyOf(levels);
    uprights = List.copyOf(uprights);
    labels = List.copyOf(labels);
  }

  /** Whether a legend says anything that the axes do not. */
  boolean needsLegend() {
    return groups.size() > 1
        || !levels.isEmpty()
        || !uprights.isEmpty()
        || !diagonal.isEmpty()
        || !y.name().startsWith(groups.get(0).name());
  }
}
