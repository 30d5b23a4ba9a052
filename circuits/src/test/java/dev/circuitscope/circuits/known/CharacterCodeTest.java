package dev.circuitscope.circuits.known;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CharacterCodeTest {

  private static double[] vector(Code code, int thing) {
    double[] v = new double[code.dimension()];
    for (int i = 0; i < v.length; i++) {
      v[i] = code.at(thing, i);
    }
    return v;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @ParameterizedTest(name = "{0} things: {1} dimensions, coherence {2}")
  @CsvSource({"64, 8, 0.5", "256, 16, 0.5", "1024, 32, 0.25", "4096, 64, 0.25"})
  void noTwoOfAllItsVectorsHaveALargerInnerProductThanItSays(int size, int k, double coherence) {
    Code code = CharacterCode.coherent(size, coherence);
    assertThat(code.dimension()).isEqualTo(k);
    assertThat(code.coherence()).isEqualTo(coherence);
    double worst = 0;
    for (int i = 0; i < Math.min(size, 1024); i++) {
      double[] v = vector(code, i);
      assertThat(dot(v, v)).isCloseTo(1, within(1e-12));
      for (int j = 0; j < i; j++) {
        worst = Math.max(worst, Math.abs(dot(v, vector(code, j))));
      }
    }
    assertThat(worst).isCloseTo(coherence, within(1e-12));
  }

  @Test
  void theLargestVocabulariesHaveCoherenceOneEighthIn256Dimensions() {
    Code code = CharacterCode.coherent(50_257, 1.0 / 8);
    assertThat(code.dimension()).isEqualTo(256);
    // The product of two codewords' signs is a codeword, so inner products with thing 0 are all.
    double[] zero = vector(code, 0);
    double worst = 0;
    for (int i = 1; i < code.size(); i += 3) {
      worst = Math.max(worst, Math.abs(dot(zero, vector(code, i))));
    }
    assertThat(worst).isCloseTo(1.0 / 8, within(1e-12));
    SplittableRandom random = new SplittableRandom(5);
    for (int pair = 0; pair < 2000; pair++) {
      int i = random.nextInt(code.size());
      int j = random.nextInt(code.size());
      double inner = Math.abs(dot(vector(code, i), vector(code, j)));
      assertThat(inner).as("%d and %d", i, j).isLessThanOrEqualTo(i == j ? 1 : 1.0 / 8);
    }
  }

  @Test
  void asManyThingsAsDimensionsAreOrthogonal() {
    Code code = CharacterCode.coherent(16, 0);
    assertThat(code.dimension()).isEqualTo(16);
    for (int i = 0; i < 16; i++) {
      for (int j = 0; j < 16; j++) {
        assertThat(dot(vector(code, i), vector(code, j))).isCloseTo(i == j ? 1 : 0, within(1e-15));
      }
    }
  }

  @Test
  void codesThatDoNotExistSayWhichDo() {
    assertThatThrownBy(() -> CharacterCode.coherent(1 << 21, 1.0 / 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2097152")
        .hasMessageContaining("2^20");
  }

  @Test
  void codingChoosesOneHotVectorsUpTo128() {
    assertThat(Coding.AUTOMATIC.code(128)).isInstanceOf(OneHotCode.class);
    assertThat(Coding.AUTOMATIC.code(129).dimension()).isEqualTo(128);
    assertThat(Coding.AUTOMATIC.code(20_000).dimension()).isEqualTo(256);
    assertThat(Coding.ONE_HOT.code(1000).dimension()).isEqualTo(1000);
    assertThat(Coding.SMALLEST.code(1000).dimension()).isEqualTo(32);
  }
}
