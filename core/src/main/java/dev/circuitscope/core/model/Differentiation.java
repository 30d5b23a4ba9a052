package dev.circuitscope.core.model;

import dev.circuitscope.core.array.BlockPool;
import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.hook.ActivationCache;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Hooks;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs forward and backward that keep activations and their gradients. */
final class Differentiation {

  private Differentiation() {}

  /** The loss and its gradients. */
  static GradientRun ofLoss(Transformer model, int[][] tokens, Capture capture, Hooks hooks) {
    TransformerConfig config = model.config();
    Rows rows = Tokens.checkForLoss(tokens, config);
    FloatBlock logits = FloatBlock.allocate((long) rows.count() * config.dVocabOut());
    FloatBlock dLogits = BlockPool.shared().take(logits.length());
    Tape acts = new Tape(config, rows, capture, hooks);
    Tape grads = acts.backward();
    Network network = new Network(config, model.weights(), tokens, acts);
    network.forward(logits);
    float[] losses = CrossEntropy.lossesAndGradient(tokens, logits, dLogits, acts);
    Weights dWeights = Weights.zeros(config);
    network.backward(dLogits, grads, dWeights);
    BlockPool.shared().give(dLogits);
    acts.read();
    ActivationCache gradients = grads.finish();
    INDArray output = logits.asArray(rows.batch(), rows.pos(), config.dVocabOut());
    return new GradientRun(CrossEntropy.mean(losses), output, acts.finish(), gradients, dWeights);
  }

  /** A function of the logits and its gradients. */
  static GradientRun of(
      Transformer model, int[][] tokens, LogitFunction function, Capture capture, Hooks hooks) {
    TransformerConfig config = model.config();
    Rows rows = Tokens.check(tokens, config);
    FloatBlock logits = FloatBlock.allocate((long) rows.count() * config.dVocabOut());
    Tape acts = new Tape(config, rows, capture, hooks);
    Tape grads = acts.backward();
    Network network = new Network(config, model.weights(), tokens, acts);
    network.forward(logits);
    acts.run();
    INDArray output = logits.asArray(rows.batch(), rows.pos(), config.dVocabOut());
    double value = function.value(output);
    FloatBlock dLogits = FloatBlock.copyOf(gradient(function, output));
    Weights dWeights = Weights.zeros(config);
    network.backward(dLogits, grads, dWeights);
    acts.read();
    ActivationCache gradients = grads.finish();
    return new GradientRun(value, output, acts.finish(), gradients, dWeights);
  }

  private static INDArray gradient(LogitFunction function, INDArray logits) {
    INDArray gradient = function.gradient(logits);
    if (gradient == null || !Arrays.equals(gradient.shape(), logits.shape())) {
      throw new IllegalArgumentException(
          "the gradient of a function of logits %s must have their shape, was %s"
              .formatted(
                  Arrays.toString(logits.shape()),
                  gradient == null ? "null" : Arrays.toString(gradient.shape())));
    }
    return gradient;
  }
}
