package dev.circuitscope.examples.reproduction;

import com.google.gson.JsonObject;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.report.Section;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * An experiment of a paper, done anew. {@link #run} measures; everything else is a function of what
 * it measured, so that nothing can be shown that was not.
 *
 * <p>A new reproduction implements this and becomes a line in the command's list of jobs; see
 * {@code induction} and {@code superposition}.
 *
 * @param <R> what the run measured, with its configuration and seed
 */
public interface Reproduction<R> {

  /**
   * A name for files and messages.
   *
   * @return small letters and hyphens
   */
  String name();

  /**
   * Does the experiment.
   *
   * @param progress hears how far it is
   * @return what was measured
   * @throws IOException if data cannot be read
   */
  R run(Progress progress) throws IOException;

  /**
   * What was found, in plain words.
   *
   * @param result of {@link #run}
   * @return sentences, the most important first
   */
  List<String> findings(R result);

  /**
   * The figures and tables, with what they show.
   *
   * @param result of {@link #run}
   * @return sections of the report, in order
   */
  List<Section> sections(R result);

  /**
   * What the paper claims, beside what was measured.
   *
   * @param result of {@link #run}
   * @return all claims, whether they hold or not
   */
  List<Claim> claims(R result);

  /**
   * What somebody who wants to repeat the run has to know.
   *
   * @param result of {@link #run}
   * @return rows of two cells: a name, a value
   */
  List<List<String>> recipe(R result);

  /**
   * All numbers.
   *
   * @param result of {@link #run}
   * @return an object
   */
  JsonObject json(R result);

  /**
   * Writes what was trained, for use elsewhere.
   *
   * @param result of {@link #run}
   * @param directory exists
   * @throws IOException if it cannot be written
   */
  void saveModels(R result, Path directory) throws IOException;
}
