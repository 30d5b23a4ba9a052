package dev.circuitscope.circuits.ngrams;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.core.hook.Head;

/**
 * A skip-trigram of a head whose keys are smeared: with {@code previous source} somewhere before,
 * {@code destination} attends to the source and raises {@code out}. The token before the source
 * decides whether the head attends, not what it moves.
 *
 * @param head that does it
 * @param previous token before the source
 * @param source token that is attended to
 * @param destination token that attends
 * @param out token that is raised
 * @param preference of the destination for the pair; see {@link PairTrigramCircuit}
 * @param effect of the source on the out
 * @param strength of both together; 0 unless both are above 0
 */
public record PairTrigram(
    Head head,
    int previous,
    int source,
    int destination,
    int out,
    double preference,
    double effect,
    double strength) {

  /**
   * Its tokens in one line.
   *
   * @param names of the tokens
   * @return for example {@code ' New' ' York' ... ' New' -> ' York'}
   */
  public String text(TokenNames names) {
    return "%s %s ... %s -> %s"
        .formatted(
            names.name(previous), names.name(source), names.name(destination), names.name(out));
  }

  /**
   * Renders the skip-trigram.
   *
   * @param names of the tokens
   * @return an object with head, ids, text and numbers
   */
  public JsonObject toJson(TokenNames names) {
    JsonObject json = new JsonObject();
    json.addProperty("head", head.toString());
    json.addProperty("previous", previous);
    json.addProperty("source", source);
    json.addProperty("destination", destination);
    json.addProperty("out", out);
    json.addProperty("text", text(names));
    json.add("preference", JsonNumbers.of(preference));
    json.add("effect", JsonNumbers.of(effect));
    json.add("strength", JsonNumbers.of(strength));
    return json;
  }

  /** Head, ids and numbers. */
  @Override
  public String toString() {
    return "%s: %s (preference %.3f, effect %.3f, strength %.3f)"
        .formatted(head, text(TokenNames.ids()), preference, effect, strength);
  }
}
