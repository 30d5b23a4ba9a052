package dev.circuitscope.circuits.ngrams;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.text.Phrase;
import java.util.Comparator;

/**
 * A skip-trigram of a head: with {@code source} somewhere before, {@code destination} attends to it
 * and raises {@code out}.
 *
 * @param head that does it
 * @param source token that is attended to
 * @param destination token that attends
 * @param out token that is raised
 * @param preference of the destination for the source; see {@link TrigramCircuit}
 * @param effect of the source on the out
 * @param strength of both together; 0 unless both are above 0
 */
public record SkipTrigram(
    Head head,
    int source,
    int destination,
    int out,
    double preference,
    double effect,
    double strength) {

  /** The strongest first; equal ones by head and ids, so that there is one order. */
  static final Comparator<SkipTrigram> STRONGEST_FIRST =
      Comparator.comparingDouble((SkipTrigram t) -> -t.strength)
          .thenComparing(SkipTrigram::head)
          .thenComparingInt(SkipTrigram::source)
          .thenComparingInt(SkipTrigram::destination)
          .thenComparingInt(SkipTrigram::out);

  /**
   * Its tokens without the numbers.
   *
   * @return the phrase
   */
  public Phrase phrase() {
    return new Phrase(source, destination, out);
  }

  /**
   * Its tokens in one line.
   *
   * @param names of the tokens
   * @return for example {@code ' keep' ... ' in' -> ' mind'}
   */
  public String text(TokenNames names) {
    return "%s ... %s -> %s"
        .formatted(names.name(source), names.name(destination), names.name(out));
  }

  JsonObject toJson(TokenNames names) {
    JsonObject json = new JsonObject();
    json.addProperty("head", head.toString());
    json.addProperty("source", source);
    json.addProperty("destination", destination);
    json.addProperty("out", out);
    json.addProperty("text", text(names));
    json.add("preference", JsonNumbers.of(preference));
    json.add("effect", JsonNumbers.of(effect));
    json.add("strength", JsonNumbers.of(strength));
    return json;
  }

  String line(TokenNames names) {
    return "%9.3f %9.3f %9.3f  %-6s %s".formatted(strength, preference, effect, head, text(names));
  }

  /** Head, ids and numbers. */
  @Override
  public String toString() {
    return "%s: %s (preference %.3f, effect %.3f, strength %.3f)"
        .formatted(head, text(TokenNames.ids()), preference, effect, strength);
  }
}
