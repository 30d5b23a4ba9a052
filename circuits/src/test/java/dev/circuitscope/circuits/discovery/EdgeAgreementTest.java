package dev.circuitscope.circuits.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.edges.Edge;
import dev.circuitscope.circuits.edges.Receiver;
import dev.circuitscope.circuits.edges.Sender;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.TestModels;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The agreement of edges")
class EdgeAgreementTest {

  /** One layer of 3 heads without positions: 9 edges into heads, 4 to the logits. */
  private final TransformerConfig config = TestModels.config(1, Normalization.NONE, Positions.NONE);

  private final Edge query = new Edge(Sender.tokens(), Receiver.query(0, 0));
  private final Edge key = new Edge(Sender.tokens(), Receiver.key(0, 0));
  private final Edge value = new Edge(Sender.tokens(), Receiver.value(0, 0));
  private final Edge out = new Edge(Sender.head(0, 0), Receiver.logits());

  private EdgeAgreement agreement(List<Edge> found, List<Edge> truth) {
    return EdgeAgreement.of(Circuit.of(config, found), truth);
  }

  @Test
  @DisplayName("counts what is correct, extra, missing and rightly absent")
  void counts() {
    EdgeAgreement agreement = agreement(List.of(query, value, out), List.of(key, value));
    assertThat(agreement.correct()).containsExactly(value);
    assertThat(agreement.extra()).containsExactly(query, out);
    assertThat(agreement.missing()).containsExactly(key);
    assertThat(agreement.absent()).isEqualTo(13 - 4);
    assertThat(agreement.precision()).isCloseTo(1.0 / 3, within(1e-15));
    assertThat(agreement.recall()).isEqualTo(0.5);
    assertThat(agreement.falsePositiveRate()).isCloseTo(2.0 / 11, within(1e-15));
    assertThat(agreement.exact()).isFalse();
    assertThat(agreement)
        .hasToString(
            "precision 0.333, recall 0.500 (1 edges); not true: [tokens -> L0H0.Q, L0H0 -> logits];"
                + " missing: [tokens -> L0H0.K]");
    assertThat(agreement.toJson().getAsJsonArray("extra")).hasSize(2);
  }

  @Test
  @DisplayName("of nothing with nothing is exact")
  void nothing() {
    EdgeAgreement agreement = agreement(List.of(), List.of());
    assertThat(agreement.precision()).isEqualTo(1);
    assertThat(agreement.recall()).isEqualTo(1);
    assertThat(agreement.falsePositiveRate()).isZero();
    assertThat(agreement.exact()).isTrue();
  }

  @Test
  @DisplayName("of everything has no edge that is rightly absent")
  void everything() {
    EdgeAgreement agreement =
        EdgeAgreement.of(Circuit.whole(config), Circuit.whole(config).edges());
    assertThat(agreement.falsePositiveRate()).isZero();
    assertThat(agreement.exact()).isTrue();
  }

  @Test
  @DisplayName("along a curve has the area under straight lines")
  void area() {
    EdgeAgreement half = agreement(List.of(key, query), List.of(key, value));
    AgreementCurve curve = new AgreementCurve(List.of(new AgreementCurve.Point(0.1, half)));
    // from (0, 0) by (1/11, 1/2) to (1, 1)
    assertThat(curve.area()).isCloseTo(0.5 / 11 / 2 + (1 - 1.0 / 11) * 0.75, within(1e-12));
    assertThat(curve.toString()).contains("threshold 0.1", "recall 0.500");
    assertThat(curve.toJson().getAsJsonArray("points")).hasSize(1);
    assertThatThrownBy(() -> new AgreementCurve(List.of()))
        .hasMessageContaining("at least one threshold");
  }
}
