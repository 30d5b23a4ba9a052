package dev.circuitscope.examples.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.io.MalformedFileException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A claim")
class ClaimTest {

  private static Claim claim(String id, Expectation expected, double measured) {
    return new Claim(id, "A Paper (2022), Section 1", "It rises", expected, measured, 7, "a note");
  }

  @Nested
  class Holds {

    @ParameterizedTest(name = "above 0.4: {0} -> {1}")
    @CsvSource({"0.41, true", "0.4, false", "0.39, false", "NaN, false", "Infinity, true"})
    void ifItIsAbove(double measured, boolean holds) {
      assertThat(claim("a", Expectation.above(0.4), measured).holds()).isEqualTo(holds);
    }

    @ParameterizedTest(name = "below 0.15: {0} -> {1}")
    @CsvSource({"0.14, true", "0.15, false", "0.16, false", "NaN, false"})
    void ifItIsBelow(double measured, boolean holds) {
      assertThat(claim("a", Expectation.below(0.15), measured).holds()).isEqualTo(holds);
    }

    @ParameterizedTest(name = "0.5 within 0.25: {0} -> {1}")
    @CsvSource({"0.5, true", "0.25, true", "0.75, true", "0.2, false", "0.8, false", "NaN, false"})
    void ifItIsWithinTheTolerance(double measured, boolean holds) {
      assertThat(claim("a", Expectation.equalTo(0.5, 0.25), measured).holds()).isEqualTo(holds);
    }

    @Test
    void onlyIfItIsExactWhenThereIsNoTolerance() {
      assertThat(claim("a", Expectation.equalTo(2, 0), 2).holds()).isTrue();
      assertThat(claim("a", Expectation.equalTo(2, 0), 3).holds()).isFalse();
    }
  }

  @Nested
  class Refuses {

    @Test
    void aToleranceWhereThereIsNothingToTolerate() {
      assertThatThrownBy(() -> new Expectation(Relation.ABOVE, 1, 0.1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("tolerance 0.1");
    }

    @Test
    void expectingNothing() {
      assertThatThrownBy(() -> Expectation.above(Double.NaN))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void toSayNothing() {
      assertThatThrownBy(() -> new Claim("a", "p", " ", Expectation.above(0), 1, 0, ""))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("statement");
    }
  }

  @Nested
  class AsJson {

    @Test
    void comesBackAsItWas() throws Exception {
      List<Claim> claims =
          List.of(
              claim("one", Expectation.above(0.4), 0.83),
              claim("two", Expectation.below(0.15), 0.3),
              claim("three", Expectation.equalTo(0.4, 0.02), 0.41),
              claim("four", Expectation.above(0), Double.NaN));
      String text = Json.toString(ClaimsJson.of(claims));
      assertThat(ClaimsJson.parse(text, "claims.json")).isEqualTo(claims);
    }

    @Test
    void ofNoClaimsIsAnEmptyArray() throws Exception {
      assertThat(ClaimsJson.of(List.of())).isEmpty();
      assertThat(ClaimsJson.parse("[]", "claims.json")).isEmpty();
    }

    @Test
    void hasTheFieldsThatReadersRelyOn() {
      var json = ClaimsJson.of(List.of(claim("one", Expectation.above(0.4), Double.NaN))).get(0);
      assertThat(json.getAsJsonObject().keySet())
          .containsExactly(
              "id",
              "paper",
              "claim",
              "relation",
              "expected",
              "measured",
              "tolerance",
              "holds",
              "seed",
              "note");
      assertThat(json.getAsJsonObject().get("measured").isJsonNull()).isTrue();
      assertThat(json.getAsJsonObject().get("holds").getAsBoolean()).isFalse();
    }

    @Test
    void thatContradictsItsNumbersIsRefused() {
      String text =
          Json.toString(ClaimsJson.of(List.of(claim("one", Expectation.above(0.4), 0.3))))
              .replace("\"holds\": false", "\"holds\": true");
      assertThatThrownBy(() -> ClaimsJson.parse(text, "claims.json"))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("'holds' is true, but 0.3 is measured");
    }

    @Test
    void withAnUnknownRelationIsRefused() {
      String text =
          Json.toString(ClaimsJson.of(List.of(claim("one", Expectation.above(0.4), 0.3))))
              .replace("above", "around");
      assertThatThrownBy(() -> ClaimsJson.parse(text, "claims.json"))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("'around'");
    }

    @Test
    void doesNotTakeTwoOfOneId() {
      Claim one = claim("same", Expectation.above(0), 1);
      assertThatThrownBy(() -> ClaimsJson.of(List.of(one, one)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'same'");
    }
  }
}
