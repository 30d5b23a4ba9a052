package dev.circuitscope.examples.incontext;

import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.claims.Expectation;
import dev.circuitscope.examples.report.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the paper says of models as they form induction heads. */
final class InContextClaims {

  static final String PAPER = "In-context Learning and Induction Heads (2022), ";
  private static final String FORM = PAPER + "Argument 1";
  private static final String SMEARED = PAPER + "Argument 2";

  private static final double NEVER = 0.15;
  private static final double FORMED = 0.5;

  private InContextClaims() {}

  static List<Claim> of(InContextResult result) {
    List<Claim> claims = new ArrayList<>();
    claims.add(never(result));
    claims.add(formed(result, ModelKind.TWO, "two-layers", FORM));
    claims.add(formed(result, ModelKind.THREE, "three-layers", FORM));
    claims.add(formed(result, ModelKind.ONE_SMEARED, "one-layer-smeared", SMEARED));
    claims.add(sooner(result));
    claims.addAll(ChangeClaims.of(result));
    claims.addAll(AblationClaims.of(result));
    return List.copyOf(claims);
  }

  private static Claim never(InContextResult result) {
    double[] best = result.course(ModelKind.ONE).bestPrefixMatching();
    return new Claim(
        "incontext.one-layer",
        FORM,
        "A 1-layer model never forms induction heads",
        Expectation.below(NEVER),
        Arrays.stream(best).max().orElse(Double.NaN),
        result.seed(),
        "highest prefix-matching score of any head at any snapshot, on repeated random tokens");
  }

  private static Claim formed(InContextResult result, ModelKind kind, String id, String section) {
    ModelCourse course = result.course(kind);
    return new Claim(
        "incontext." + id,
        section,
        "A %d-layer model%s forms induction heads"
            .formatted(kind.layers(), kind.smeared() ? " with smeared keys" : ""),
        Expectation.above(FORMED),
        ModelCourse.last(course.bestPrefixMatching()),
        result.seed(),
        "prefix-matching score of its best head, %s, at the end of training"
            .formatted(course.ranking().get(0)));
  }

  private static Claim sooner(InContextResult result) {
    double[] half =
        List.of(ModelKind.TWO_SMEARED, ModelKind.TWO).stream()
            .mapToDouble(kind -> result.change(kind).map(c -> (double) c.half()).orElse(Double.NaN))
            .toArray();
    return new Claim(
        "incontext.smeared-sooner",
        SMEARED,
        "With smeared keys, a 2-layer model forms them no later than without",
        Expectation.below(1),
        half[0] - half[1],
        result.seed(),
        Double.isNaN(half[0] - half[1])
            ? "one of the two does not form them"
            : "steps from where the best prefix-matching score is half risen without smeared keys, %s, to where it is with them, %s"
                .formatted(Numbers.count((long) half[1]), Numbers.count((long) half[0])));
  }
}
