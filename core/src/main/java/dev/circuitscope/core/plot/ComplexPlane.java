package dev.circuitscope.core.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Builds a picture of complex numbers, such as the eigenvalues of heads' circuits, a panel for each
 * set, all over one scale: real parts to the right, imaginary parts upwards, positive real parts in
 * one colour and negative ones in another.
 *
 * <pre>{@code
 * Figure figure =
 *     new ComplexPlane("Eigenvalues of the OV circuits")
 *         .panel("L0H0", real0, imaginary0)
 *         .panel("L0H1", real1, imaginary1)
 *         .logRadius(4)
 *         .figure();
 * }</pre>
 *
 * <p>With {@link #logRadius} a number's direction from the centre is its own, and its distance is
 * the logarithm of its magnitude, so that large and small ones are seen side by side, as in A
 * Mathematical Framework for Transformer Circuits, section "Summarizing OV/QK Matrices".
 */
public final class ComplexPlane {

  private static final double ALONE = 360;
  private static final double IN_A_ROW = 240;
  private static final double SMALL = 150;

  private final String title;
  private final List<String> names = new ArrayList<>();
  private final List<double[][]> points = new ArrayList<>();
  private int decades;
  private int columns;

  /**
   * A figure without panels yet.
   *
   * @param title the title; may be empty
   */
  public ComplexPlane(String title) {
    this.title = Objects.requireNonNull(title, "title");
  }

  /**
   * Adds a set of numbers.
   *
   * @param name the panel's title
   * @param real their real parts; may be empty; copied
   * @param imaginary their imaginary parts; copied
   * @return this builder
   * @throws IllegalArgumentException if there are not as many real as imaginary parts, or one is
   *     not finite
   */
  public ComplexPlane panel(String name, double[] real, double[] imaginary) {
    if (real.length != imaginary.length) {
      throw new IllegalArgumentException(
          "ComplexPlane: panel '%s' has %d real parts but %d imaginary ones"
              .formatted(name, real.length, imaginary.length));
    }
    for (int i = 0; i < real.length; i++) {
      if (!Double.isFinite(real[i]) || !Double.isFinite(imaginary[i])) {
        throw new IllegalArgumentException(
            "ComplexPlane: number %d of panel '%s' is %s + %si; it must be finite"
                .formatted(i, name, real[i], imaginary[i]));
      }
    }
    names.add(Objects.requireNonNull(name, "name"));
    points.add(new double[][] {real.clone(), imaginary.clone()});
    return this;
  }

  /**
   * Makes the distance from the centre logarithmic; it is linear unless set.
   *
   * @param count how many powers of ten lie between the centre and the edge, at least 1; smaller
   *     numbers are drawn at the centre
   * @return this builder
   * @throws IllegalArgumentException if {@code count} is less than 1
   */
  public ComplexPlane logRadius(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("ComplexPlane: " + count + " decades; use at least 1");
    }
    decades = count;
    return this;
  }

  /**
   * Sets how many panels stand in a row; five at most unless set.
   *
   * @param count panels in a row, at least 1
   * @return this builder
   * @throws IllegalArgumentException if {@code count} is less than 1
   */
  public ComplexPlane columns(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("ComplexPlane: " + count + " columns; use at least 1");
    }
    columns = count;
    return this;
  }

  /**
   * The figure.
   *
   * @return the figure of all panels added so far, over one scale
   * @throws IllegalArgumentException if there is no panel
   */
  public Figure figure() {
    if (points.isEmpty()) {
      throw new IllegalArgumentException("ComplexPlane: no panels; add at least one");
    }
    double longest = 0;
    for (double[][] set : points) {
      for (int i = 0; i < set[0].length; i++) {
        longest = Math.max(longest, Math.hypot(set[0][i], set[1][i]));
      }
    }
    RadiusScale scale = RadiusScale.upTo(longest == 0 ? 1 : longest, decades);
    double side = points.size() == 1 ? ALONE : points.size() <= 3 ? IN_A_ROW : SMALL;
    List<Panel> panels = new ArrayList<>();
    for (double[][] set : points) {
      panels.add(new ComplexPanel(set[0], set[1], scale, side));
    }
    String radius =
        decades == 0
            ? ""
            : " (distance from the centre is logarithmic, from "
                + Ticks.format(scale.centre())
                + ")";
    return Figure.of(
        new SmallMultiples(
            title,
            "real part" + radius,
            "imaginary part",
            columns > 0 ? columns : SmallMultiples.balanced(panels.size(), 5),
            panels,
            names,
            new KeyLegend(
                List.of(
                    KeyLegend.Entry.dot("positive real part", ComplexPanel.POSITIVE),
                    KeyLegend.Entry.dot("negative real part", ComplexPanel.NEGATIVE)))));
  }
}
