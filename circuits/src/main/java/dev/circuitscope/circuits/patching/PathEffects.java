package dev.circuitscope.circuits.patching;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.circuits.sampling.Provenance;
import java.util.Comparator;
import java.util.List;

/**
 * What patching paths does.
 *
 * @param effects one for each path
 * @param base the metric of the run that was changed
 * @param source the metric of the run that values came from, with patterns frozen if they were
 * @param direction which run was changed
 * @param frozen whether all patterns were those of the run that was changed
 * @param metric what was measured, in words
 * @param cleanTokens the clean batch
 * @param corruptedTokens the corrupted batch
 */
public record PathEffects(
    List<PathEffect> effects,
    double base,
    double source,
    PatchDirection direction,
    boolean frozen,
    String metric,
    Provenance cleanTokens,
    Provenance corruptedTokens) {

  private static final int SHOWN = 10;

  /**
   * Copies the effects.
   *
   * @param effects one for each path
   * @param base the metric of the run that was changed
   * @param source the metric of the run that values came from
   * @param direction which run was changed
   * @param frozen whether all patterns were those of the run that was changed
   * @param metric what was measured, in words
   * @param cleanTokens the clean batch
   * @param corruptedTokens the corrupted batch
   */
  public PathEffects {
    effects = List.copyOf(effects);
  }

  /**
   * What patching everything does.
   *
   * @return source less base
   */
  public double fullEffect() {
    return source - base;
  }

  /**
   * What the paths do one by one, added up.
   *
   * @return the sum of their effects
   */
  public double sum() {
    return effects.stream().mapToDouble(PathEffect::effect).sum();
  }

  /**
   * The paths that do most.
   *
   * @return all effects, the largest magnitude first
   */
  public List<PathEffect> sorted() {
    return effects.stream()
        .sorted(Comparator.comparingDouble(effect -> -Math.abs(effect.effect())))
        .toList();
  }

  /**
   * Renders the effects.
   *
   * @return an object with all components and the full effect
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    JsonArray all = new JsonArray();
    effects.forEach(effect -> all.add(effect.toJson()));
    json.add("effects", all);
    json.add("base", JsonNumbers.of(base));
    json.add("source", JsonNumbers.of(source));
    json.add("full_effect", JsonNumbers.of(fullEffect()));
    json.addProperty("direction", direction.name());
    json.addProperty("frozen_patterns", frozen);
    json.addProperty("metric", metric);
    json.add("clean_tokens", cleanTokens.toJson());
    json.add("corrupted_tokens", corruptedTokens.toJson());
    return json;
  }

  /** The full effect and the paths that do most, a line each. */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            "path patching, %s: %.4f, all patched %.4f%s"
                .formatted(metric, base, source, frozen ? ", patterns frozen" : ""));
    sorted().stream().limit(SHOWN).forEach(effect -> text.append("%n  %s".formatted(effect)));
    return text.toString();
  }
}
