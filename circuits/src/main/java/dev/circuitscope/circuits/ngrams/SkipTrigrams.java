package dev.circuitscope.circuits.ngrams;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.core.model.Transformer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The strongest skip-trigrams of a search.
 *
 * <pre>{@code
 * System.out.println(SkipTrigramSearch.of(model).named(tokenizer).perSource(1).strongest(3));
 * // strongest skip-trigrams by preference times effect (all)
 * //  strength      pref.    effect  head   source ... destination -> out
 * //    92.113     8.201    11.232  L0H5   ' keep' ... ' in' -> ' mind'
 * }</pre>
 *
 * @param triples the strongest first
 * @param strength how strength was measured
 * @param filter which skip-trigrams took part
 * @param names of the tokens
 * @param provenance the model's shape; empty for circuits without a model
 */
public record SkipTrigrams(
    List<SkipTrigram> triples,
    String strength,
    String filter,
    TokenNames names,
    Optional<Provenance> provenance) {

  /**
   * Copies the list.
   *
   * @param triples the strongest first; copied
   * @param strength how strength was measured
   * @param filter which skip-trigrams took part
   * @param names of the tokens
   * @param provenance the model's shape; empty for circuits without a model
   */
  public SkipTrigrams {
    triples = List.copyOf(triples);
    Objects.requireNonNull(names, "names");
    Objects.requireNonNull(provenance, "provenance");
  }

  /**
   * The strongest skip-trigrams of the heads of layer 0, by preference times effect.
   *
   * @param model whose heads they are
   * @param k how many, at least 1
   * @return the strongest first
   * @throws IllegalArgumentException if k is less than 1
   * @see SkipTrigramSearch for other heads, measures and filters
   */
  public static SkipTrigrams of(Transformer model, int k) {
    return SkipTrigramSearch.of(model).strongest(k);
  }

  /**
   * Renders the result.
   *
   * @return an object with a list of triples, their tokens as ids and as text
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("strength", strength);
    json.addProperty("filter", filter);
    JsonArray list = new JsonArray(triples.size());
    triples.forEach(triple -> list.add(triple.toJson(names)));
    json.add("triples", list);
    provenance.ifPresent(p -> json.add("provenance", p.toJson()));
    return json;
  }

  /** A line for each, under what it shows and over where it comes from. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("strongest skip-trigrams by %s (%s)%n".formatted(strength, filter));
    text.append(
        "%9s %9s %9s  %-6s %s"
            .formatted("strength", "pref.", "effect", "head", "source ... destination -> out"));
    triples.forEach(t -> text.append(System.lineSeparator()).append(t.line(names)));
    provenance.ifPresent(p -> text.append(System.lineSeparator()).append(p));
    return text.toString();
  }
}
