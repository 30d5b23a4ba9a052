package dev.circuitscope.examples.incontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.report.HtmlReport;
import dev.circuitscope.examples.report.Pages;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.report.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Claims and sections of the reproduction of in-context learning")
class InContextClaimsTest {

  private static final InContextResult CHANGES = WrittenResult.ofChanges();
  private static final InContextResult NO_CHANGE = WrittenResult.ofNoChange();
  private static final InContext REPRODUCTION =
      new InContext(WrittenResult.RECIPE, WrittenResult.SEED, Optional.empty());

  private static Map<String, Claim> claims(InContextResult result) {
    return InContextClaims.of(result).stream()
        .collect(Collectors.toMap(Claim::id, Function.identity()));
  }

  @Nested
  class OfCurvesThatChange {

    private final Map<String, Claim> claims = claims(CHANGES);

    @Test
    void allHold() {
      assertThat(claims.values()).allMatch(Claim::holds, "holds");
    }

    @ParameterizedTest(name = "{0} measures {1}")
    @CsvSource({
      "incontext.one-layer, 0.05",
      "incontext.two-layers, 0.9",
      "incontext.three-layers, 0.9",
      "incontext.one-layer-smeared, 0.9",
      // half risen at 500 and at 1,000
      "incontext.smeared-sooner, -500",
      // (-0.25 + 3) / (-0.5 + 3)
      "incontext.ablate-induction-heads, 1.1",
      // (-2.9 + 3) / (-0.5 + 3)
      "incontext.ablate-others, 0.04",
      "incontext.before-and-after, -20",
      // -20 minus -0.2
      "incontext.before-and-after-lowest, -19.8",
    })
    void areMeasuredAsWritten(String id, double measured) {
      assertThat(claims.get(id).measured()).isCloseTo(measured, within(1e-3));
    }

    @Test
    void putTheSteepestStretchBesideTheHalfRise() {
      // both move fastest at 960: half risen at 1,000, the steepest stretch is from 900 to 1,000
      assertThat(claims.get("incontext.together").measured()).isEqualTo(50 / 2_000.0);
    }

    @Test
    void findTheBumpTheTurnAndTheChangeOfOrderWhereTheHeadsForm() {
      assertThat(claims.get("incontext.bump").measured()).isBetween(0.2, 0.6);
      assertThat(claims.get("incontext.pivot").measured()).isLessThan(0.1);
      assertThat(claims.get("incontext.derivative").measured()).isZero();
    }

    @Test
    void haveTheDerivativeAtTheEndAsAMultipleOfThatBeforeTheChange() {
      double start = CHANGES.change(ModelKind.TWO).orElseThrow().start();
      assertThat(claims.get("incontext.further").measured())
          .isCloseTo(slope(2_000) / slope(start), within(1e-9));
    }

    private double slope(double step) {
      return -0.1 - 0.1 * (1 - Math.exp(-step / 300)) - 1 / (1 + Math.exp((960 - step) / 60));
    }

    @Test
    void haveTheMoveOfOneLayerAsAShareOfThatOfTwo() {
      double start = CHANGES.change(ModelKind.TWO).orElseThrow().start();
      double done = 1 / (1 + Math.exp((960 - start) / 60));
      double learned = Math.exp(-start / 300) - Math.exp(-2_000 / 300.0);
      double one = -0.2 * learned;
      assertThat(claims.get("incontext.one-layer-score").measured())
          .isCloseTo(one / (one - 2 * (1 - done)), within(1e-6));
    }

    @Test
    void sayHowTheyWereMeasuredAndWithWhichSeed() {
      assertThat(claims)
          .hasSize(15)
          .allSatisfy((id, claim) -> assertThat(id).startsWith("incontext."));
      assertThat(claims.values())
          .allMatch(claim -> claim.seed() == WrittenResult.SEED && !claim.note().isBlank());
      assertThat(claims.get("incontext.ablate-induction-heads").note())
          .contains("L1H0", "(full ablation: 1.08)");
    }
  }

  @Nested
  class OfCurvesThatDoNotChange {

    private final Map<String, Claim> claims = claims(NO_CHANGE);

    @Test
    void doNotHoldAndSayWhy() {
      assertThat(claims.values().stream().filter(Claim::holds).map(Claim::id))
          .containsExactly("incontext.one-layer");
      assertThat(claims.get("incontext.together").measured()).isNaN();
      assertThat(claims.get("incontext.ablate-others").note()).contains("no induction head");
    }
  }

  @Nested
  class TheReport {

    @Test
    void isAWellFormedPageWithEveryFindingWhateverWasFound() {
      for (InContextResult result : List.of(CHANGES, NO_CHANGE)) {
        List<String> findings = REPRODUCTION.findings(result);
        String html = new HtmlReport("T", "L", findings, REPRODUCTION.sections(result)).toHtml();
        assertThat(Pages.parse(html).getDocumentElement().getTextContent()).contains(findings);
        assertThat(findings).noneMatch(text -> text.contains("NaN"));
      }
    }

    @Test
    void namesEveryFigureOnce() {
      List<String> names =
          REPRODUCTION.sections(CHANGES).stream()
              .flatMap(section -> section.figures().stream())
              .map(ReportFigure::name)
              .toList();
      assertThat(names)
          .containsExactly(
              "incontext-loss",
              "incontext-score",
              "incontext-heads",
              "incontext-smeared",
              "incontext-pca",
              "incontext-ablation",
              "incontext-derivative",
              "incontext-plain-text");
    }

    @Test
    void showsEveryHeadTakenOutAndAllInductionHeadsAtOnce() {
      Table ablations = tables(CHANGES, "2 layers: heads taken out").get(0);
      assertThat(ablations.rows())
          .containsExactly(
              List.of("L1H0", "0.90", "0.02", "-20.00 ± 0.10", "110%", "108%"),
              List.of("L1H1", "0.10", "0.05", "1.00 ± 0.10", "4%", "8%"),
              List.of("L0H1", "0.02", "0.10", "-0.20 ± 0.10", "-4%", "0%"),
              List.of("L0H0", "0.01", "0.80", "0.50 ± 0.10", "0%", "100%"),
              List.of("L1H0", "all induction heads", "", "", "110%", "108%"));
    }

    @Test
    void saysWhatThePreviousTokenHeadIsMissedFor() {
      assertThat(InContextFindings.of(CHANGES))
          .anyMatch(
              text -> text.contains("L0H0") && text.contains("100% of it when it is taken out"));
    }

    @Test
    void saysOfPlainTextWhetherHeadsForm() {
      assertThat(InContextFindings.of(CHANGES))
          .anyMatch(text -> text.contains("the 1-layer model forms no induction head"))
          .anyMatch(text -> text.contains("half risen after 1.0 million tokens"));
    }

    private List<Table> tables(InContextResult result, String caption) {
      return REPRODUCTION.sections(result).stream()
          .map(Section::blocks)
          .flatMap(List::stream)
          .filter(Table.class::isInstance)
          .map(Table.class::cast)
          .filter(table -> table.caption().contains(caption))
          .toList();
    }
  }
}
