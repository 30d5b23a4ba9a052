package dev.circuitscope.circuits.known;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.edges.Edge;
import dev.circuitscope.circuits.sampling.RepeatSampling;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A model whose weights were written by hand, and what is therefore known about it.
 *
 * <pre>{@code
 * KnownModel known = KnownCircuits.induction(KnownSettings.of(50, 64));
 * Head head = known.head(Role.INDUCTION);                    // L1H0
 * INDArray logits = known.model().run(tokens);
 * known.edges();                                             // ..., L0H0 -> L1H0.K, ...
 * }</pre>
 *
 * @param name of the circuit, one of {@link KnownCircuits#names}
 * @param model the transformer
 * @param heads the heads of each role, in the model's order; all others are distractors
 * @param edges what reads what with consequences for the logits: from embeddings to heads, between
 *     heads, to the logits
 * @param expected scores on sequences that begin with the start token
 * @param words tokens that the circuit knows one by one; none if it treats all alike
 * @param settings that it was made with
 */
public record KnownModel(
    String name,
    Transformer model,
    Map<Role, List<Head>> heads,
    List<Edge> edges,
    List<ExpectedScore> expected,
    List<Integer> words,
    KnownSettings settings) {

  /**
   * How many nats each edge of a circuit matters by on {@link #exercises}, and no other edge:
   * divergence of the predictions (see {@code Metrics.divergence}) when it is removed.
   */
  public static final double DISCOVERY_THRESHOLD = 0.005;

  /**
   * Copies maps and lists.
   *
   * @param name of the circuit
   * @param model the transformer
   * @param heads the heads of each role; copied
   * @param edges what reads what; copied
   * @param expected scores; copied
   * @param words tokens that the circuit knows one by one; copied
   * @param settings that it was made with
   */
  public KnownModel {
    Map<Role, List<Head>> copy = new EnumMap<>(Role.class);
    heads.forEach((role, list) -> copy.put(role, List.copyOf(list)));
    heads = Collections.unmodifiableMap(copy);
    edges = List.copyOf(edges);
    expected = List.copyOf(expected);
    words = List.copyOf(words);
  }

  /**
   * The head of a role.
   *
   * @param role of the circuit
   * @return the first if there are several
   * @throws IllegalArgumentException if the circuit has no such role, with those it has
   */
  public Head head(Role role) {
    List<Head> of = heads.get(role);
    if (of == null) {
      throw new IllegalArgumentException(
          "%s has no %s head; it has %s".formatted(name, role.label(), heads.keySet()));
    }
    return of.get(0);
  }

  /**
   * The edges between heads.
   *
   * @return those of {@link #edges} that are compositions
   */
  public List<Edge> compositions() {
    return edges.stream().filter(Edge::betweenHeads).toList();
  }

  /**
   * Random repeats that begin with the start token, on which expected scores hold.
   *
   * @param seed decides the tokens
   * @return {@link RepeatSampling#startingWith} the start token
   * @throws IllegalArgumentException if the context or the vocabulary is too small
   */
  public RepeatSampling repeats(long seed) {
    return RepeatSampling.startingWith(settings.start(), model.config(), seed);
  }

  /**
   * Sequences on which every edge of the circuit matters: repeats of short blocks of random tokens,
   * and often of {@link #words}, after the start token or, for induction, without it.
   *
   * <p>Circuit discovery on them finds {@link #edges} exactly, with removed edges carrying zeros
   * and a threshold of {@link #DISCOVERY_THRESHOLD}:
   *
   * <pre>{@code
   * EdgePruning.of(known.model(), known.exercises(32, 7L), EdgeReference.zero(),
   *     KnownModel.DISCOVERY_THRESHOLD).prune().agreement(known.edges());    // precision 1, recall 1
   * }</pre>
   *
   * <p>Zeros show everything that is read, constants too. In a model with LayerNorm they also
   * change the norm of what is read, and so let senders matter whose directions nobody reads;
   * corrupted tokens and shuffled positions do not, and find all but what is the same in every
   * sequence. Anti-copying with one-hot codes matters by 1 / vocabulary, which is below the
   * threshold beyond 200 tokens.
   *
   * @param sequences how many
   * @param seed decides the tokens
   * @return [sequences, pos], pos being 17 or the context if that is shorter
   */
  public int[][] exercises(int sequences, long seed) {
    return new Exercises(this, seed).draw(sequences);
  }

  /**
   * Renders what is known, without the weights.
   *
   * @return an object with heads, edges, expected scores, words and settings
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("name", name);
    JsonObject roles = new JsonObject();
    heads.forEach(
        (role, list) -> {
          JsonArray of = new JsonArray();
          list.forEach(head -> of.add(head.toString()));
          roles.add(role.name(), of);
        });
    json.add("heads", roles);
    JsonArray all = new JsonArray();
    edges.forEach(edge -> all.add(edge.toJson()));
    json.add("edges", all);
    JsonArray scores = new JsonArray();
    expected.forEach(score -> scores.add(score.toJson()));
    json.add("expected", scores);
    JsonArray known = new JsonArray();
    words.forEach(known::add);
    json.add("words", known);
    json.addProperty("settings", settings.toString());
    return json;
  }

  /** Name and model, then heads, edges and expected scores, a line each. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("%s: %s".formatted(name, model));
    heads.forEach(
        (role, list) ->
            text.append("%n  %s: ".formatted(role.label()))
                .append(String.join(", ", list.stream().map(Head::toString).toList())));
    edges.forEach(edge -> text.append("%n  %s".formatted(edge)));
    expected.forEach(score -> text.append("%n  %s".formatted(score)));
    return text.toString();
  }
}
