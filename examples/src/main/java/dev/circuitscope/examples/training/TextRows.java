package dev.circuitscope.examples.training;

import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.text.CorpusProvenance;
import dev.circuitscope.core.text.Tokenizer;
import dev.circuitscope.core.train.AdamWConfig;
import dev.circuitscope.core.train.TrainingConfig;
import dev.circuitscope.examples.reproduction.Recipe;
import java.util.Locale;

/** Text, training and models in words, for whoever wants to repeat a run. */
public final class TextRows {

  private TextRows() {}

  /**
   * What was read.
   *
   * @param corpus all of it
   * @param tokenizer of it
   * @param recipe what was held out
   * @return a sentence
   */
  public static String text(CorpusProvenance corpus, Tokenizer tokenizer, Recipe.Data recipe) {
    return String.format(
        Locale.ROOT,
        "%s (org.apache.commons:commons-math3:3.6.1:sources): %,d files, %,d characters; %.0f%% of the "
            + "files held out; %s",
        corpus.name(),
        corpus.documents(),
        corpus.characters(),
        100 * recipe.validationShare(),
        tokenizer);
  }

  /**
   * What the windows of a mixture are.
   *
   * @param data the share of repeated blocks, and how long these are
   * @return a sentence
   */
  public static String windows(Recipe.Data data) {
    return String.format(
        Locale.ROOT,
        "%.0f%% are a block of %d to %d tokens from random places of the text, repeated until the "
            + "window is full, the others plain text",
        100 * data.repeatedShare(),
        data.periods().min(),
        data.periods().max());
  }

  /**
   * How a model was trained.
   *
   * @param training its configuration
   * @return a sentence
   */
  public static String optimizer(TrainingConfig training) {
    AdamWConfig adam = training.optimizer();
    return String.format(
        Locale.ROOT,
        "AdamW, learning rate %s, betas %s and %s, weight decay %s; %d steps of warm-up, then %s",
        adam.learningRate(),
        adam.beta1(),
        adam.beta2(),
        adam.weightDecay(),
        training.schedule().warmup(),
        training.schedule().finalFraction() == 1
            ? "constant"
            : "half a cosine to " + training.schedule().finalFraction() + " of the peak");
  }

  /**
   * The shape of a model.
   *
   * @param name such as {@code 2 layers}
   * @param config of the model
   * @return a few words
   */
  public static String shape(String name, TransformerConfig config) {
    return String.format(
        Locale.ROOT,
        "attention only, %s, %d heads a layer, d_model %d, context %d, vocabulary %,d, %,d parameters",
        name,
        config.nHeads(),
        config.dModel(),
        config.nCtx(),
        config.dVocab(),
        config.parameters());
  }
}
