package dev.circuitscope.examples.framework;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.ngrams.BigramComparison;
import dev.circuitscope.circuits.ngrams.BigramTable;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.text.BigramCounts;
import dev.circuitscope.core.text.BigramModel;
import dev.circuitscope.examples.training.TextData;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the model without layers makes of bigrams.
 *
 * @param comparison with the bigrams of its text
 * @param textProbability of the most frequent pairs, how often the second follows the first
 * @param modelProbability of the same pairs, by the model
 */
public record ZeroLayerStudy(
    BigramComparison comparison, double[] textProbability, double[] modelProbability) {

  private static final int PAIRS = 2_000;

  private record Pair(int token, int next, int count) {}

  static ZeroLayerStudy of(Transformer model, TextData data, FrameworkRecipe recipe) {
    FrameworkRecipe.Measures measures = recipe.measures();
    BigramCounts counts = BigramCounts.of(data.train());
    BigramModel text = BigramModel.of(counts);
    int[][] heldOut = data.heldOut(measures.heldOut(), recipe.shape().context(), measures.seed());
    List<Pair> pairs = mostFrequent(counts);
    double[][] logs =
        BigramTable.of(model).logProbabilities(IntStream.range(0, counts.vocabSize()).toArray());
    return new ZeroLayerStudy(
        BigramComparison.of(model, text, heldOut).named(data.tokenizer()),
        pairs.stream().mapToDouble(p -> text.probability(p.token, p.next)).toArray(),
        pairs.stream().mapToDouble(p -> Math.exp(logs[p.token][p.next])).toArray());
  }

  private static List<Pair> mostFrequent(BigramCounts counts) {
    List<Pair> pairs = new ArrayList<>();
    for (int token = 0; token < counts.vocabSize(); token++) {
      int first = token;
      counts.forEach(first, (next, count) -> pairs.add(new Pair(first, next, count)));
    }
    pairs.sort(Comparator.comparingInt(pair -> -pair.count));
    return pairs.subList(0, Math.min(PAIRS, pairs.size()));
  }

  JsonObject toJson() {
    return comparison.toJson();
  }
}
