package dev.circuitscope.examples.framework;

import dev.circuitscope.circuits.algebra.Eigenvalues;
import dev.circuitscope.circuits.algebra.RandomSpread;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.plot.ComplexPlane;
import dev.circuitscope.core.plot.Figure;
import dev.circuitscope.core.plot.Histogram;
import dev.circuitscope.examples.report.Numbers;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Pictures of the eigenvalues of heads' circuits. */
final class EigenvalueFigures {

  private static final int DECADES = 4;
  private static final int PER_ROW = 4;

  private EigenvalueFigures() {}

  /** A panel for each head, titled with its positivity. */
  static Figure panels(String title, List<Head> heads, List<Eigenvalues> circuits) {
    ComplexPlane plane = new ComplexPlane(title).logRadius(DECADES).columns(PER_ROW);
    for (int i = 0; i < heads.size(); i++) {
      Eigenvalues values = circuits.get(i);
      plane.panel(
          heads.get(i) + "  " + signed(values.positivity()), values.real(), values.imaginary());
    }
    return plane.figure();
  }

  /** The positivity of heads beside that of random matrices. */
  static Figure histogram(
      String title, String heads, List<Eigenvalues> circuits, RandomSpread chance, double level) {
    return new Histogram(title)
        .x("sum of eigenvalues / sum of their magnitudes")
        .range(-1, 1)
        .sample("random matrices", chance.values())
        .sample(heads, HeadEigenvalues.positivity(circuits))
        .vertical(
            Numbers.percent(1 - level) + " of random matrices lie below",
            chance.quantile(1 - level))
        .figure();
  }

  static String list(List<Head> heads, List<Eigenvalues> circuits) {
    return IntStream.range(0, heads.size())
        .mapToObj(i -> heads.get(i) + " " + signed(circuits.get(i).positivity()))
        .collect(Collectors.joining(", "));
  }

  private static String signed(double value) {
    return String.format(Locale.ROOT, "%+.2f", value);
  }
}
