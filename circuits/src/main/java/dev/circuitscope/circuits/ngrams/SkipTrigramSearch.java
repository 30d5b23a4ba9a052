package dev.circuitscope.circuits.ngrams;

import dev.circuitscope.circuits.algebra.Circuits;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.text.Phrase;
import dev.circuitscope.core.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Finds the strongest skip-trigrams {@code source ... destination -> out} of heads, out of
 * d_vocab^3 for each, without forming any table over the vocabulary: exact, by branch and bound
 * over sources.
 *
 * <pre>{@code
 * SkipTrigramSearch search = SkipTrigramSearch.of(model).named(tokenizer);
 * SkipTrigrams all = search.strongest(20);                 // of all heads of layer 0
 * SkipTrigrams varied = search.perSource(1).strongest(20);
 * SkipTrigrams copies =
 *     search.filter(TrigramFilter.any().copying()).strongest(20);
 * SourceTable table = search.heads(new Head(0, 3)).table(10, 5);
 * SkipTrigrams words = search.strongestAmong(WordParts.of(tokenizer), 20);
 * }</pre>
 *
 * <p>Of a one-layer attention-only model the heads of layer 0 are the whole story, but for the
 * direct path and positions; of a deeper one they are its first step. Immutable.
 */
public final class SkipTrigramSearch {

  private final Heads circuits;
  private final TrigramStrength strength;
  private final TrigramFilter filter;
  private final int perSource;
  private final TokenNames names;

  /** Makes circuits one at a time: those of a large vocabulary need not be in memory together. */
  private interface Heads {
    void forEach(Consumer<TrigramCircuit> reader);

    Optional<Transformer> model();
  }

  private record OfModel(Transformer of, List<Head> heads, double finalScale) implements Heads {

    @Override
    public void forEach(Consumer<TrigramCircuit> reader) {
      heads.forEach(head -> reader.accept(TrigramCircuit.of(of, head).withFinalScale(finalScale)));
    }

    @Override
    public Optional<Transformer> model() {
      return Optional.of(of);
    }
  }

  private record Given(List<TrigramCircuit> circuits) implements Heads {

    @Override
    public void forEach(Consumer<TrigramCircuit> reader) {
      circuits.forEach(reader);
    }

    @Override
    public Optional<Transformer> model() {
      return Optional.empty();
    }
  }

  private SkipTrigramSearch(
      Heads circuits,
      TrigramStrength strength,
      TrigramFilter filter,
      int perSource,
      TokenNames names) {
    this.circuits = circuits;
    this.strength = strength;
    this.filter = filter;
    this.perSource = perSource;
    this.names = names;
  }

  /**
   * Searches all heads of layer 0.
   *
   * @param model whose heads they are
   * @return a search for all skip-trigrams, by preference times effect
   */
  public static SkipTrigramSearch of(Transformer model) {
    int heads = model.config().nLayers() == 0 ? 0 : model.config().nHeads();
    return of(model, IntStream.range(0, heads).mapToObj(h -> new Head(0, h)).toList(), 1);
  }

  /**
   * Searches given circuits.
   *
   * @param circuits of any heads
   * @return a search for all skip-trigrams, by preference times effect
   */
  public static SkipTrigramSearch of(List<TrigramCircuit> circuits) {
    return all(new Given(List.copyOf(circuits)));
  }

  private static SkipTrigramSearch of(Transformer model, List<Head> heads, double finalScale) {
    return all(new OfModel(model, heads, finalScale));
  }

  private static SkipTrigramSearch all(Heads circuits) {
    return new SkipTrigramSearch(
        circuits,
        TrigramStrength.PRODUCT,
        TrigramFilter.any(),
        Integer.MAX_VALUE,
        TokenNames.ids());
  }

  /**
   * Searches only some heads of the model.
   *
   * @param heads of any layer; see {@link TrigramCircuit} for those above 0
   * @return a new search
   * @throws IllegalStateException if the search is of given circuits, not of a model
   */
  public SkipTrigramSearch heads(Head... heads) {
    OfModel model = ofModel("heads");
    return with(new OfModel(model.of, List.of(heads), model.finalScale));
  }

  /**
   * Divides effects by a scale of the final normalisation; see {@link
   * TrigramCircuit#withFinalScale}.
   *
   * @param scale above 0
   * @return a new search
   * @throws IllegalStateException if the search is of given circuits, not of a model
   */
  public SkipTrigramSearch finalScale(double scale) {
    OfModel model = ofModel("finalScale");
    return with(new OfModel(model.of, model.heads, scale));
  }

  /**
   * Measures strength in another way.
   *
   * @param measure how preference and effect make one number
   * @return a new search
   */
  public SkipTrigramSearch strength(TrigramStrength measure) {
    return new SkipTrigramSearch(circuits, measure, filter, perSource, names);
  }

  /**
   * Searches only for some skip-trigrams.
   *
   * @param rule which
   * @return a new search
   */
  public SkipTrigramSearch filter(TrigramFilter rule) {
    return new SkipTrigramSearch(circuits, strength, rule, perSource, names);
  }

