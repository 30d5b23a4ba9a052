package dev.circuitscope.toymodels.geometry;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A figure whose corners are unit vectors that are all alike and form a tight frame, so that as a
 * model's columns each of them has dimensionality m/n exactly: those of section "The Geometry of
 * Superposition" of "Toy Models of Superposition" (Elhage et al., 2022), and their families. Ground
 * truth for measurements, and what {@link InterferenceGraph} names its components after.
 *
 * <pre>{@code
 * RegularFigure.PENTAGON.weights();                     // W [2][5], unit columns 72 degrees apart
 * RegularFigure.PENTAGON.dimensionality();              // 0.4
 * RegularFigure.product(TRIANGLE, DIGON);               // W [3][5], block-diagonal
 * }</pre>
 *
 * <p>A figure that belongs to several families is the same value whichever it is asked for as: the
 * polygon with three corners equals the triangle, the cross-polytope of two dimensions the square.
 *
 * @param family what kind of figure it is
 * @param dimensions m, of the space that it spans
 * @param corners n
 */
public record RegularFigure(Family family, int dimensions, int corners) {

  /** Kinds of figures. */
  public enum Family {
    /** One unit vector: a feature with a dimension of its own. */
    POINT,
    /** m + 1 vectors in m dimensions, with dot products -1/m: digon, triangle, tetrahedron, ... */
    SIMPLEX,
    /** A regular polygon with four corners or more. */
    POLYGON,
    /** m antipodal pairs on m axes, m at least 3: octahedron, ... */
    CROSS_POLYTOPE,
    /** Two squares, one turned by 45 degrees above the other, as high as makes a tight frame. */
    SQUARE_ANTIPRISM
  }

  /** A dimension of its own: D = 1. */
  public static final RegularFigure DEDICATED = new RegularFigure(Family.POINT, 1, 1);

  /** An antipodal pair: D = 1/2. */
  public static final RegularFigure DIGON = simplex(1);

  /** D = 2/3. */
  public static final RegularFigure TRIANGLE = simplex(2);

  /** D = 3/4. */
  public static final RegularFigure TETRAHEDRON = simplex(3);

  /** D = 1/2. */
  public static final RegularFigure SQUARE = polygon(4);

  /** D = 2/5. */
  public static final RegularFigure PENTAGON = polygon(5);

  /** D = 1/2. */
  public static final RegularFigure OCTAHEDRON = crossPolytope(3);

  /**
   * D = 3/8. Its corners lie at heights +-1/sqrt(3): the one antiprism of eight unit vectors that
   * is a tight frame. The one with edges of equal length is a little flatter (+-0.511) and has D =
   * 0.366.
   */
  public static final RegularFigure SQUARE_ANTIPRISM =
      new RegularFigure(Family.SQUARE_ANTIPRISM, 3, 8);

  /**
   * Checks that the family has such a member.
   *
   * @param family what kind of figure it is
   * @param dimensions m
   * @param corners n
   * @throws IllegalArgumentException if it has not
   */
  public RegularFigure {
    boolean exists =
        switch (family) {
          case POINT -> dimensions == 1 && corners == 1;
          case SIMPLEX -> dimensions >= 1 && corners == dimensions + 1;
          case POLYGON -> dimensions == 2 && corners >= 4;
          case CROSS_POLYTOPE -> dimensions >= 3 && corners == 2 * dimensions;
          case SQUARE_ANTIPRISM -> dimensions == 3 && corners == 8;
        };
    if (!exists) {
      throw new IllegalArgumentException(
          "there is no %s with %d corners in %d dimensions; use a factory method"
              .formatted(family, corners, dimensions));
    }
  }

  /**
   * The simplex: digon, triangle, tetrahedron and on.
   *
   * @param dimensions m, at least 1
   * @return m + 1 corners, D = m / (m + 1)
   * @throws IllegalArgumentException if {@code dimensions} is less than 1
   */
  public static RegularFigure simplex(int dimensions) {
    return new RegularFigure(Family.SIMPLEX, dimensions, dimensions + 1);
  }

  /**
   * The regular polygon.
   *
   * @param corners at least 3
   * @return the polygon, D = 2 / corners
   * @throws IllegalArgumentException if {@code corners} is less than 3
   */
  public static RegularFigure polygon(int corners) {
    return corners == 3 ? simplex(2) : new RegularFigure(Family.POLYGON, 2, corners);
  }

  /**
   * The cross-polytope: digon, square, octahedron and on.
   *
   * @param dimensions m, at least 1
   * @return 2m corners, D = 1/2
   * @throws IllegalArgumentException if {@code dimensions} is less than 1
   */
  public static RegularFigure crossPolytope(int dimensions) {
    return switch (dimensions) {
      case 1 -> simplex(1);
      case 2 -> polygon(4);
      default -> new RegularFigure(Family.CROSS_POLYTOPE, dimensions, 2 * dimensions);
    };
  }

  /**
   * Every figure with a number of corners.
   *
   * @param corners at least 1
   * @return from the fewest dimensions to the most
   * @throws IllegalArgumentException if {@code corners} is less than 1
   */
  public static List<RegularFigure> withCorners(int corners) {
    return switch (corners) {
      case 1 -> List.of(DEDICATED);
      case 2 -> List.of(DIGON);
      case 3 -> List.of(TRIANGLE);
      case 4 -> List.of(SQUARE, TETRAHEDRON);
      case 8 -> List.of(polygon(8), SQUARE_ANTIPRISM, crossPolytope(4), simplex(7));
      default ->
          corners % 2 == 0
              ? List.of(polygon(corners), crossPolytope(corners / 2), simplex(corners - 1))
              : List.of(polygon(corners), simplex(corners - 1));
    };
  }

