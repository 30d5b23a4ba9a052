package dev.circuitscope.examples.incontext;

import dev.circuitscope.circuits.learning.PhaseChange;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.plot.Figure;
import dev.circuitscope.core.plot.LinePlot;
import dev.circuitscope.core.plot.Series;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Curves of several models over tokens seen. A model has the same colour in all of them. */
final class CourseCurves {

  static final String TOKENS = "tokens seen (millions)";

  /** Of plots side by side, two in a row. */
  static final int HALF_WIDTH = 540;

  static final int HALF_HEIGHT = 430;

  /** Of plots side by side, three in a row. */
  static final int THIRD_WIDTH = 370;

  static final int THIRD_HEIGHT = 310;

  private static final int MARKS = 6;

  /** Not those of models. */
  private static final int[] LAYERS = {6, 3, 7};

  private CourseCurves() {}

  /** A line for each model. */
  static LinePlot of(
      String title, List<ModelCourse> courses, Function<ModelCourse, double[]> curve) {
    LinePlot plot = new LinePlot(title).x(TOKENS);
    courses.forEach(course -> plot.add(line(course, course.kind().label(), curve)));
    return plot;
  }

  static Series line(ModelCourse course, String name, Function<ModelCourse, double[]> curve) {
    return styled(course.kind(), Series.of(name, millions(course), curve.apply(course)));
  }

  /** As {@link #of}, on a logarithmic axis, which has no place for the first weights. */
  static LinePlot ofLogTokens(
      String title, List<ModelCourse> courses, Function<ModelCourse, double[]> curve) {
    LinePlot plot = new LinePlot(title).x(TOKENS).logX();
    for (ModelCourse course : courses) {
      double[] x = millions(course);
      double[] y = curve.apply(course);
      plot.add(
          styled(
              course.kind(),
              Series.of(
                  course.kind().label(),
                  Arrays.copyOfRange(x, 1, x.length),
                  Arrays.copyOfRange(y, 1, y.length))));
    }
    return plot;
  }

  /** Shades the change of a model, if it has one. */
  static void shade(LinePlot plot, String label, ModelCourse course, Optional<PhaseChange> change) {
    change.ifPresent(c -> plot.band(label, course.millions(c.start()), course.millions(c.end())));
  }

  /** The prefix-matching scores of all heads of a model, a colour for each layer. */
  static Figure heads(ModelCourse course, Optional<PhaseChange> change) {
    LinePlot plot = new LinePlot(course.kind().label()).x(TOKENS).y("prefix matching").yRange(0, 1);
    for (int layer = 0; layer < course.kind().layers(); layer++) {
      int at = layer;
      List<Head> heads = course.ranking().stream().filter(h -> h.layer() == at).toList();
      plot.add(joined(course, "layer " + layer, heads).withColor(layerColor(layer)));
    }
    shade(plot, "rise of the best", course, change);
    return plot.figure().sized(THIRD_WIDTH, THIRD_HEIGHT);
  }

  /** Curves of several heads as one series, with gaps where one ends and the next begins. */
  private static Series joined(ModelCourse course, String name, List<Head> heads) {
    double[] millions = millions(course);
    int each = millions.length + 1;
    double[] x = new double[heads.size() * each];
    double[] y = new double[x.length];
    for (int h = 0; h < heads.size(); h++) {
      System.arraycopy(millions, 0, x, h * each, millions.length);
      System.arraycopy(course.prefixMatching(heads.get(h)), 0, y, h * each, millions.length);
      x[h * each + millions.length] = millions[millions.length - 1];
      y[h * each + millions.length] = Double.NaN;
    }
    return Series.of(name, x, y);
  }

  /** Marks without a line between them. */
  static Series marks(String name, List<double[]> points) {
    double[] x = new double[2 * points.size()];
    double[] y = new double[x.length];
    for (int i = 0; i < points.size(); i++) {
      x[2 * i] = points.get(i)[0];
      y[2 * i] = points.get(i)[1];
      x[2 * i + 1] = points.get(i)[0];
      y[2 * i + 1] = Double.NaN;
    }
    return Series.of(name, x, y).withMarkers().withColor(MARKS);
  }

  static Series styled(ModelKind kind, Series line) {
    Series colored = line.withColor(color(kind));
    return kind.smeared() ? colored.withDashes() : colored;
  }

  /** Smeared models have the lighter colour of the plain ones as deep. */
  static int color(ModelKind kind) {
    return switch (kind) {
      case ONE -> 0;
      case TWO -> 1;
      case THREE -> 2;
      case ONE_SMEARED -> 5;
      case TWO_SMEARED -> 4;
    };
  }

  static int layerColor(int layer) {
    return LAYERS[layer];
  }

  static double[] millions(ModelCourse course) {
    return Arrays.stream(course.table().tokens()).mapToDouble(t -> t / 1e6).toArray();
  }
}
