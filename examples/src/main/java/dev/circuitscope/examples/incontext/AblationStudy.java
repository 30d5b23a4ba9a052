package dev.circuitscope.examples.incontext;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.heads.HeadScores;
import dev.circuitscope.circuits.heads.PrefixMatchingScores;
import dev.circuitscope.circuits.heads.PreviousTokenScores;
import dev.circuitscope.circuits.learning.LossPositions;
import dev.circuitscope.circuits.learning.PhaseChange;
import dev.circuitscope.circuits.learning.pertoken.HeadAblation;
import dev.circuitscope.circuits.learning.pertoken.LossDirection;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.circuits.sampling.SampleMean;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What each head of a trained model does for the in-context learning that its change brought.
 *
 * @param kind of model
 * @param change the stretch in which the best prefix-matching score rises
 * @param prefixMatching scores at the end
 * @param previousToken scores at the end, on held-out text
 * @param beforeAndAfter of each head, the dot product of the losses that its pattern-preserving
 *     ablation adds with the direction in which losses moved across the change
 * @param before in-context learning score where the change starts, in nats
 * @param after in-context learning score at the end of training, in nats
 * @param single each head taken out of the model at the end
 * @param together all induction heads taken out at once; empty if there is none
 */
public record AblationStudy(
    ModelKind kind,
    PhaseChange change,
    HeadScores prefixMatching,
    HeadScores previousToken,
    HeadScores beforeAndAfter,
    SampleMean before,
    SampleMean after,
    List<InContextAblation> single,
    Optional<InContextAblation> together) {

  /**
   * Copies the list.
   *
   * @param kind of model
   * @param change the stretch in which the best prefix-matching score rises
   * @param prefixMatching scores at the end
   * @param previousToken scores at the end, on held-out text
   * @param beforeAndAfter of each head
   * @param before in-context learning score where the change starts, in nats
   * @param after in-context learning score at the end of training, in nats
   * @param single each head taken out of the model at the end
   * @param together all induction heads taken out at once; empty if there is none
   */
  public AblationStudy {
    single = List.copyOf(single);
  }

  static AblationStudy of(
      KeptTraining kept, ModelCourse course, PhaseChange change, CourseMeasures measures) {
    Transformer model = kept.model();
    LossPositions positions = measures.readings().positions();
    HeadScores prefixMatching =
        PrefixMatchingScores.of(model, measures.repeats(), RunSettings.plain());
    List<Head> induction = heads(prefixMatching, measures.readings().inductionHead());
    return new AblationStudy(
        kept.kind(),
        change,
        prefixMatching,
        PreviousTokenScores.ofTokens(model, measures.text(), RunSettings.plain()),
        LossDirection.across(course.losses(), change)
            .scores(model, measures.probe(), HeadAblation.patternPreserving()),
        InContextAblation.score(
            kept.snapshots().at(change.start()), measures.ablation(), positions),
        InContextAblation.score(model, measures.ablation(), positions),
        prefixMatching.ranking().stream()
            .map(head -> ablation(model, List.of(head), measures))
            .toList(),
        induction.isEmpty() ? Optional.empty() : Optional.of(ablation(model, induction, measures)));
  }

  private static InContextAblation ablation(
      Transformer model, List<Head> heads, CourseMeasures measures) {
    return InContextAblation.of(model, heads, measures.ablation(), measures.readings().positions());
  }

  private static List<Head> heads(HeadScores prefixMatching, double threshold) {
    return prefixMatching.ranking().stream()
        .filter(head -> prefixMatching.score(head) >= threshold)
        .toList();
  }

  /**
   * The heads that were taken out together.
   *
   * @return the induction heads, the best first
   */
  public List<Head> inductionHeads() {
    return together.map(InContextAblation::heads).orElse(List.of());
  }

  /**
   * All other heads of the layers that induction heads are in.
   *
   * @return by their prefix-matching scores
   */
  public List<Head> othersOfTheirLayers() {
    List<Integer> layers = inductionHeads().stream().map(Head::layer).distinct().toList();
    return prefixMatching.ranking().stream()
        .filter(head -> layers.contains(head.layer()) && !inductionHeads().contains(head))
        .toList();
  }

  /**
   * A head taken out by itself.
   *
   * @param head of the model
   * @return the model's scores without it
   */
  public InContextAblation without(Head head) {
    return single.stream().filter(a -> a.heads().equals(List.of(head))).findFirst().orElseThrow();
  }

  /**
   * The share of the in-context learning that the change brought which is gone.
   *
   * @param ablated score of the model with heads taken out
   * @return (ablated - after) / (before - after): 0 if the score stays, 1 if it is as before the
   *     change, more if it is worse
   */
  public double removed(SampleMean ablated) {
    return (ablated.mean() - after.mean()) / (before.mean() - after.mean());
  }

  /**
   * The head outside a set whose ablation moves losses most against the change.
   *
   * @param heads not to look at
   * @return the head with the lowest before-and-after score; empty if there is no other
   */
  public Optional<Head> lowestBut(List<Head> heads) {
    return beforeAndAfter.ranking().stream()
        .filter(head -> !heads.contains(head))
        .min(Comparator.comparingDouble(beforeAndAfter::score));
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("model", kind.label());
    json.add("change", change.toJson());
    json.add("prefix_matching", prefixMatching.toJson());
    json.add("previous_token", previousToken.toJson());
    json.add("before_and_after", beforeAndAfter.toJson());
    json.add("in_context_before", before.toJson());
    json.add("in_context_after", after.toJson());
    JsonArray ablations = new JsonArray();
    single.forEach(ablation -> ablations.add(ablation.toJson()));
    together.ifPresent(ablation -> ablations.add(ablation.toJson()));
    json.add("ablations", ablations);
    return json;
  }
}