  /**
   * Takes only so many skip-trigrams of each source in each head, so that one source with many
   * destinations does not fill the list.
   *
   * @param most of a source, at least 1
   * @return a new search
   * @throws IllegalArgumentException if it is less than 1
   */
  public SkipTrigramSearch perSource(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("skip-trigrams of a source: take at least 1, was " + most);
    }
    return new SkipTrigramSearch(circuits, strength, filter, most, names);
  }

  /**
   * Writes tokens by their text.
   *
   * @param tokenizer of the model
   * @return a new search
   */
  public SkipTrigramSearch named(Tokenizer tokenizer) {
    return new SkipTrigramSearch(circuits, strength, filter, perSource, TokenNames.of(tokenizer));
  }

  /**
   * The strongest skip-trigrams.
   *
   * @param k how many, at least 1
   * @return the strongest first; fewer if not so many have a strength above 0
   * @throws IllegalArgumentException if k is less than 1
   */
  public SkipTrigrams strongest(int k) {
    requireSome(k);
    SourceScan scan = new SourceScan(strength, filter, (p, e) -> strength.of(p[0], e[0]));
    List<SkipTrigram> best = new ArrayList<>();
    circuits.forEach(
        circuit -> {
          double least = best.size() < k ? 0 : best.get(k - 1).strength();
          // Of the k strongest triples, no more than k sources: those that are strongest by their
          // best.
          for (SourceScan.Found found : scan.best(circuit, k, least)) {
            best.addAll(
                new SourceCandidates(circuit, filter, found.source())
                    .strongest(strength, Math.min(k, perSource)));
          }
          cut(best, k);
        });
    return result(best, filter.name());
  }

  /**
   * The strongest of given triples, such as {@link WordParts}. Those that the filter leaves out, or
   * whose tokens are outside the vocabulary, do not take part.
   *
   * @param triples to choose from
   * @param k how many, at least 1
   * @return the strongest first; fewer if not so many have a strength above 0
   * @throws IllegalArgumentException if k is less than 1
   */
  public SkipTrigrams strongestAmong(List<Phrase> triples, int k) {
    requireSome(k);
    List<SkipTrigram> best = new ArrayList<>();
    circuits.forEach(
        circuit -> {
          List<SkipTrigram> own =
              triples.stream()
                  .distinct()
                  .filter(t -> t.source() < circuit.tokens())
                  .filter(t -> t.destination() < circuit.tokens() && t.out() < circuit.outTokens())
                  .filter(t -> filter.accepts(t.source(), t.destination(), t.out()))
                  .map(t -> circuit.trigram(t.source(), t.destination(), t.out(), strength))
                  .filter(t -> t.strength() > 0)
                  .sorted(SkipTrigram.STRONGEST_FIRST)
                  .toList();
          int[] taken = new int[circuit.tokens()];
          own.stream().filter(t -> taken[t.source()]++ < perSource).limit(k).forEach(best::add);
          cut(best, k);
        });
    return result(best, "%s, among %d given triples".formatted(filter.name(), triples.size()));
  }

  /**
   * The sources with the strongest skip-trigrams, each with its top destinations and outs: the
   * paper's tables.
   *
   * @param sources how many rows, at least 1
   * @param width how many destinations and outs in each, at least 1
   * @return the strongest first, by the best skip-trigram of each
   * @throws IllegalArgumentException if a number is less than 1
   */
  public SourceTable table(int sources, int width) {
    requireSome(sources);
    requireSome(width);
    SourceScan scan = new SourceScan(strength, filter, (p, e) -> strength.of(p[0], e[0]));
    List<SourceTable.Row> rows = new ArrayList<>();
    circuits.forEach(
        circuit -> {
          double least = rows.size() < sources ? 0 : rows.get(sources - 1).strength();
          for (SourceScan.Found found : scan.best(circuit, sources, least)) {
            rows.add(new SourceCandidates(circuit, filter, found.source()).row(strength, width));
          }
          rows.sort(SourceTable.Row.STRONGEST_FIRST);
          rows.subList(Math.min(sources, rows.size()), rows.size()).clear();
        });
    return new SourceTable(rows, strength.name(), filter.name(), names, provenance());
  }

  /**
   * The clearest skip-trigram bug by the weights alone; see {@link SkipTrigramBug}.
   *
   * @return the quadruple whose weakest skip-trigram is strongest; empty if no source has two
   *     destinations and two outs above 0
   */
  public Optional<SkipTrigramBug> clearestBug() {
    return new BugSearch(strength, filter, names).byWeights(this::circuits);
  }

  /**
   * The clearest skip-trigram bug beside a text: two skip-trigrams that occur in it, crossed into
   * two that do not.
   *
   * @param text [sequence, pos], what the model was trained on or like it
   * @return the quadruple whose weakest skip-trigram is strongest, of the 256 strongest sources of
   *     each head and the 8 destinations and outs of each; empty if there is none
   */
  public Optional<SkipTrigramBug> clearestBug(int[][] text) {
    return new BugSearch(strength, filter, names).byText(this::circuits, text);
  }

  private void circuits(Consumer<TrigramCircuit> reader) {
    circuits.forEach(reader);
  }

  private SkipTrigrams result(List<SkipTrigram> best, String filtered) {
    return new SkipTrigrams(best, strength.name(), filtered, names, provenance());
  }

  private Optional<Provenance> provenance() {
    return circuits
        .model()
        .map(model -> Provenance.ofWeights(model.config(), Circuits.of(model).processing()));
  }

  private static void cut(List<SkipTrigram> best, int k) {
    best.sort(SkipTrigram.STRONGEST_FIRST);
    best.subList(Math.min(k, best.size()), best.size()).clear();
  }

  private OfModel ofModel(String operation) {
    if (circuits instanceof OfModel model) {
      return model;
    }
    throw new IllegalStateException(
        operation + " is for searches of a model; this one was given its circuits");
  }

  private SkipTrigramSearch with(Heads other) {
    return new SkipTrigramSearch(other, strength, filter, perSource, names);
  }

  private static void requireSome(int k) {
    if (k < 1) {
      throw new IllegalArgumentException("skip-trigrams: ask for at least 1, was " + k);
    }
  }
}
