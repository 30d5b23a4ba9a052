package dev.circuitscope.examples.cli;

import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.reproduction.Outcome;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.ReportDirectory;
import dev.circuitscope.examples.reproduction.Reproduction;
import dev.circuitscope.examples.reproduction.Scale;
import dev.circuitscope.examples.training.PlainTextPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code circuitscope reproduce}. */
@Command(
    name = "reproduce",
    description =
        "Trains small models, measures them, and writes a report with figures and claims.",
    modelTransformer = ReproduceCommand.Names.class,
    footerHeading = "%nWhat can be reproduced:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the report was written; it says which claims hold",
      "1:something could not be read or written",
      "2:an option cannot be used"
    })
public final class ReproduceCommand implements Callable<Integer> {

  private static final double DEFAULT_MINUTES = 30;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..*",
      description = "what to reproduce (see below), each with a report of its own; default: main")
  private List<String> names = List.of();

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
      description =
          "where to write the report; of several, into folders of it "
              + "(default: target/report for main, target/report-NAME for others)")
  private Path out;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads to use (default: one for each processor)")
  private Integer threads;

  @Option(
      names = "--full",
      description =
          "main and induction: also train on plain text alone, and report whether heads form; "
              + "superposition: at the paper's sizes, within an hour")
  private boolean full;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description =
          "with --full: how long to train on plain text, all models together (default: 30)")
  private Double minutes;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "with --full: how many tokens of plain text to train each model on")
  private Long tokens;

  @Option(
      names = "--quick",
      hidden = true,
      description = "a run of seconds with tiny models, which finds nothing")
  private boolean quick;

  /** For picocli, which fills in the options. */
  public ReproduceCommand() {}

  /**
   * Runs every reproduction that was named and writes its report.
   *
   * @return 0, whatever the claims say
   * @throws IOException if something cannot be read or written
   */
  @Override
  public Integer call() throws IOException {
    List<Job> jobs = jobs();
    Scale scale = quick ? Scale.TINY : full ? Scale.FULL : Scale.STANDARD;
    Job.Request request = new Job.Request(seed, scale, plainText(jobs));
    if (threads != null) {
      require(threads >= 1, "--threads must be at least 1, was " + threads);
      Parallel.setThreads(threads);
    }
    Map<Job, ReportDirectory> directories = new LinkedHashMap<>();
    for (Job job : jobs) {
      ReportDirectory directory = new ReportDirectory(directory(job, jobs.size()));
      directory.prepare();
      directories.put(job, directory);
    }
    for (Map.Entry<Job, ReportDirectory> job : directories.entrySet()) {
      run(job.getKey(), request, job.getValue());
    }
    return 0;
  }

  private void run(Job job, Job.Request request, ReportDirectory directory) throws IOException {
    Progress progress = new ConsoleProgress(spec.commandLine().getOut());
    long start = System.nanoTime();
    List<Outcome> outcomes = new ArrayList<>();
    for (Reproduction<?> reproduction : job.parts().apply(request)) {
      progress.say("== " + reproduction.name() + ", seed " + seed);
      outcomes.add(Outcome.of(reproduction, progress));
    }
    progress.say("== report");
    Path page = directory.write(outcomes, seed);
    conclude(progress, outcomes, page, (System.nanoTime() - start) * 1e-9);
  }

  private Path directory(Job job, int jobs) {
    if (out == null) {
      return Path.of("target", job.directory());
    }
    return jobs == 1 ? out : out.resolve(job.name());
  }

  private List<Job> jobs() {
    if (names.isEmpty()) {
      return List.of(Job.MAIN);
    }
    return names.stream()
        .distinct()
        .map(
            name ->
                Job.of(name)
                    .orElseThrow(
                        () ->
                            new ParameterException(
                                spec.commandLine(),
                                "nothing to reproduce is called '%s'; there are: %s"
                                    .formatted(name, String.join(", ", Job.names())))))
        .toList();
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

  private Optional<PlainTextPlan> plainText(List<Job> jobs) {
    for (Job job : jobs) {
      require(
          !full || job.full() != Job.Full.NOTHING,
          "--full is not for %s, which has one size".formatted(job.name()));
      require(
          job.full() == Job.Full.PLAIN_TEXT || minutes == null && tokens == null,
          "%s is not for %s, which trains on no plain text alone"
              .formatted(minutes != null ? "--minutes" : "--tokens", job.name()));
    }
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

  /** Writes what can be reproduced below the help. */
  static final class Names implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec command) {
      int width = Job.names().stream().mapToInt(String::length).max().orElse(0);
      command
          .usageMessage()
          .footer(
              Job.ALL.stream()
                  .map(job -> "  " + pad(job.name(), width) + "  " + job.description())
                  .toArray(String[]::new));
      return command;
    }

    private static String pad(String name, int width) {
      return name + " ".repeat(width - name.length());
    }
  }
}
