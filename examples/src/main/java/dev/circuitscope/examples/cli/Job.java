package dev.circuitscope.examples.cli;

import dev.circuitscope.examples.framework.Framework;
import dev.circuitscope.examples.framework.FrameworkRecipe;
import dev.circuitscope.examples.incontext.InContext;
import dev.circuitscope.examples.incontext.InContextRecipe;
import dev.circuitscope.examples.induction.InductionHeads;
import dev.circuitscope.examples.reproduction.Recipe;
import dev.circuitscope.examples.reproduction.Reproduction;
import dev.circuitscope.examples.reproduction.Scale;
import dev.circuitscope.examples.superposition.Superposition;
import dev.circuitscope.examples.superposition.absolute.AbsoluteRecipe;
import dev.circuitscope.examples.superposition.absolute.AbsoluteValues;
import dev.circuitscope.examples.superposition.basic.BasicRecipe;
import dev.circuitscope.examples.superposition.basic.BasicResults;
import dev.circuitscope.examples.superposition.dynamics.Dynamics;
import dev.circuitscope.examples.superposition.dynamics.DynamicsRecipe;
import dev.circuitscope.examples.superposition.phases.Phases;
import dev.circuitscope.examples.superposition.phases.PhasesRecipe;
import dev.circuitscope.examples.superposition.privileged.PrivilegedBasis;
import dev.circuitscope.examples.superposition.privileged.PrivilegedRecipe;
import dev.circuitscope.examples.superposition.structure.Structure;
import dev.circuitscope.examples.superposition.structure.StructureRecipe;
import dev.circuitscope.examples.superposition.uniform.Uniform;
import dev.circuitscope.examples.superposition.uniform.UniformRecipe;
import dev.circuitscope.examples.superposition.vulnerability.VulnerabilityRecipe;
import dev.circuitscope.examples.superposition.vulnerability.VulnerabilityStudy;
import dev.circuitscope.examples.training.PlainTextPlan;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Something that {@code reproduce} does, with a report of its own.
 *
 * @param name as it is given on the command line
 * @param description a line for the help
 * @param directory of the report below {@code target}, unless another one is given
 * @param full what {@code --full} adds to it
 * @param parts what it runs, in the order of the report
 */
record Job(
    String name,
    String description,
    String directory,
    Full full,
    Function<Request, List<Reproduction<?>>> parts) {

  /** What {@code --full} adds to a job. */
  enum Full {
    /** It has one size. */
    NOTHING,

    /** Training on plain text alone, for as long as asked. */
    PLAIN_TEXT,

    /** The paper's own sizes. */
    SIZE
  }

  /**
   * What all jobs are told.
   *
   * @param seed of weights and batches
   * @param scale how much to do
   * @param plainText how long to train on plain text alone, if asked for
   */
  record Request(long seed, Scale scale, Optional<PlainTextPlan> plainText) {
    boolean tiny() {
      return scale == Scale.TINY;
    }
  }

  /** What runs if no name is given. */
  static final Job MAIN =
      new Job(
          "main",
          "induction heads and superposition, in minutes; the default",
          "report",
          Full.PLAIN_TEXT,
          request -> {
            Recipe recipe = request.tiny() ? Recipe.quick() : Recipe.standard();
            return List.of(
                new InductionHeads(recipe, request.seed(), request.plainText()),
                new Superposition(recipe.toy(), request.seed()));
          });

  /** Every job: a new one is a line here. */
  static final List<Job> ALL =
      List.of(
          MAIN,
          named(
              "framework",
              "A Mathematical Framework for Transformer Circuits, reproduced",
              request ->
                  new Framework(
                      request.tiny() ? FrameworkRecipe.quick() : FrameworkRecipe.standard(),
                      request.seed())),
          new Job(
              "induction",
              "In-context Learning and Induction Heads, reproduced",
              "report-induction",
              Full.PLAIN_TEXT,
              request ->
                  List.of(
                      new InContext(
                          request.tiny() ? InContextRecipe.quick() : InContextRecipe.standard(),
                          request.seed(),
                          request.plainText()))),
          new Job(
              "superposition",
              "Toy Models of Superposition, reproduced",
              "report-superposition",
              Full.SIZE,
              Job::superposition));

  private static List<Reproduction<?>> superposition(Request request) {
    Recipe recipe = request.tiny() ? Recipe.quick() : Recipe.standard();
    return List.of(
        new Superposition(recipe.toy(), request.seed()),
        new BasicResults(BasicRecipe.of(request.scale()), request.seed()),
        new Phases(PhasesRecipe.of(request.scale()), request.seed()),
        new Uniform(UniformRecipe.of(request.scale()), request.seed()),
        new Structure(StructureRecipe.of(request.scale()), request.seed()),
        new Dynamics(DynamicsRecipe.of(request.scale()), request.seed()),
        new VulnerabilityStudy(VulnerabilityRecipe.of(request.scale()), request.seed()),
        new PrivilegedBasis(PrivilegedRecipe.of(request.scale()), request.seed()),
        new AbsoluteValues(AbsoluteRecipe.of(request.scale()), request.seed()));
  }

  private static Job named(
      String name, String description, Function<Request, Reproduction<?>> reproduction) {
    return new Job(
        name,
        description,
        "report-" + name,
        Full.NOTHING,
        request -> List.of(reproduction.apply(request)));
  }

  static Optional<Job> of(String name) {
    return ALL.stream().filter(job -> job.name().equals(name)).findFirst();
  }

  static List<String> names() {
    return ALL.stream().map(Job::name).toList();
  }
}
