package dev.circuitscope.circuits.ngrams;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.BatchedRuns;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.text.BigramCounts;
import dev.circuitscope.core.text.BigramModel;
import dev.circuitscope.core.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * A model's direct path beside the bigram statistics of its text. Without layers, the best that a
 * model can do is to learn them (A Mathematical Framework for Transformer Circuits, section
 * "Zero-Layer Transformers").
 *
 * <pre>{@code
 * BigramModel text = BigramModel.of(BigramCounts.of(training));
 * BigramComparison c = BigramComparison.of(model, text, heldOut.windows(64)).named(tokenizer);
 * c.modelLoss();      // of the whole model on the held-out sequences
 * c.bigramLoss();     // of the text's smoothed bigrams on the same
 * c.divergence();     // KL(text || table) a token, by how frequent tokens are
 * }</pre>
 *
 * @param table what was compared, in words; says whether it is all of the model
 * @param modelLoss of the whole model on the held-out sequences, nats a token
 * @param bigramLoss of the smoothed bigrams of the training text on the same, nats a token
 * @param heldOutEntropy conditional entropy of the held-out bigrams themselves: no prediction from
 *     the current token alone has a lower loss on them
 * @param divergence mean over the compared tokens, by their frequency, of KL(text || table), nats
 * @param coverage share of the training text that the compared tokens make up
 * @param rows the compared tokens, the most frequent first
 * @param names of the tokens
 * @param provenance the model's shape and the held-out sequences
 */
