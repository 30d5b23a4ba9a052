package dev.circuitscope.core.plot;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** What a line plot shows, checked and unchangeable. */
record LineSpec(
    String title,
    Axis x,
    Axis y,
    List<Series> series,
    List<Interval> bands,
    List<Reference> levels,
    List<Reference> uprights) {

  /** A named interval of an axis. */
  record Interval(String label, double from, double to) {
    Interval {
      Objects.requireNonNull(label, "label");
      if (!(from < to) || Double.isInfinite(from) || Double.isInfinite(to)) {
        throw new IllegalArgumentException(
            "'%s' from %s to %s; the ends must be finite and in order".formatted(label, from, to));
      }
    }
  }

  /** A named place on an axis. */
  record Reference(String label, double at) {
    Reference {
      Objects.requireNonNull(label, "label");
      if (!Double.isFinite(at)) {
        throw new IllegalArgumentException(
            "Reference line '" + label + "' at " + at + "; it must be finite");
      }
    }
  }

  /** An axis and what it spans. */
  record Axis(String name, boolean log, double low, double high) {

    static Axis x(
        String name, boolean log, Interval fixed, List<Series> series, List<Reference> marks) {
      return fit(name, log, fixed, series, Series::x, marks, 0.02);
    }

    static Axis y(
        String name, boolean log, Interval fixed, List<Series> series, List<Reference> marks) {
      return fit(name, log, fixed, series, Series::y, marks, 0.06);
    }

    private static Axis fit(
        String name,
        boolean log,
        Interval fixed,
        List<Series> series,
        Function<Series, double[]> values,
        List<Reference> marks,
        double pad) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (Series one : series) {
        for (double v : values.apply(one)) {
          if (Double.isFinite(v)) {
            requirePositive(log, v, "series '" + one.name() + "'", name);
            low = Math.min(low, v);
            high = Math.max(high, v);
          }
        }
      }
      for (Reference mark : marks) {
        requirePositive(log, mark.at(), "reference line '" + mark.label() + "'", name);
        low = Math.min(low, mark.at());
        high = Math.max(high, mark.at());
      }
      if (fixed != null) {
        requirePositive(log, fixed.from(), fixed.label(), name);
        return new Axis(name, log, fixed.from(), fixed.to());
      }
      return log ? padLog(name, low, high, pad) : padLinear(name, low, high, pad);
    }

    private static Axis padLinear(String name, double low, double high, double pad) {
      double size = Math.max(Math.abs(low), Math.abs(high));
      double room = (high - low) * pad;
      if (high - low <= size * 1e-12) {
        room = size == 0 ? 0.5 : 0.1 * size;
      }
      return new Axis(name, false, low - room, high + room);
    }

    private static Axis padLog(String name, double low, double high, double pad) {
      double factor = high > low * (1 + 1e-9) ? Math.pow(high / low, pad) : 2;
      return new Axis(name, true, low / factor, high * factor);
    }

    private static void requirePositive(boolean log, double value, String what, String axis) {
      if (log && value <= 0) {
        throw new IllegalArgumentException(
            "Logarithmic axis '%s': %s has %s; only positive values have a place there"
                .formatted(axis, what, value));
      }
    }

    Axis union(Axis other) {
      return new Axis(name, log, Math.min(low, other.low), Math.max(high, other.high));
    }
  }

  LineSpec {
    if (series.isEmpty()) {
      throw new IllegalArgumentException(
          "LinePlot '" + title + "' has no lines; add at least one series");
    }
  }

  LineSpec withX(Axis newX) {
    return new LineSpec(title, newX, y, series, bands, levels, uprights);
  }

  /** Whether a legend says anything that the axis does not. */
  boolean needsLegend() {
    return series.size() > 1
        || !bands.isEmpty()
        || !levels.isEmpty()
        || !uprights.isEmpty()
        || !y.name().startsWith(series.get(0).name());
  }
}
