package dev.circuitscope.examples.incontext;

import dev.circuitscope.circuits.heads.HeadScores;
import dev.circuitscope.circuits.learning.PhaseChange;
import dev.circuitscope.circuits.learning.pertoken.LossPca;
import dev.circuitscope.circuits.learning.pertoken.LossTrajectory;
import dev.circuitscope.circuits.learning.snapshots.SnapshotRow;
import dev.circuitscope.circuits.learning.snapshots.SnapshotTable;
import dev.circuitscope.circuits.learning.snapshots.TrainingMoment;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.circuits.sampling.SampleMean;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.text.CompactTokenizer;
import dev.circuitscope.core.text.Corpus;
import dev.circuitscope.core.text.Gpt2Tokenizer;
import dev.circuitscope.core.text.TokenizedCorpus;
import dev.circuitscope.core.train.Schedule;
import dev.circuitscope.core.train.Trainer;
import dev.circuitscope.core.train.TrainingProvenance;
import dev.circuitscope.examples.training.ShownTraining;
import dev.circuitscope.examples.training.TextData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Results whose curves are written by hand: steps 0 to 2,000, a snapshot every 100. */
final class WrittenResult {

  static final InContextRecipe RECIPE = InContextRecipe.quick();
  static final long SEED = 9;
  static final int HEADS = RECIPE.shape().heads();

  private static final Corpus CORPUS =
      Corpus.ofTexts(
          "fables",
          "A fox saw a crow with a piece of cheese in her beak. ".repeat(8),
          "The crow saw a fox under the tree, and held on to the cheese; he sang. ".repeat(8));
  static final CompactTokenizer TOKENIZER = CompactTokenizer.of(Gpt2Tokenizer.get(), CORPUS, 60);
  private static final TokenizedCorpus TEXT = TokenizedCorpus.of(CORPUS, TOKENIZER);
  static final TextData DATA = new TextData(CORPUS.provenance(), TOKENIZER, TEXT, TEXT);

  private static final int LAST = 2_000;
  private static final int EVERY = 100;
  private static final double NEVER = Double.POSITIVE_INFINITY;
  private static final TrainingProvenance PROVENANCE = provenance();

  private WrittenResult() {}

  /** All but the plain model of one layer change: smeared ones at 460, others at 960. */
  static InContextResult ofChanges() {
    List<ModelCourse> courses =
        List.of(
            course(ModelKind.ONE, NEVER),
            course(ModelKind.TWO, 960),
            course(ModelKind.THREE, 960),
            course(ModelKind.ONE_SMEARED, 460),
            course(ModelKind.TWO_SMEARED, 460));
    return result(
        courses, List.of(ablation(courses.get(1))), List.of(courses.get(0), courses.get(1)));
  }

  /** No model changes. */
  static InContextResult ofNoChange() {
    return result(
        Arrays.stream(ModelKind.values()).map(kind -> course(kind, NEVER)).toList(),
        List.of(),
        List.of());
  }

  private static InContextResult result(
      List<ModelCourse> courses, List<AblationStudy> ablations, List<ModelCourse> plain) {
    return new InContextResult(
        RECIPE,
        SEED,
        DATA.corpus(),
        TOKENIZER,
        courses,
        LossPca.of(courses.stream().map(ModelCourse::losses).toList(), 2),
        ablations,
        plain);
  }

  static TransformerConfig config(ModelKind kind) {
    return kind.config(RECIPE.shape(), TOKENIZER.vocabSize());
  }

  private static ModelCourse course(ModelKind kind, double change) {
    List<SnapshotRow> rows = new ArrayList<>();
    List<TrainingMoment> moments = new ArrayList<>();
    List<double[]> losses = new ArrayList<>();
    for (int step = 0; step <= LAST; step += EVERY) {
      TrainingMoment at = new TrainingMoment(step, 1_000L * step);
      double done = 1 / (1 + Math.exp((change - step) / 60));
      double learned = 1 - Math.exp(-step / 300.0);
      moments.add(at);
      for (int layer = 0; layer < kind.layers(); layer++) {
        for (int h = 0; h < HEADS; h++) {
          boolean induction = layer == kind.layers() - 1 && h == 0;
          rows.add(
              new SnapshotRow(
                  at,
                  CourseMeasures.PREFIX_MATCHING,
                  Optional.of(new Head(layer, h)),
                  0.05 + (induction ? 0.85 * done : 0),
                  0.01));
        }
      }
      for (Windows windows : Windows.values()) {
        rows.add(row(at, windows.loss(), 7 - 3 * learned - done));
        rows.add(row(at, windows.score(), -0.2 * learned - 2 * done));
        rows.add(row(at, windows.slope(), slope(kind, learned, done)));
      }
      // two tokens that every model learns, two that need the change
      losses.add(new double[] {7 - 3 * learned, 6 - 2 * learned, 7 - 3 * done, 6 - 3 * done});
    }
    Provenance measured =
        Provenance.of(
            config(kind),
            new int[][] {{0, 1}},
            "written by hand",
            OptionalLong.empty(),
            RunSettings.plain());
    return new ModelCourse(
        kind,
        Transformer.create(config(kind), 1L),
        PROVENANCE,
        new SnapshotTable(rows, Map.of()),
        new LossTrajectory(kind.label(), moments, losses.toArray(double[][]::new), measured),
        new ModelCourse.Time(3, 1));
  }

  /** That of three layers is lower before, and higher after. */
  private static double slope(ModelKind kind, double learned, double done) {
    return switch (kind.layers()) {
      case 1 -> -0.3;
      case 2 -> -0.1 - 0.1 * learned - done;
      default -> -0.1 - 0.2 * learned - 0.5 * done;
    };
  }

  private static SnapshotRow row(TrainingMoment at, String measure, double value) {
    return new SnapshotRow(at, measure, Optional.empty(), value, 0.01);
  }

  private static AblationStudy ablation(ModelCourse course) {
    PhaseChange change = course.change(RECIPE.readings()).orElseThrow();
    InContextAblation induction = ablated(-0.25, -0.3, new Head(1, 0));
    return new AblationStudy(
        ModelKind.TWO,
        change,
        scores(new double[][] {{0.01, 0.02}, {0.9, 0.1}}),
        scores(new double[][] {{0.8, 0.1}, {0.02, 0.05}}),
        scores(new double[][] {{0.5, -0.2}, {-20, 1}}),
        mean(-0.5),
        mean(-3),
        List.of(
            induction,
            ablated(-2.9, -2.8, new Head(1, 1)),
            ablated(-3, -0.5, new Head(0, 0)),
            ablated(-3.1, -3, new Head(0, 1))),
        Optional.of(induction));
  }

  private static InContextAblation ablated(double preserving, double full, Head... heads) {
    return new InContextAblation(List.of(heads), mean(full), mean(preserving));
  }

  private static SampleMean mean(double value) {
    return new SampleMean(value, 0.01, 4);
  }

  private static HeadScores scores(double[][] values) {
    return new HeadScores(
        "a score",
        "written by hand",
        values,
        new double[][] {{0.1, 0.1}, {0.1, 0.1}},
        0,
        4,
        Provenance.ofWeights(config(ModelKind.TWO)));
  }

  private static TrainingProvenance provenance() {
    return Trainer.of(
            config(ModelKind.ONE),
            DATA.plain(2, RECIPE.shape().context(), 1L),
            ShownTraining.config(RECIPE.training(), 1, Schedule.constant(), 1L))
        .train()
        .provenance();
  }
}
