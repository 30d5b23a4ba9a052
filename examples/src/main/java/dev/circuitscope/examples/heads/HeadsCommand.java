package dev.circuitscope.examples.heads;

import dev.circuitscope.core.format.LoadedModel;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.text.Tokenizer;
import dev.circuitscope.examples.model.ModelArgument;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code circuitscope heads MODEL}. */
@Command(
    name = "heads",
    description =
        "Scores every attention head of a model: previous token, duplicate token, induction,"
            + " prefix matching, copying.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:heads were scored", "2:the model or an option cannot be used"})
public final class HeadsCommand implements Callable<Integer> {

  private static final int BAD_INPUT = 2;

  @Spec private CommandSpec spec;

  @Mixin private ModelArgument model;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "write the scores as JSON to a file, or to standard output if -")
  private String json;

  @Option(
      names = "--png",
      paramLabel = "FILE",
      description = "draw the scores, as PNG or SVG by the file's ending")
  private Path picture;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "seed of the random sequences (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--start-token",
      paramLabel = "ID",
      description =
          "token before every repeated sequence (default: that of the model's tokenizer, if it has"
              + " one)")
  private Integer startToken;

  /** For picocli, which fills in the options. */
  public HeadsCommand() {}

  /**
   * Scores and prints.
   *
   * @return 0, or 2 if the model or an option cannot be used
   */
  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      requireDrawable();
      LoadedModel loaded = model.load();
      HeadMeasurements measurements =
          HeadMeasurements.of(loaded.transformer(), startToken(loaded), seed);
      if (picture != null) {
        String name = String.valueOf(loaded.source().toAbsolutePath().normalize().getFileName());
        HeadsFigure.of(name, measurements).save(picture);
      }
      if ("-".equals(json)) {
        out.println(Json.toString(HeadsText.json(loaded, measurements)));
      } else {
        if (json != null) {
          Json.write(Path.of(json), HeadsText.json(loaded, measurements));
        }
        out.print(HeadsText.tables(loaded, measurements));
      }
      out.flush();
      return 0;
    } catch (UncheckedIOException e) {
      return fail(e.getCause());
    } catch (IOException | IllegalArgumentException e) {
      return fail(e);
    }
  }

  private int fail(Exception e) {
    spec.commandLine().getErr().println("heads: " + ModelArgument.oneLine(e));
    spec.commandLine().getErr().flush();
    return BAD_INPUT;
  }

  private OptionalInt startToken(LoadedModel loaded) {
    if (startToken != null) {
      return OptionalInt.of(startToken);
    }
    return loaded.tokenizer().map(Tokenizer::bosToken).orElse(OptionalInt.empty());
  }

  private void requireDrawable() {
    if (picture != null) {
      String name = picture.toString().toLowerCase(Locale.ROOT);
      if (!name.endsWith(".png") && !name.endsWith(".svg")) {
        throw new IllegalArgumentException(
            "--png " + picture + ": the file must end in .png or .svg");
      }
    }
  }
}
