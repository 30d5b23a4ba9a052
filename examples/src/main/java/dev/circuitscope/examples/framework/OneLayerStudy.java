package dev.circuitscope.examples.framework;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.algebra.Circuits;
import dev.circuitscope.circuits.ngrams.SkipTrigramBug;
import dev.circuitscope.circuits.ngrams.SkipTrigramSearch;
import dev.circuitscope.circuits.ngrams.SkipTrigrams;
import dev.circuitscope.circuits.ngrams.SourceTable;
import dev.circuitscope.circuits.ngrams.TrigramFilter;
import dev.circuitscope.circuits.ngrams.TrigramStrength;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.examples.training.TextData;
import java.util.List;
import java.util.Optional;

/**
 * What the heads of the 1-layer model copy, and its skip-trigrams.
 *
 * @param eigenvalues of its heads' circuits
 * @param tables of each head: its strongest sources
 * @param copying the strongest skip-trigrams whose out is their source
 * @param others the strongest of the others
 * @param bug two skip-trigrams of the text that cross into two that the text does not have
 */
public record OneLayerStudy(
    HeadEigenvalues eigenvalues,
    List<SourceTable> tables,
    SkipTrigrams copying,
    SkipTrigrams others,
    Optional<SkipTrigramBug> bug) {

  private static final int SOURCES = 2;
  private static final int WIDTH = 6;

  /**
   * Copies the list.
   *
   * @param eigenvalues of its heads' circuits
   * @param tables of each head: its strongest sources
   * @param copying the strongest skip-trigrams whose out is their source
   * @param others the strongest of the others
   * @param bug two skip-trigrams of the text that cross into two that the text does not have
   */
  public OneLayerStudy {
    tables = List.copyOf(tables);
  }

  static OneLayerStudy of(Transformer model, TextData data, FrameworkRecipe recipe) {
    Circuits circuits = Circuits.of(model);
    int context = recipe.shape().context();
    FrameworkRecipe.Measures measures = recipe.measures();
    SkipTrigramSearch search =
        SkipTrigramSearch.of(model)
            .named(data.tokenizer())
            .finalScale(
                finalScale(model, data.heldOut(measures.sequences(), context, measures.seed())))
            .strength(TrigramStrength.raise(context));
    List<Head> heads = circuits.heads();
    return new OneLayerStudy(
        HeadEigenvalues.of(circuits, measures),
        heads.stream().map(head -> search.heads(head).table(SOURCES, WIDTH)).toList(),
        search.perSource(1).filter(TrigramFilter.any().copying()).strongest(measures.rows()),
        search.perSource(1).filter(TrigramFilter.any().notCopying()).strongest(measures.rows()),
        search.clearestBug(data.train().windows(context)));
  }

  /** The mean scale of the final normalisation on text. */
  private static double finalScale(Transformer model, int[][] text) {
    return model
        .runWithCache(text)
        .cache()
        .get(HookPoint.LN_FINAL_SCALE)
        .meanNumber()
        .doubleValue();
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.add("eigenvalues", eigenvalues.toJson());
    JsonArray rows = new JsonArray();
    tables.forEach(table -> rows.add(table.toJson()));
    json.add("sources", rows);
    json.add("copying_skip_trigrams", copying.toJson());
    json.add("other_skip_trigrams", others.toJson());
    json.add("bug", bug.map(b -> (JsonElement) b.toJson()).orElse(JsonNull.INSTANCE));
    return json;
  }
}