public record BigramComparison(
    String table,
    double modelLoss,
    double bigramLoss,
    double heldOutEntropy,
    double divergence,
    double coverage,
    List<Row> rows,
    TokenNames names,
    Provenance provenance) {

  /** Compared tokens unless a call says otherwise. */
  private static final int TOKENS = 1_000;

  /** Continuations that are kept of each. */
  private static final int WIDTH = 5;

  private static final int TOGETHER = 128;

  /**
   * One token and what follows it.
   *
   * @param token the current one
   * @param share of the training text
   * @param divergence KL(text || table) of what follows, nats
   * @param text likeliest continuations by the smoothed bigrams, with their probabilities
   * @param model likeliest continuations by the table, with their probabilities
   */
  public record Row(
      int token, double share, double divergence, List<TokenValue> text, List<TokenValue> model) {

    /**
     * Copies the lists.
     *
     * @param token the current one
     * @param share of the training text
     * @param divergence KL(text || table)
     * @param text likeliest continuations by the smoothed bigrams
     * @param model likeliest continuations by the table
     */
    public Row {
      text = List.copyOf(text);
      model = List.copyOf(model);
    }
  }

  /**
   * Copies the rows.
   *
   * @param table what was compared, in words
   * @param modelLoss of the whole model on the held-out sequences
   * @param bigramLoss of the smoothed bigrams on the same
   * @param heldOutEntropy conditional entropy of the held-out bigrams
   * @param divergence mean KL(text || table)
   * @param coverage share of the training text that was compared
   * @param rows the compared tokens; copied
   * @param names of the tokens
   * @param provenance the model's shape and the held-out sequences
   */
  public BigramComparison {
    rows = List.copyOf(rows);
  }

  /**
   * Compares the most frequent 1000 tokens.
   *
   * @param model any
   * @param text smoothed bigrams of the training text
   * @param heldOut [sequence, pos], pos at least 2, other text
   * @return the comparison
   * @throws IllegalArgumentException if the vocabularies do not fit, or the model refuses the
   *     sequences
   */
  public static BigramComparison of(Transformer model, BigramModel text, int[][] heldOut) {
    return of(model, text, heldOut, TOKENS);
  }

  /**
   * Compares the most frequent tokens.
   *
   * @param model any
   * @param text smoothed bigrams of the training text
   * @param heldOut [sequence, pos], pos at least 2, other text
   * @param tokens how many to compare, at least 1; each takes d_vocab d_model multiplications
   * @return the comparison
   * @throws IllegalArgumentException if the vocabularies do not fit, or the model refuses the
   *     sequences
   */
  public static BigramComparison of(
      Transformer model, BigramModel text, int[][] heldOut, int tokens) {
    BigramTable table = BigramTable.of(model);
    BigramCounts counts = text.counts();
    table.requireVocabulary(counts.vocabSize());
    BigramCounts pairs = BigramCounts.ofSequences(heldOut, counts.vocabSize());
    if (tokens < 1 || pairs.total() == 0 || counts.total() == 0) {
      throw new IllegalArgumentException(
          "bigram comparison of %d tokens on %d held-out and %d counted pairs: give at least 1 of each"
              .formatted(tokens, pairs.total(), counts.total()));
    }
    List<Row> rows = rows(table, text, tokens);
    double coverage = rows.stream().mapToDouble(Row::share).sum();
    double divergence = rows.stream().mapToDouble(r -> r.share * r.divergence).sum() / coverage;
    return new BigramComparison(
        table.toString(),
        mean(BatchedRuns.losses(model, heldOut, RunSettings.plain())),
        text.crossEntropy(pairs),
        pairs.entropy(),
        divergence,
        coverage,
        rows,
        TokenNames.ids(),
        Provenance.of(
            model.config(),
            heldOut,
            "held-out tokens beside " + text,
            OptionalLong.empty(),
            RunSettings.plain()));
  }

  /**
   * Writes tokens by their text.
   *
   * @param tokenizer of the model
   * @return a new result
   */
  public BigramComparison named(Tokenizer tokenizer) {
    return new BigramComparison(
        table,
        modelLoss,
        bigramLoss,
        heldOutEntropy,
        divergence,
        coverage,
        rows,
        TokenNames.of(tokenizer),
        provenance);
  }

  /**
   * Renders the result.
   *
   * @return an object with the losses and a list of tokens
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("table", table);
    json.add("model_loss", JsonNumbers.of(modelLoss));
    json.add("bigram_loss", JsonNumbers.of(bigramLoss));
    json.add("held_out_entropy", JsonNumbers.of(heldOutEntropy));
    json.add("divergence", JsonNumbers.of(divergence));
    json.add("coverage", JsonNumbers.of(coverage));
    JsonArray list = new JsonArray(rows.size());
    for (Row row : rows) {
      JsonObject object = new JsonObject();
      object.addProperty("token", row.token);
      object.addProperty("name", names.name(row.token));
      object.add("share", JsonNumbers.of(row.share));
      object.add("divergence", JsonNumbers.of(row.divergence));
      object.add("text", TokenValue.toJson(row.text, names));
      object.add("model", TokenValue.toJson(row.model, names));
      list.add(object);
    }
    json.add("tokens", list);
    json.add("provenance", provenance.toJson());
    return json;
  }

  /** The losses, and the continuations of the 10 most frequent tokens side by side. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(table);
    text.append(
        "%nloss of the model %.4f, of the text's bigrams %.4f; entropy of the held-out bigrams %.4f"
            .formatted(modelLoss, bigramLoss, heldOutEntropy));
    text.append(
        "%nKL(text || table) %.4f nats over %.1f%% of the text"
            .formatted(divergence, 100 * coverage));
    text.append("%n%7s %8s  token | text | model".formatted("share", "KL"));
    for (Row row : rows.subList(0, Math.min(10, rows.size()))) {
      text.append(
          "%n%6.2f%% %8.4f  %s | %s | %s"
              .formatted(
                  100 * row.share,
                  row.divergence,
                  names.name(row.token),
                  list(row.text),
                  list(row.model)));
    }
    return text.append("%n%s".formatted(provenance)).toString();
  }

  private String list(List<TokenValue> values) {
    return values.stream()
        .map(v -> "%s %.2f".formatted(names.name(v.token()), v.value()))
        .collect(Collectors.joining(" "));
  }

  private static List<Row> rows(BigramTable table, BigramModel text, int most) {
    int[] all = text.counts().byFrequency();
    int[] tokens = Arrays.copyOf(all, Math.min(most, all.length));
    List<Row> rows = new ArrayList<>();
    for (int from = 0; from < tokens.length; from += TOGETHER) {
      int[] some = Arrays.copyOfRange(tokens, from, Math.min(tokens.length, from + TOGETHER));
      double[][] logProbabilities = table.logProbabilities(some);
      for (int i = 0; i < some.length; i++) {
        rows.add(row(some[i], text, logProbabilities[i]));
      }
    }
    return rows;
  }

  private static Row row(int token, BigramModel text, double[] logQ) {
    double[] p = text.row(token);
    // KL(p || q) = sum p (ln p - ln q)
    double divergence = 0;
    for (int b = 0; b < p.length; b++) {
      divergence += p[b] * (Math.log(p[b]) - logQ[b]);
    }
    List<TokenValue> model =
        TokenValue.top(logQ, WIDTH).stream()
            .map(t -> new TokenValue(t.token(), Math.exp(t.value())))
            .toList();
    double share = (double) text.counts().count(token) / text.counts().total();
    return new Row(token, share, divergence, TokenValue.top(p, WIDTH), model);
  }

  private static double mean(float[][] losses) {
    double sum = 0;
    long n = 0;
    for (float[] row : losses) {
      for (float loss : row) {
        sum += loss;
        n++;
      }
    }
    return sum / n;
  }
}
