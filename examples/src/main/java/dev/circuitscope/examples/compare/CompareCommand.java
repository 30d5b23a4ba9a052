package dev.circuitscope.examples.compare;

import dev.circuitscope.core.io.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code circuitscope compare FILE}; its exit code says how it went. */
@Command(
    name = "compare",
    description = "Compares the engine with numbers that another implementation computed.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everything that was compared is within the tolerance",
      "1:something is beyond it",
      "2:the file or an option cannot be used"
    })
public final class CompareCommand implements Callable<Integer> {

  private static final int WITHIN = 0;
  private static final int BEYOND = 1;
  private static final int BAD_INPUT = 2;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description =
          "a safetensors file in the golden format: model, tokens, activations, gradients")
  private Path file;

  @Option(
      names = "--tolerance",
      paramLabel = "T",
      defaultValue = "1e-5",
      description =
          "largest absolute error of activations, logits and losses; gradients may be off by 10 T"
              + " relative to the largest magnitude in their tensor (default: ${DEFAULT-VALUE})")
  private double tolerance;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "write the report as JSON to a file, or to standard output if -")
  private String json;

  /** For picocli, which fills in the options. */
  public CompareCommand() {}

  /**
   * Compares and prints.
   *
   * @return 0 within the tolerance, 1 beyond it, 2 if the file or an option cannot be used
   */
  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      GoldenComparison comparison = GoldenComparison.of(file, tolerance);
      if ("-".equals(json)) {
        out.println(Json.toString(ComparisonText.json(comparison)));
      } else {
        out.print(ComparisonText.table(comparison));
        if (json != null) {
          Json.write(Path.of(json), ComparisonText.json(comparison));
        }
      }
      out.flush();
      return comparison.within() ? WITHIN : BEYOND;
    } catch (IOException | IllegalArgumentException e) {
      spec.commandLine().getErr().println("compare: " + oneLine(e));
      spec.commandLine().getErr().flush();
      return BAD_INPUT;
    }
  }

  private static String oneLine(Exception e) {
    String message =
        e instanceof FileSystemException f && f.getReason() != null
            ? f.getFile() + ": " + f.getReason()
            : String.valueOf(e.getMessage());
    return message.replaceAll("\\s*\\R\\s*", " ");
  }
}
