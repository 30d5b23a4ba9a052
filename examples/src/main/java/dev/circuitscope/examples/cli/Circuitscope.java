package dev.circuitscope.examples.cli;

import dev.circuitscope.core.Library;
import dev.circuitscope.examples.compare.CompareCommand;
import dev.circuitscope.examples.heads.HeadsCommand;
import dev.circuitscope.examples.model.GenerateCommand;
import dev.circuitscope.examples.model.InfoCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code circuitscope}. */
@Command(
    name = "circuitscope",
    description = "Transformer circuits and toy models of superposition, in Java.",
    mixinStandardHelpOptions = true,
    versionProvider = Circuitscope.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ReproduceCommand.class,
      CompareCommand.class,
      InfoCommand.class,
      HeadsCommand.class,
      GenerateCommand.class
    })
public final class Circuitscope implements Runnable {

  @Spec private CommandSpec spec;

  /** For picocli. */
  public Circuitscope() {}

  /**
   * Runs a command and ends the program with its exit code.
   *
   * @param arguments of the command line
   */
  public static void main(String[] arguments) {
    // Numbers in reports and messages do not depend on where they are made.
    Locale.setDefault(Locale.ROOT);
    System.exit(commandLine().execute(arguments));
  }

  /**
   * The command line, to be run within a program.
   *
   * @return which answers bad options with 2, and failures with 1, and a line of text
   */
  public static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Circuitscope());
    line.setParameterExceptionHandler(
        (e, arguments) -> {
          CommandLine command = e.getCommandLine();
          command
              .getErr()
              .println(
                  "circuitscope: %s (see %s --help)"
                      .formatted(
                          oneLine(e.getMessage()), command.getCommandSpec().qualifiedName()));
          return CommandLine.ExitCode.USAGE;
        });
    line.setExecutionExceptionHandler(
        (e, command, result) -> {
          if (e instanceof IOException || e instanceof UncheckedIOException) {
            command.getErr().println("circuitscope: " + oneLine(message(e)));
            return CommandLine.ExitCode.SOFTWARE;
          }
          throw e;
        });
    return line;
  }

  /** Without a command there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "give a command: " + String.join(", ", spec.subcommands().keySet()));
  }

  private static String message(Exception e) {
    Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
    return cause instanceof FileSystemException f
        ? "%s: %s"
            .formatted(
                f.getFile(), f.getReason() != null ? f.getReason() : f.getClass().getSimpleName())
        : String.valueOf(cause.getMessage());
  }

  private static String oneLine(String message) {
    return message.replaceAll("\\s*\\R\\s*", " ");
  }

  /** The version that the build wrote. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"circuitscope " + Library.version()};
    }
  }
}
