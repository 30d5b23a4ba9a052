package dev.circuitscope.core.train;

import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import dev.circuitscope.core.text.BatchSource;
import dev.circuitscope.core.text.CharTokenizer;
import dev.circuitscope.core.text.Corpus;
import dev.circuitscope.core.text.TextBatches;
import dev.circuitscope.core.text.TokenizedCorpus;

/** A model, data and configuration that train in a second: characters of a few sentences. */
final class TinyTraining {

  private static final String TEXT =
      """
      The heads of the first layer look back by one position and write down what they saw there. \
      The heads of the second layer look for the positions at which it was written that the token \
      before was the one they stand on, and predict the token that they find. Neither layer can do \
      this alone. When a sequence repeats itself, the two together continue it, whatever the \
      tokens are, and the loss falls from the second repetition on.
      """;

  static final BatchSource TRAIN = source(1);
  static final BatchSource HELD_OUT = source(2);
  static final TransformerConfig SHAPE =
      TransformerConfig.attentionOnly(2)
          .heads(2)
          .dModel(16)
          .vocab(TRAIN.vocabSize())
          .context(24)
          .build();

  private TinyTraining() {}

  static BatchSource source(long seed) {
    Corpus corpus = Corpus.ofTexts("sentences", TEXT);
    return TextBatches.of(TokenizedCorpus.of(corpus, CharTokenizer.of(corpus)), 4, 24, seed);
  }

  static TrainingConfig.Builder config(long steps) {
    return TrainingConfig.steps(steps)
        .optimizer(AdamWConfig.of(1e-2).withGradientClipping(1))
        .schedule(Schedule.cosine(0.1).withWarmup(5))
        .seed(7)
        .logEvery(3)
        .evaluateEvery(4)
        .progress(ProgressDisplay.OFF);
  }

  static Trainer trainer(TrainingConfig config) {
    return Trainer.of(SHAPE, TRAIN, config).evaluateOn(HELD_OUT, 2);
  }

  static int[] bits(Weights weights) {
    float[] values = weights.block().toArray();
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  /** The same entry without the one field that depends on the clock. */
  static LogEntry withoutTime(LogEntry e) {
    return new LogEntry(
        e.step(), e.tokens(), e.trainLoss(), e.evalLoss(), e.learningRate(), e.gradientNorm(), 0);
  }
}
