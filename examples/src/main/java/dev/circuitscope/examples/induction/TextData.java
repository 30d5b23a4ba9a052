package dev.circuitscope.examples.induction;

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
 * The text of the experiment: the sources of commons-math, which Maven delivers, in GPT-2's byte
 * pairs thinned out to the ones that are common in it.
 *
 * @param corpus all of it
 * @param tokenizer made from the training part
 * @param train what models are trained on
 * @param validation what they are not trained on
 */
record TextData(
    CorpusProvenance corpus,
    CompactTokenizer tokenizer,
    TokenizedCorpus train,
    TokenizedCorpus validation) {

  static TextData load(Recipe.Data recipe) throws IOException {
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

  /** Windows of text, a share of which are one block of scattered tokens repeated. */
  BatchSource mixed(Recipe recipe, long seed) {
    int batch = recipe.training().batch();
    int context = recipe.shape().context();
    return MixtureBatches.of(
        plain(recipe, seed),
        RepeatedTextBatches.of(train, batch, context, seed)
            .withPeriods(recipe.data().periods())
            .scattered(),
        recipe.data().repeatedShare(),
        seed);
  }

  /** Windows of text and nothing else. */
  BatchSource plain(Recipe recipe, long seed) {
    return TextBatches.of(train, recipe.training().batch(), recipe.shape().context(), seed);
  }

  /** A start token and a block of different tokens, drawn by how often text has them, twice. */
  RandomRepeats repeats(int block) {
    return RandomRepeats.ofBlocks(TokenSampler.byFrequency(TokenFrequencies.of(train)), block, 2)
        .startingWith(tokenizer.bosToken().orElseThrow())
        .withDistinctTokens();
  }

  /** The same windows of held-out text for every run, [window, pos]. */
  int[][] heldOut(Recipe recipe) {
    Recipe.Measures measures = recipe.measures();
    return TextBatches.of(validation, measures.heldOut(), recipe.shape().context(), measures.seed())
        .batch(0);
  }
}
