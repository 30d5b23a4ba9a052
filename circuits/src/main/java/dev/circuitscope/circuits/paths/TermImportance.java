package dev.circuitscope.circuits.paths;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.SampleMean;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the terms of the path expansion are worth in nats, order by order (A Mathematical Framework
 * for Transformer Circuits, section "Understanding Term Importance"): the loss with the direct path
 * only, with single heads too, with virtual heads of two heads too, up to the whole model. Patterns
 * and scales of normalisations are those of the model's own run throughout.
 *
 * <pre>{@code
 * TermImportance importance = TermImportance.of(model, sequences);
 * importance.loss(0);           // of the direct path
 * importance.reduction(1);      // what single heads take off
 * System.out.println(importance);
 * }</pre>
 *
 * <p>Within an order, terms are divided among sets of heads; unless others are given, among layers.
 * What MLPs wrote, if there are any, counts to the direct path.
 *
 * @param uniformLoss log d_vocab_out, the loss of knowing nothing
 * @param losses [order][sequence] mean losses in nats of all terms up to an order
 * @param sets the same for paths through some heads alone
 * @param provenance the model's shape and the sequences
 */
public record TermImportance(
    double uniformLoss, double[][] losses, List<HeadSetImportance> sets, Provenance provenance) {

  /**
   * Copies the losses.
   *
   * @param uniformLoss log d_vocab_out, the loss of knowing nothing
   * @param losses [order][sequence] mean losses in nats of all terms up to an order
   * @param sets the same for paths through some heads alone
   * @param provenance the model's shape and the sequences
   */
  public TermImportance {
    losses = HeadSetImportance.copy(losses);
    sets = List.copyOf(sets);
  }

  /**
   * Measures a model, divided among growing numbers of layers.
   *
   * @param model any number of layers
   * @param sequences [sequence][pos], equally long, of at least 2 tokens
   * @return the result
   * @throws IllegalArgumentException if there is no sequence, their lengths differ or are less than
   *     2
   */
  public static TermImportance of(Transformer model, int[][] sequences) {
    FrozenRuns runs = FrozenRuns.of(model, sequences);
    return of(runs, HeadSet.growing(runs.config()));
  }

  /**
   * Measures runs, divided among sets of heads.
   *
   * @param runs of sequences of at least 2 tokens
   * @param sets of heads; they may overlap. Sets that grow, each within the next, divide what an
   *     order takes off into steps
   * @return the result
   * @throws IllegalArgumentException if sequences have 1 token only
   */
  public static TermImportance of(FrozenRuns runs, List<HeadSet> sets) {
    int orders = runs.config().nLayers() + 1;
    List<SequenceLosses> perSequence =
        runs.map((sequence, run) -> SequenceLosses.of(run.linear(), sets));
    double[][] all = new double[orders][runs.size()];
    List<HeadSetImportance> parts = new ArrayList<>();
    double[][][] alone = new double[sets.size()][orders][runs.size()];
    double[][][] onTop = new double[sets.size()][orders][runs.size()];
    for (int sequence = 0; sequence < runs.size(); sequence++) {
      SequenceLosses losses = perSequence.get(sequence);
      for (int order = 0; order < orders; order++) {
        all[order][sequence] = losses.all()[order];
        for (int set = 0; set < sets.size(); set++) {
          alone[set][order][sequence] = losses.alone()[set][order];
          onTop[set][order][sequence] = losses.onTop()[set][order];
        }
      }
    }
    for (int set = 0; set < sets.size(); set++) {
      parts.add(new HeadSetImportance(sets.get(set), alone[set], onTop[set]));
    }
    double uniform = Math.log(runs.config().dVocabOut());
    return new TermImportance(uniform, all, parts, runs.provenance());
  }

  /**
   * Losses of every sequence.
   *
   * @return [order][sequence], a copy
   */
  @Override
  public double[][] losses() {
    return HeadSetImportance.copy(losses);
  }

  /**
   * The highest order there is.
   *
   * @return the number of layers
   */
  public int lastOrder() {
    return losses.length - 1;
  }

  /**
   * The loss of all terms up to an order.
   *
   * @param order from 0, the direct path, to {@link #lastOrder}, the model
   * @return in nats, over sequences
   * @throws IllegalArgumentException if there is no such order
   */
  public SampleMean loss(int order) {
    return SampleMean.of(losses[require(order)]);
  }

  /**
   * What the terms of an order take off the loss of those of lower orders.
   *
   * @param order from 0, which takes off the uniform loss
   * @return in nats, paired over sequences
   * @throws IllegalArgumentException if there is no such order
   */
  public SampleMean reduction(int order) {
    return less(order == 0 ? uniform() : losses[require(order) - 1], losses[order]);
  }

  /**
   * How many terms an order has.
   *
   * @param order from 0
   * @return paths through so many heads
   * @throws IllegalArgumentException if there is no such order
   */
  public BigInteger terms(int order) {
    TransformerConfig model = provenance.model();
    return PathOrders.count(model.nLayers(), model.nHeads(), require(order));
  }

  /**
   * An order divided among the sets of heads, one added after the other.
   *
   * @param order from 1
   * @return a step for each set that has some but not all terms of the order, and one for the rest
   * @throws IllegalArgumentException if there is no such order
   */
  public List<ImportanceStep> steps(int order) {
    if (order < 1) {
      throw new IllegalArgumentException("the direct path has no heads to be divided among");
    }
    BigInteger all = terms(order);
    List<ImportanceStep> steps = new ArrayList<>();
    double[] lower = losses[order - 1];
    HeadSetImportance before = null;
    for (HeadSetImportance next : sets) {
      BigInteger terms = next.set().paths(order);
      if (terms.signum() == 0 || terms.equals(all)) {
        continue;
      }
      boolean grows = before != null && next.set().heads().containsAll(before.set().heads());
      double[] base = grows ? before.onTop()[order] : lower;
      double[] loss = next.onTop()[order];
      BigInteger fewer = grows ? before.set().paths(order) : BigInteger.ZERO;
      steps.add(
          new ImportanceStep(
              next.set().name(), terms.subtract(fewer), SampleMean.of(loss), less(base, loss)));
      before = next;
    }
    double[] base = before == null ? lower : before.onTop()[order];
    BigInteger fewer = before == null ? BigInteger.ZERO : before.set().paths(order);
    steps.add(
        new ImportanceStep(
            before == null ? "all heads" : "the others",
            all.subtract(fewer),
            loss(order),
            less(base, losses[order])));
    return steps;
  }

  private double[] uniform() {
    double[] uniform = new double[losses[0].length];
    Arrays.fill(uniform, uniformLoss);
    return uniform;
  }

  private static SampleMean less(double[] before, double[] after) {
    double[] less = new double[before.length];
    for (int i = 0; i < less.length; i++) {
      less[i] = before[i] - after[i];
    }
    return SampleMean.of(less);
  }

  private int require(int order) {
    if (order < 0 || order >= losses.length) {
      throw new IllegalArgumentException(
          "terms have orders 0 to %d, was %d".formatted(lastOrder(), order));
    }
    return order;
  }

  /**
   * Renders the means.
   *
   * @return an object with the uniform loss, every order and its steps, the sets and the provenance
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("uniform_loss", uniformLoss);
    JsonArray orders = new JsonArray();
    for (int order = 0; order <= lastOrder(); order++) {
      JsonObject one = new JsonObject();
      one.addProperty("order", order);
      one.addProperty("terms", terms(order));
      one.add("loss", loss(order).toJson());
      one.add("reduction", reduction(order).toJson());
      JsonArray steps = new JsonArray();
      if (order > 0) {
        steps(order).forEach(step -> steps.add(step.toJson()));
      }
      one.add("steps", steps);
      orders.add(one);
    }
    json.add("orders", orders);
    JsonArray heads = new JsonArray();
    sets.forEach(set -> heads.add(set.toJson()));
    json.add("head_sets", heads);
    json.add("provenance", provenance.toJson());
    return json;
  }

  /** A row for each order, and under it one for each step if there are several. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(row("order", "terms", "loss", "reduction").stripLeading());
    text.append(row("uniform", "", "%.4f".formatted(uniformLoss), ""));
    for (int order = 0; order <= lastOrder(); order++) {
      String name = order == 0 ? "0 direct" : order == 1 ? "1 heads" : order + " virtual";
      text.append(row(name, terms(order), loss(order), reduction(order)));
      List<ImportanceStep> steps = order == 0 ? List.of() : steps(order);
      if (steps.size() > 1) {
        steps.forEach(s -> text.append(row("  " + s.name(), s.terms(), s.loss(), s.reduction())));
      }
    }
    if (provenance.model().mlp().isPresent()) {
      text.append("%nMLP outputs as in the run count to the direct path".formatted());
    }
    return text.append("%n%s".formatted(provenance)).toString();
  }

  private static String row(Object name, Object terms, Object loss, Object reduction) {
    return "%n%-14s%12s%20s%20s".formatted(name, terms, loss, reduction);
  }
}
