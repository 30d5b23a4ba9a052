package dev.circuitscope.examples.framework;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.paths.FrozenRuns;
import dev.circuitscope.circuits.paths.HeadSet;
import dev.circuitscope.circuits.paths.TermImportance;
import dev.circuitscope.circuits.paths.VirtualHeads;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.examples.training.TextData;

/**
 * What the terms of the 2-layer model's path expansion are worth.
 *
 * @param likeTraining on held-out windows like those it was trained on
 * @param text on held-out text alone
 * @param virtual each virtual head on the former
 */
public record TermStudy(TermImportance likeTraining, TermImportance text, VirtualHeads virtual) {

  static TermStudy of(Transformer model, TextData data, FrameworkRecipe recipe) {
    FrameworkRecipe.Measures measures = recipe.measures();
    int windows = measures.sequences();
    int context = recipe.shape().context();
    FrozenRuns mixed =
        FrozenRuns.of(model, data.heldOutMixed(recipe.data(), windows, context, measures.seed()))
            .describedAs("held-out text and repeated blocks of it");
    FrozenRuns text =
        FrozenRuns.of(model, data.heldOut(windows, context, measures.seed()))
            .describedAs("held-out text");
    return new TermStudy(
        TermImportance.of(mixed, HeadSet.growing(mixed.config())),
        TermImportance.of(text, HeadSet.growing(text.config())),
        VirtualHeads.of(mixed));
  }

  /**
   * What all virtual heads gain together, as a share of what all single heads gain.
   *
   * @return usually from 0 to 1
   */
  public double virtualShare() {
    return likeTraining.reduction(2).mean() / likeTraining.reduction(1).mean();
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.add("like_training", likeTraining.toJson());
    json.add("text", text.toJson());
    json.add("virtual_heads", virtual.toJson());
    return json;
  }
}