  /**
   * The dimensionality D_i = m / n of each corner.
   *
   * @return in (0, 1]
   */
  public double dimensionality() {
    return (double) dimensions / corners;
  }

  /**
   * The dot product of two corners, without rounding but that of its value.
   *
   * @param i a corner, from 0 in the order of {@link #weights}
   * @param j a corner
   * @return from -1 to 1
   * @throws IndexOutOfBoundsException if there is no such corner
   */
  public double dot(int i, int j) {
    Objects.checkIndex(i, corners);
    Objects.checkIndex(j, corners);
    if (i == j) {
      return 1;
    }
    return switch (family) {
      case POINT -> 1;
      case SIMPLEX -> -1.0 / dimensions;
      case POLYGON -> Math.cos(2 * Math.PI * (i - j) / corners);
      case CROSS_POLYTOPE -> i / 2 == j / 2 ? -1 : 0;
      // r^2 cos of the angle between them, with r^2 = 2/3, and +-h^2 with h^2 = 1/3
      case SQUARE_ANTIPRISM ->
          i / 4 == j / 4
              ? (2 * Math.cos(Math.PI / 2 * (i - j)) + 1) / 3
              : (2 * Math.cos(Math.PI / 2 * (Math.max(i, j) - Math.min(i, j)) + Math.PI / 4) - 1)
                  / 3;
    };
  }

  /**
   * The corners as a model's columns.
   *
   * @return W [dimensions][corners], unit columns, float64
   */
  public double[][] weights() {
    double[][] w = new double[dimensions][corners];
    switch (family) {
      case POINT -> w[0][0] = 1;
      case SIMPLEX -> fillSimplex(w);
      case POLYGON -> fillRing(w, corners, 0, 1, 0);
      case CROSS_POLYTOPE -> {
        for (int k = 0; k < dimensions; k++) {
          w[k][2 * k] = 1;
          w[k][2 * k + 1] = -1;
        }
      }
      case SQUARE_ANTIPRISM -> {
        // Tight: n r^2 / 2 = n h^2 with r^2 + h^2 = 1.
        fillRing(w, 4, 0, Math.sqrt(2 / 3.0), 0);
        fillRing(w, 4, 4, Math.sqrt(2 / 3.0), Math.PI / 4);
        Arrays.fill(w[2], 0, 4, Math.sqrt(1 / 3.0));
        Arrays.fill(w[2], 4, 8, -Math.sqrt(1 / 3.0));
      }
    }
    return w;
  }

  /** Corner k is the first to use axis k; all later corners have the same coordinate there. */
  private static void fillSimplex(double[][] w) {
    double m = w.length;
    for (int k = 0; k < w.length; k++) {
      // c_k^2 = (m + 1)(m - k) / (m (m - k + 1)), and -c_k / (m - k) for every later corner
      double own = Math.sqrt((m + 1) * (m - k) / (m * (m - k + 1)));
      w[k][k] = own;
      Arrays.fill(w[k], k + 1, w[k].length, -own / (m - k));
    }
  }

  private static void fillRing(
      double[][] w, int corners, int first, double radius, double turnedBy) {
    for (int i = 0; i < corners; i++) {
      double angle = turnedBy + 2 * Math.PI * i / corners;
      w[0][first + i] = radius * Math.cos(angle);
      w[1][first + i] = radius * Math.sin(angle);
    }
  }

  /**
   * Figures in spaces orthogonal to each other, the paper's tegum product.
   *
   * @param figures at least one
   * @return block-diagonal W [sum of dimensions][sum of corners]
   * @throws IllegalArgumentException if there is no figure
   */
  public static double[][] product(RegularFigure... figures) {
    if (figures.length == 0) {
      throw new IllegalArgumentException("a product of figures needs at least one figure");
    }
    int m = Arrays.stream(figures).mapToInt(RegularFigure::dimensions).sum();
    int n = Arrays.stream(figures).mapToInt(RegularFigure::corners).sum();
    double[][] w = new double[m][n];
    int row = 0;
    int column = 0;
    for (RegularFigure figure : figures) {
      for (double[] from : figure.weights()) {
        System.arraycopy(from, 0, w[row++], column, from.length);
      }
      column += figure.corners;
    }
    return w;
  }

  /**
   * The name in words.
   *
   * @return for example {@code dedicated}, {@code digon}, {@code square antiprism}, {@code 7-gon},
   *     {@code 5-simplex}
   */
  @Override
  public String toString() {
    return switch (family) {
      case POINT -> "dedicated";
      case SIMPLEX ->
          switch (dimensions) {
            case 1 -> "digon";
            case 2 -> "triangle";
            case 3 -> "tetrahedron";
            default -> dimensions + "-simplex";
          };
      case POLYGON ->
          switch (corners) {
            case 4 -> "square";
            case 5 -> "pentagon";
            case 6 -> "hexagon";
            default -> corners + "-gon";
          };
      case CROSS_POLYTOPE -> dimensions == 3 ? "octahedron" : dimensions + "-cross-polytope";
      case SQUARE_ANTIPRISM -> "square antiprism";
    };
  }
}
