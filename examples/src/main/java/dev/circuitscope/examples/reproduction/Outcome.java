package dev.circuitscope.examples.reproduction;

import com.google.gson.JsonObject;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.report.Section;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A reproduction that was run.
 *
 * @param name of the reproduction
 * @param seconds it took
 * @param findings in plain words
 * @param sections of the report
 * @param claims whether they hold or not
 * @param recipe rows of two cells
 * @param json all numbers
 * @param models writes what was trained into a directory
 */
public record Outcome(
    String name,
    double seconds,
    List<String> findings,
    List<Section> sections,
    List<Claim> claims,
    List<List<String>> recipe,
    JsonObject json,
    ModelWriter models) {

  /** Writes models. */
  @FunctionalInterface
  public interface ModelWriter {
    /**
     * Writes them.
     *
     * @param directory exists
     * @throws IOException if it cannot be written
     */
    void write(Path directory) throws IOException;
  }

  /**
   * Runs a reproduction.
   *
   * @param reproduction which
   * @param progress hears how far it is
   * @param <R> what it measures
   * @return what came of it
   * @throws IOException if data cannot be read
   */
  public static <R> Outcome of(Reproduction<R> reproduction, Progress progress) throws IOException {
    long start = System.nanoTime();
    R result = reproduction.run(progress);
    double seconds = (System.nanoTime() - start) * 1e-9;
    return new Outcome(
        reproduction.name(),
        seconds,
        reproduction.findings(result),
        reproduction.sections(result),
        reproduction.claims(result),
        reproduction.recipe(result),
        reproduction.json(result),
        directory -> reproduction.saveModels(result, directory));
  }
}
