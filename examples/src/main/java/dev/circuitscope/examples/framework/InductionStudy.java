package dev.circuitscope.examples.framework;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.heads.AttentionTargets;
import dev.circuitscope.circuits.heads.HeadScores;
import dev.circuitscope.circuits.heads.RepeatScores;
import dev.circuitscope.circuits.heads.ValueNorm;
import dev.circuitscope.circuits.heads.ValueWeightedPattern;
import dev.circuitscope.circuits.paths.FrozenRuns;
import dev.circuitscope.circuits.paths.ScoreOptions;
import dev.circuitscope.circuits.paths.ScoreTable;
import dev.circuitscope.circuits.sampling.RepeatSampling;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.hook.ActivationCache;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.text.RepeatedSequences;
import dev.circuitscope.examples.training.TextData;
import java.util.List;

/**
 * The 2-layer model on a block of random tokens that stands there several times after a start
 * token.
 *
 * @param scores of all heads
 * @param tokens of the example, as text
 * @param previousPattern the previous-token head's on the example, [dest][src]
 * @param pattern the induction head's on the example
 * @param weighted the same, weighted by the length of what each source would write
 * @param terms how the induction head's attention scores come about, and what makes it attend to
 *     the tokens that came next before
 */
public record InductionStudy(
    RepeatScores scores,
    List<String> tokens,
    double[][] previousPattern,
    double[][] pattern,
    ValueWeightedPattern weighted,
    ScoreTable terms) {

  static InductionStudy of(Transformer model, TextData data, FrameworkRecipe recipe) {
    FrameworkRecipe.Measures measures = recipe.measures();
    RepeatSampling sampling =
        new RepeatSampling(
            data.repeats(measures.block(), measures.times()), measures.repeats(), measures.seed());
    RepeatScores scores = RepeatScores.of(model, sampling, RunSettings.plain());
    RepeatedSequences drawn = sampling.draw();
    Head induction = induction(scores);
    Head previous = previous(scores);
    int[][] example = {drawn.tokens()[0]};
    ActivationCache cache = model.runWithCache(example).cache();
    return new InductionStudy(
        scores,
        data.tokenizer().tokenTexts(example[0]),
        pattern(cache, previous),
        pattern(cache, induction),
        ValueWeightedPattern.of(model, cache, induction, 0, ValueNorm.OUTPUT),
        ScoreTable.mean(
            FrozenRuns.of(model, drawn.tokens()).describedAs(sampling.repeats().toString()),
            induction,
            ScoreOptions.upTo(1).bySource(),
            targets(drawn)));
  }

  /**
   * The head of the second layer that attends most to the tokens that came after earlier copies of
   * the current one.
   *
   * @return the induction head
   */
  public Head induction() {
    return induction(scores);
  }

  /**
   * The head of the first layer that attends most to the token before the current one.
   *
   * @return the previous-token head
   */
  public Head previous() {
    return previous(scores);
  }

  /**
   * Heads of the second layer that are called induction heads.
   *
   * @param threshold of their prefix-matching score
   * @return the best first
   */
  public List<Head> inductionHeads(double threshold) {
    return second(scores.prefixMatching()).stream()
        .filter(head -> scores.prefixMatching().score(head) >= threshold)
        .toList();
  }

  /**
   * How much the induction head writes from the start token, as a multiple of what it writes from
   * another token of the example on average, per unit of attention.
   *
   * @return from 0; below 1 if attention that rests there does little
   */
  public double startTokenWeight() {
    double[][] values = weighted.values();
    int last = values.length - 1;
    double others = 0;
    for (int src = 1; src <= last; src++) {
      others += values[last][src] / pattern[last][src] / last;
    }
    return values[last][0] / pattern[last][0] / others;
  }

  private static Head induction(RepeatScores scores) {
    return second(scores.prefixMatching()).get(0);
  }

  private static List<Head> second(HeadScores scores) {
    return scores.ranking().stream().filter(head -> head.layer() == 1).toList();
  }

  private static Head previous(RepeatScores scores) {
    return scores.previousToken().ranking().stream()
        .filter(head -> head.layer() == 0)
        .findFirst()
        .orElseThrow();
  }

  private static double[][] pattern(ActivationCache cache, Head head) {
    return cache
        .get(HookPoint.pattern(head.layer()))
        .slice(0)
        .slice(head.head())
        .dup('c')
        .toDoubleMatrix();
  }

  /** Of every repeated token, all those that came next after its earlier copies. */
  private static AttentionTargets targets(RepeatedSequences drawn) {
    return (sequence, tokens) -> {
      int[][] targets = new int[tokens.length][];
      int period = drawn.period()[sequence];
      for (int dest = 0; dest < tokens.length; dest++) {
        int copies = 0;
        for (int at = dest; drawn.isRepeat(sequence, at); at -= period) {
          copies++;
        }
        targets[dest] = new int[copies];
        for (int i = 0; i < copies; i++) {
          targets[dest][i] = dest - (i + 1) * period + 1;
        }
      }
      return targets;
    };
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("induction_head", induction().toString());
    json.addProperty("previous_token_head", previous().toString());
    json.add("scores", scores.toJson());
    json.add("score_terms", terms.toJson());
    return json;
  }
}
