package dev.circuitscope.examples.superposition.dynamics;

import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.superposition.ToyNumbers;
import dev.circuitscope.toymodels.dynamics.LearningDynamics;
import dev.circuitscope.toymodels.geometry.Geometry;
import java.util.List;
import java.util.Locale;

/** The figures of learning dynamics. */
final class DynamicsSection {

  private DynamicsSection() {}

  static Section of(DynamicsResult result) {
    DynamicsRecipe.Watched uniform = result.recipe().uniform();
    DynamicsRecipe.Watched octahedron = result.recipe().octahedron();
    return new Section(
        "Learning dynamics",
        List.of(
            new Prose(
                String.format(
                    Locale.ROOT,
                    "%d features of equal importance, present with p = %s, compete for %d "
                        + "dimensions. Every %d steps the training is stopped for a moment: the "
                        + "loss is measured on the same %,d samples each time, and the "
                        + "dimensionality Dᵢ of every feature is computed. The first fall of the "
                        + "loss, when biases find the features' means, is not what this is about; "
                        + "shaded is where, after it, the loss falls faster than on average.",
                    uniform.features(),
                    ToyNumbers.p(uniform.probability()),
                    uniform.hidden(),
                    uniform.every(),
                    result.recipe().samples())),
            levels(result),
            new Prose(
                String.format(
                    Locale.ROOT,
                    "Geometry, too, is learned in stages: %d features in %d dimensions, in sets of "
                        + "%d that are present together or not at all (p = %s).",
                    octahedron.features(),
                    octahedron.hidden(),
                    octahedron.setSize(),
                    ToyNumbers.p(octahedron.probability()))),
            course(result),
            stages(result)));
  }

  private static ReportFigure levels(DynamicsResult result) {
    LearningDynamics dynamics = result.uniform().dynamics();
    Geometry end = result.uniform().best().geometry();
    double[] norms = end.norms();
    return new ReportFigure(
        "dynamics-levels",
        DynamicsFigures.levels(
            "Features jump between levels of dimensionality",
            dynamics,
            List.of(
                new DynamicsFigures.Group("kept at the end", i -> norms[i] > Geometry.KEPT_NORM),
                new DynamicsFigures.Group(
                    "given up at the end", i -> norms[i] <= Geometry.KEPT_NORM)),
            true),
        String.format(
            Locale.ROOT,
            "Each lower line is a feature. After the first plateau, dimensionalities change %.1f "
                + "times as fast while the loss drops as otherwise, and %.0f%% of the %d features "
                + "that move by more than %s do so fastest in a drop, though drops take %.0f%% of "
                + "the time until the loss has settled.",
            dynamics.relativeMovement(),
            100 * dynamics.jumpsInDrops(DynamicsClaims.JUMP),
            dynamics.jumps(DynamicsClaims.JUMP).size(),
            DynamicsClaims.JUMP,
            100 * dynamics.timeInDrops()),
        "Loss and dimensionalities over %d steps; %d features are kept."
            .formatted(dynamics.steps()[dynamics.steps().length - 1], end.featuresKept()));
  }

  private static ReportFigure course(DynamicsResult result) {
    LearningDynamics dynamics = result.octahedron().dynamics();
    int size = result.recipe().octahedron().setSize();
    return new ReportFigure(
        "dynamics-octahedron",
        DynamicsFigures.levels(
            "Two correlated sets in three dimensions",
            dynamics,
            List.of(
                new DynamicsFigures.Group("first set", i -> i < size),
                new DynamicsFigures.Group("second set", i -> i >= size)),
            false),
        "The dimensionality of each feature on the way; in an octahedron, all are 1/2.",
        "Loss and dimensionalities of %d features over %d steps."
            .formatted(
                dynamics.dimensionality()[0].length,
                dynamics.steps()[dynamics.steps().length - 1]));
  }

  private static ReportFigure stages(DynamicsResult result) {
    WatchedTraining training = result.octahedron();
    double deviation =
        Octahedron.deviation(training.best().geometry(), result.recipe().octahedron().setSize());
    return new ReportFigure(
        "dynamics-stages",
        DynamicsFigures.stages(training, "WᵀW on the way to an octahedron"),
        String.format(
            Locale.ROOT,
            "Features 0 to 2 are one set, 3 to 5 the other. An octahedron has one strong negative "
                + "entry in each row, with a feature of the other set; at the end, cosines differ "
                + "from those of an octahedron by at most %.2f.",
            deviation),
        "Matrices of dot products at five stages of one training.");
  }
}
