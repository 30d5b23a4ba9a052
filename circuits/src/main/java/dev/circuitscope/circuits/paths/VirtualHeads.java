package dev.circuitscope.circuits.paths;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.SampleMean;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Every pair of heads as a virtual head (A Mathematical Framework for Transformer Circuits, section
 * "Virtual Attention Heads"), and what each is worth in nats. Its pattern on a sequence is {@link
 * FrozenRun#pattern(HeadPath)}.
 *
 * <pre>{@code
 * VirtualHeads virtual = VirtualHeads.of(model, sequences);
 * VirtualHead best = virtual.ranking().get(0);           // L0H3 -> L1H2
 * INDArray pattern = FrozenRun.of(model, tokens).pattern(best.path());
 * }</pre>
 *
 * @param heads all pairs, in the order of their heads
 * @param together how much lower the loss is with all of them than with the direct path and single
 *     heads, in nats; gains do not sum to it, because the loss is not linear in logits
 * @param provenance the model's shape and the sequences
 */
public record VirtualHeads(List<VirtualHead> heads, SampleMean together, Provenance provenance) {

  private static final int ROWS = 12;

  /**
   * Copies the list.
   *
   * @param heads all pairs, in the order of their heads
   * @param together how much lower the loss is with all of them, in nats
   * @param provenance the model's shape and the sequences
   */
  public VirtualHeads {
    heads = List.copyOf(heads);
  }

  /**
   * Measures all virtual heads of a model.
   *
   * @param model with any number of layers; one of fewer than two has none
   * @param sequences [sequence][pos], equally long, of at least 2 tokens
   * @return the result
   * @throws IllegalArgumentException if there is no sequence, their lengths differ or are less than
   *     2
   */
  public static VirtualHeads of(Transformer model, int[][] sequences) {
    return of(FrozenRuns.of(model, sequences));
  }

  /**
   * Measures all virtual heads.
   *
   * @param runs of sequences of at least 2 tokens
   * @return the result
   * @throws IllegalArgumentException if sequences have 1 token only
   */
  public static VirtualHeads of(FrozenRuns runs) {
    List<Gains> gains = runs.map((sequence, run) -> gains(run.linear()));
    List<HeadPath> pairs = gains.get(0).pairs();
    List<VirtualHead> heads = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      int pair = i;
      heads.add(
          new VirtualHead(
              pairs.get(i),
              SampleMean.of(gains.stream().mapToDouble(g -> g.added().get(pair)).toArray()),
              SampleMean.of(gains.stream().mapToDouble(g -> g.removed().get(pair)).toArray())));
    }
    SampleMean together = SampleMean.of(gains.stream().mapToDouble(Gains::together).toArray());
    return new VirtualHeads(heads, together, runs.provenance());
  }

  private record Gains(
      List<HeadPath> pairs, List<Double> added, List<Double> removed, double together) {}

  private static Gains gains(LinearRun run) {
    int layers = run.config().nLayers();
    PathOrders orders = PathOrders.before(layers, Origin.of(run, false).get(0));
    DoubleMatrix single = orders.of(0);
    if (layers > 0) {
      single = single.plus(orders.of(1));
    }
    DoubleMatrix all = layers > 1 ? single.plus(orders.of(2)) : single;
    DoubleMatrix withSingle = run.logits(single, true);
    DoubleMatrix whole = run.logits(run.stream(layers), true);
    double lossOfSingle = run.loss(withSingle);
    double lossOfWhole = run.loss(whole);
    Gains gains =
        new Gains(
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            lossOfSingle - run.loss(run.logits(all, true)));
    for (int first = 0; first < layers; first++) {
      for (Head early : run.heads(first)) {
        DoubleMatrix start = Origin.of(run, false).get(0).start(early);
        for (int second = first + 1; second < layers; second++) {
          for (Head late : run.heads(second)) {
            DoubleMatrix term = run.logits(run.through(late, start), false);
            gains.pairs().add(HeadPath.of(early, late));
            gains.added().add(lossOfSingle - run.loss(withSingle.plus(term)));
            gains.removed().add(run.loss(whole.minus(term)) - lossOfWhole);
          }
        }
      }
    }
    return gains;
  }

  /**
   * All virtual heads by what they are worth when added, the most first.
   *
   * @return every one once
   */
  public List<VirtualHead> ranking() {
    return heads.stream()
        .sorted(Comparator.comparingDouble((VirtualHead head) -> -head.added().mean()))
        .toList();
  }

  /**
   * One virtual head.
   *
   * @param path of two heads
   * @return what it is worth
   * @throws IllegalArgumentException if the model has no such pair
   */
  public VirtualHead get(HeadPath path) {
    return heads.stream()
        .filter(head -> head.path().equals(path))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s is not a virtual head of two heads of this model".formatted(path)));
  }

  /**
   * Renders the result.
   *
   * @return an object with every virtual head, the gain of all together and the provenance
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    JsonArray all = new JsonArray();
    heads.forEach(head -> all.add(head.toJson()));
    json.add("virtual_heads", all);
    json.add("gain_together", together.toJson());
    json.add("provenance", provenance.toJson());
    return json;
  }

  /** The strongest, and all together. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("%-16s%22s%22s".formatted("virtual head", "gain when added", "when removed"));
    ranking().stream()
        .limit(ROWS)
        .forEach(h -> text.append("%n%-16s%22s%22s".formatted(h.path(), h.added(), h.removed())));
    if (heads.size() > ROWS) {
      text.append("%nand %,d others".formatted(heads.size() - ROWS));
    }
    text.append("%n%-16s%22s".formatted("all together", together));
    return text.append("%n%s".formatted(provenance)).toString();
  }
}
