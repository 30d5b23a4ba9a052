package dev.circuitscope.examples.model;

import dev.circuitscope.core.io.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code circuitscope info MODEL}. */
@Command(
    name = "info",
    description = "Loads a model of any known format and says what it is.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:the model was loaded", "2:the files or an option cannot be used"})
public final class InfoCommand implements Callable<Integer> {

  private static final int LOADED = 0;
  private static final int BAD_INPUT = 2;

  @Spec private CommandSpec spec;

  @Mixin private ModelArgument model;

  @Option(names = "--json", description = "print JSON instead of text")
  private boolean json;

  /** For picocli, which fills in the options. */
  public InfoCommand() {}

  /**
   * Loads and prints.
   *
   * @return 0, or 2 if the files or an option cannot be used
   */
  @Override
  public Integer call() {
    try {
      ModelSummary summary = ModelSummary.of(model.load());
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        out.println(Json.toString(SummaryText.json(summary)));
      } else {
        out.print(SummaryText.text(summary));
      }
      out.flush();
      return LOADED;
    } catch (IOException | IllegalArgumentException e) {
      spec.commandLine().getErr().println("info: " + ModelArgument.oneLine(e));
      spec.commandLine().getErr().flush();
      return BAD_INPUT;
    }
  }
}
