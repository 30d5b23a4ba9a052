package dev.circuitscope.examples.training;

import dev.circuitscope.core.text.BatchSource;
import dev.circuitscope.core.text.CompactTokenizer;
import dev.circuitscope.core.text.Corpus;
import dev.circuitscope.core.text.CorpusProvenance;
import dev.circuitscope.core.text.Gpt2Tokenizer;
import dev.circuitscope.core.text.MixtureBatches;
import dev.circuitscope.core.text.RandomRepeats;
import dev.circuitscope.core.text.RepeatedTextBatches;
import dev.circuitscope.core.text.TextBatches;
import dev.circuitscope.core.text.TokenFrequencies;
import dev.circuitscope.core.text.TokenSampler;
import dev.circuitscope.core.text.TokenizedCorpus;
import dev.circuitscope.examples.reproduction.Recipe;
import java.io.IOException;

/**
 * The text that transformers are trained on: the sources of commons-math, which Maven delivers, in
 * GPT-2's byte pairs thinned out to the ones that are common in it.
 *
 * @param corpus all of it
 * @param tokenizer made from the training part
 * @param train what models are trained on
 * @param validation what they are not trained on
 */
public record TextData(
    CorpusProvenance corpus,
    CompactTokenizer tokenizer,
    TokenizedCorpus train,
    TokenizedCorpus validation) {

  /**
   * Reads and tokenizes it.
   *
   * @param recipe how many tokens are kept, and what is held out
   * @return the text
   * @throws IOException if it cannot be read
   */
  public static TextData load(Recipe.Data recipe) throws IOException {
    Corpus corpus = Corpus.commonsMathSources().withoutIndentation();
    Corpus.Split split = corpus.split(recipe.validationShare(), recipe.splitSeed());
    CompactTokenizer tokenizer =
        CompactTokenizer.of(Gpt2Tokenizer.get(), split.train(), recipe.vocabulary());
    return new TextData(
        corpus.provenance(),
        tokenizer,
        TokenizedCorpus.of(split.train(), tokenizer),
        TokenizedCorpus.of(split.validation(), tokenizer));
  }

  /**
   * Windows of text, a share of which are one block of scattered tokens repeated.
   *
   * @param recipe the share, and how long blocks are
   * @param batch windows in a batch
   * @param context tokens in a window
   * @param seed of both
   * @return the batch of every step
   */
  public BatchSource mixed(Recipe.Data recipe, int batch, int context, long seed) {
    return mixed(train, recipe, batch, context, seed);
  }

  private static BatchSource mixed(
      TokenizedCorpus text, Recipe.Data recipe, int batch, int context, long seed) {
    return MixtureBatches.of(
        TextBatches.of(text, batch, context, seed),
        RepeatedTextBatches.of(text, batch, context, seed)
            .withPeriods(recipe.periods())
            .scattered(),
        recipe.repeatedShare(),
        seed);
  }

  /**
   * Windows of text and nothing else.
   *
   * @param batch windows in a batch
   * @param context tokens in a window
   * @param seed of their places
   * @return the batch of every step
   */
  public BatchSource plain(int batch, int context, long seed) {
    return TextBatches.of(train, batch, context, seed);
  }

  /**
   * A start token and a block of different tokens, drawn by how often text has them, repeated.
   *
   * @param block tokens in it
   * @param times it stands there
   * @return makes such sequences
   */
  public RandomRepeats repeats(int block, int times) {
    return RandomRepeats.ofBlocks(
            TokenSampler.byFrequency(TokenFrequencies.of(train)), block, times)
        .startingWith(tokenizer.bosToken().orElseThrow())
        .withDistinctTokens();
  }

  /**
   * Windows of held-out text, the same for every run with the same seed.
   *
   * @param windows how many
   * @param context tokens in each
   * @param seed of their places
   * @return [window, pos]
   */
  public int[][] heldOut(int windows, int context, long seed) {
    return TextBatches.of(validation, windows, context, seed).batch(0);
  }

  /**
   * Held-out windows of the kind of {@link #mixed}, the same for every run with the same seed.
   *
   * @param recipe the share of repeated blocks, and how long they are
   * @param windows how many
   * @param context tokens in each
   * @param seed of their places
   * @return [window, pos]
   */
  public int[][] heldOutMixed(Recipe.Data recipe, int windows, int context, long seed) {
    return mixed(validation, recipe, windows, context, seed).batch(0);
  }
}
