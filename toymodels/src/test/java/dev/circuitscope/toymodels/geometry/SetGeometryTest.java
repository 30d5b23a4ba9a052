package dev.circuitscope.toymodels.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SetGeometryTest {

  private static Geometry circle(double... degrees) {
    double[][] w = new double[2][degrees.length];
    for (int i = 0; i < degrees.length; i++) {
      w[0][i] = Math.cos(Math.toRadians(degrees[i]));
      w[1][i] = Math.sin(Math.toRadians(degrees[i]));
    }
    return Geometry.of(w);
  }

  @Test
  void twoOrthogonalBasesInterfereOnlyWithEachOther() {
    // e_1, e_2 | the same turned by 45 degrees
    SetGeometry sets = SetGeometry.of(circle(0, 90, 45, 135), 2);
    assertThat(sets.within()).isCloseTo(0, within(1e-15));
    assertThat(sets.across()).isCloseTo(Math.sqrt(0.5), within(1e-15));
    assertThat(sets.cosines().get(0)).isCloseTo(0, within(1e-15));
    assertThat(sets.collapsed()).isZero();
  }

  @Test
  void antipodalPairsHaveACosineOfMinusOne() {
    SetGeometry sets = SetGeometry.of(circle(10, 190, 100, 280), 2);
    assertThat(sets.cosines().get(0)).isCloseTo(-1, within(1e-15));
    assertThat(sets.cosines().get(1)).isCloseTo(-1, within(1e-15));
    assertThat(sets.within()).isCloseTo(1, within(1e-15));
    assertThat(sets.across()).isCloseTo(0, within(1e-15));
  }

  @Test
  void aSetWhoseMembersShareADirectionHasCollapsed() {
    assertThat(SetGeometry.of(circle(0, 5, 120, 180), 2).collapsed()).isEqualTo(1);
  }

  @ParameterizedTest(name = "{6} of the sets at {0}, {1} | {2}, {3} | {4}, {5} degrees")
  @CsvSource({
    "0, 60, 120, 180, 240, 300, 3", // each beside the other
    "300, 20, 50, 90, 150, 200, 3", // across the angle at which counting starts
    "0, 180, 60, 120, 240, 300, 2", // the first set encloses the second
    "0, 120, 60, 180, 240, 300, 1",
    "0, 180, 60, 240, 120, 300, 0",
  })
  void setsAreSideBySideIfNothingLiesBetweenTheirMembers(
      double a, double b, double c, double d, double e, double f, int expected) {
    assertThat(SetGeometry.of(circle(a, b, c, d, e, f), 2).sideBySide()).hasValue(expected);
  }

  @Test
  void meansAreThoseOfAllPairsOfTheGramMatrix() {
    SplittableRandom random = new SplittableRandom(5);
    double[][] w = new double[4][9];
    for (double[] row : w) {
      for (int i = 0; i < row.length; i++) {
        row[i] = random.nextDouble() - 0.5;
      }
    }
    Geometry geometry = Geometry.of(w);
    SetGeometry sets = SetGeometry.of(geometry, 3);
    double[][] gram = geometry.gram().toDoubleMatrix();
    double inside = 0;
    double outside = 0;
    double second = 0;
    for (int i = 0; i < 9; i++) {
      for (int j = 0; j < 9; j++) {
        boolean same = i / 3 == j / 3;
        inside += same && i != j ? Math.abs(gram[i][j]) / 18 : 0;
        outside += same ? 0 : Math.abs(gram[i][j]) / 54;
        boolean both = i / 3 == 1 && j / 3 == 1 && i != j;
        second += both ? gram[i][j] / Math.sqrt(gram[i][i] * gram[j][j]) / 6 : 0;
      }
    }
    assertThat(sets.within()).isCloseTo(inside, within(1e-14));
    assertThat(sets.across()).isCloseTo(outside, within(1e-14));
    assertThat(sets.cosines().get(1)).isCloseTo(second, within(1e-14));
    assertThat(sets.sideBySide()).isEmpty();
  }

  @Test
  void numbersGoToJsonAndText() {
    SetGeometry sets = SetGeometry.of(circle(0, 1, 90, 180), 2);
    var json = sets.toJson();
    assertThat(json.get("within").getAsDouble()).isEqualTo(sets.within());
    assertThat(json.get("collapsed").getAsInt()).isEqualTo(1);
    assertThat(json.get("side_by_side").getAsInt()).isEqualTo(2);
    assertThat(sets.toString()).contains("2 sets of 2").contains("set 1");
  }

  @ParameterizedTest(name = "4 features in sets of {0}")
  @CsvSource({"0", "1", "3", "4", "8"})
  void needsTwoWholeSetsOfTwo(int size) {
    assertThatThrownBy(() -> SetGeometry.of(circle(0, 90, 180, 270), size))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4 features")
        .hasMessageContaining("sets of " + size);
  }
}
