package dev.circuitscope.examples.cli;

import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.induction.InductionHeads;
import dev.circuitscope.examples.induction.PlainTextPlan;
import dev.circuitscope.examples.reproduction.Outcome;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.Recipe;
import dev.circuitscope.examples.reproduction.ReportDirectory;
import dev.circuitscope.examples.reproduction.Reproduction;
import dev.circuitscope.examples.superposition.Superposition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code circuitscope reproduce}. */
@Command(
    name = "reproduce",
    description =
        "Trains small models, measures them, and writes a report with figures and claims.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the report was written; it says which claims hold",
      "1:something could not be read or written",
      "2:an option cannot be used"
    })
public final class ReproduceCommand implements Callable<Integer> {

  private static final double DEFAULT_MINUTES = 30;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help and exit")
  private boolean help;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "seed of weights and batches (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "target/report",
      description = "where to write the report (default: ${DEFAULT-VALUE})")
  private Path out;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads to use (default: one for each processor)")
  private Integer threads;

  @Option(
      names = "--full",
      description = "also train on plain text alone, and report whether heads form")
  private boolean full;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "with --full: how long to train on plain text (default: 30)")
  private Double minutes;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "with --full: how many tokens of plain text to train on")
  private Long tokens;

  @Option(
      names = "--quick",
      hidden = true,
      description = "a run of seconds with tiny models, which finds nothing")
  private boolean quick;

  /** For picocli, which fills in the options. */
  public ReproduceCommand() {}

  /**
   * Runs every reproduction and writes the report.
   *
   * @return 0, whatever the claims say
   * @throws IOException if something cannot be read or written
   */
  @Override
  public Integer call() throws IOException {
    Optional<PlainTextPlan> plainText = plainText();
    if (threads != null) {
      require(threads >= 1, "--threads must be at least 1, was " + threads);
      Parallel.setThreads(threads);
    }
    ReportDirectory directory = new ReportDirectory(out);
    directory.prepare();
    Progress progress = new ConsoleProgress(spec.commandLine().getOut());
    long start = System.nanoTime();
    Recipe recipe = quick ? Recipe.quick() : Recipe.standard();
    List<Reproduction<?>> reproductions =
        List.of(new InductionHeads(recipe, seed, plainText), new Superposition(recipe.toy(), seed));
    List<Outcome> outcomes = new ArrayList<>();
    for (Reproduction<?> reproduction : reproductions) {
      progress.say("== " + reproduction.name() + ", seed " + seed);
      outcomes.add(Outcome.of(reproduction, progress));
    }
    progress.say("== report");
    Path page = directory.write(outcomes, seed);
    conclude(progress, outcomes, page, (System.nanoTime() - start) * 1e-9);
    return 0;
  }

  private static void conclude(
      Progress progress, List<Outcome> outcomes, Path page, double seconds) {
    progress.say("");
    outcomes.stream().flatMap(o -> o.findings().stream()).forEach(f -> progress.say("* " + f));
    progress.say("");
    List<Claim> claims = outcomes.stream().flatMap(o -> o.claims().stream()).toList();
    for (Claim claim : claims) {
      progress.say(
          "%-15s %s [measured %s, expected %s]"
              .formatted(
                  claim.holds() ? "holds" : "DOES NOT HOLD",
                  claim.statement(),
                  Double.isNaN(claim.measured()) ? "nothing" : "%.3f".formatted(claim.measured()),
                  claim.expected()));
    }
    long holding = claims.stream().filter(Claim::holds).count();
    progress.say("");
    progress.say("%d of %d claims hold.".formatted(holding, claims.size()));
    progress.say("%.0f s. Report: %s".formatted(seconds, page.toAbsolutePath().normalize()));
  }

  private Optional<PlainTextPlan> plainText() {
    require(full || (minutes == null && tokens == null), "--minutes and --tokens need --full");
    require(minutes == null || tokens == null, "give either --minutes or --tokens, not both");
    require(minutes == null || minutes > 0, "--minutes must be above 0, was " + minutes);
    require(tokens == null || tokens >= 1, "--tokens must be at least 1, was " + tokens);
    if (!full) {
      return Optional.empty();
    }
    return Optional.of(
        tokens != null
            ? PlainTextPlan.ofTokens(tokens)
            : PlainTextPlan.ofMinutes(minutes != null ? minutes : DEFAULT_MINUTES));
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }
}
