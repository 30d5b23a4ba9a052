package dev.circuitscope.examples.incontext;

import dev.circuitscope.circuits.heads.PrefixMatchingScores;
import dev.circuitscope.circuits.learning.pertoken.TokenProbe;
import dev.circuitscope.circuits.learning.snapshots.SnapshotMeasure;
import dev.circuitscope.circuits.sampling.RepeatSampling;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.examples.training.TextData;
import java.util.stream.Stream;

/**
 * What is measured on every snapshot of every model, always on the same tokens.
 *
 * @param repeats random blocks that stand there several times, for scores of heads
 * @param text held-out windows of text
 * @param mixed held-out windows like those in training
 * @param probe one token in each of other held-out windows like those in training
 * @param ablation further windows like those in training, on which heads are ablated
 * @param readings what is read off
 */
record CourseMeasures(
    RepeatSampling repeats,
    int[][] text,
    int[][] mixed,
    TokenProbe probe,
    int[][] ablation,
    InContextRecipe.Readings readings) {

  /** Attention to the tokens that came after earlier copies of the current one, by head. */
  static final String PREFIX_MATCHING = "prefix matching";

  static CourseMeasures of(InContextRecipe recipe, TextData data) {
    InContextRecipe.Samples samples = recipe.samples();
    int context = recipe.shape().context();
    long seed = samples.seed();
    return new CourseMeasures(
        new RepeatSampling(data.repeats(samples.block(), samples.times()), samples.repeats(), seed),
        data.heldOut(samples.windows(), context, seed),
        data.heldOutMixed(recipe.data(), samples.windows(), context, seed),
        TokenProbe.draw(
            data.heldOutMixed(recipe.data(), samples.probes(), context, seed + 1), seed + 1),
        data.heldOutMixed(recipe.data(), samples.ablation(), context, seed + 2),
        recipe.readings());
  }

  SnapshotMeasure[] all() {
    SnapshotMeasure prefixMatching =
        SnapshotMeasure.ofHeads(
            PREFIX_MATCHING, model -> PrefixMatchingScores.of(model, repeats, RunSettings.plain()));
    return Stream.of(
            Stream.of(prefixMatching),
            Windows.TEXT.measures(text, readings).stream(),
            Windows.MIXED.measures(mixed, readings).stream())
        .flatMap(measures -> measures)
        .toArray(SnapshotMeasure[]::new);
  }
}
