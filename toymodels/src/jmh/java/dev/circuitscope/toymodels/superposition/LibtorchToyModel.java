package dev.circuitscope.toymodels.superposition;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;

/**
 * The peer: instances of the toy model trained by libtorch's autograd, batched over instances as in
 * the paper's public notebook. Where the notebook leaves a choice, the faster one is taken: batches
 * lie as [instance, sample, feature], which makes every product one bmm without a permutation; a
 * sparse uniform sample is one random number and a ReLU; AdamW updates in place.
 *
 * <p>Every step runs in a scope that frees its arrays; without one they would pile up and slow
 * libtorch down.
 */
final class LibtorchToyModel implements AutoCloseable {

  private final ToyConfig config;
  private final NDManager manager;
  private final NDArray importance;
  private final NDArray w;
  private final NDArray b;
  private final NDArray[][] moments;
  private int step;

  /** All instances of {@code config}, which must share one feature probability. */
  LibtorchToyModel(ToyConfig config) {
    this.config = config;
    this.manager = Engine.getEngine("PyTorch").newBaseManager();
    int n = config.features();
    float[] weights = new float[n];
    for (int i = 0; i < n; i++) {
      weights[i] = config.importance().get(i);
    }
    this.importance = manager.create(weights);
    // W [instance, hidden, features], with our initial values.
    float[] initial = new float[config.instances() * config.hidden() * n];
    for (int i = 0; i < config.instances(); i++) {
      float[] one = new Instance(config, i, false).weights().encoder();
      System.arraycopy(one, 0, initial, i * one.length, one.length);
    }
    this.w = manager.create(initial, new Shape(config.instances(), config.hidden(), n));
    this.b = manager.zeros(new Shape(config.instances(), 1, n));
    this.moments = new NDArray[][] {{w.zerosLike(), w.zerosLike()}, {b.zerosLike(), b.zerosLike()}};
    w.setRequiresGradient(true);
    b.setRequiresGradient(true);
  }

  /** One step on fresh data. */
  void step() {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      double p = config.featureProbability(0);
      Shape shape = new Shape(config.instances(), config.batch(), config.features());
      // max(0, v) for v uniform on [1 - 1/p, 1]
      train(relu(manager.randomUniform((float) (1 - 1 / p), 1f, shape)));
    }
  }

  /** One step on given data, [instance, sample, feature]. */
  void step(float[] samples) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      train(
          manager.create(
              samples, new Shape(config.instances(), config.batch(), config.features())));
    }
  }

  private void train(NDArray x) {
    try (GradientCollector tape = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray h = x.matMul(w.swapAxes(1, 2));
      NDArray y = relu(h.matMul(w).add(b));
      NDArray losses = y.sub(x).square().mul(importance);
      // Summed over instances: the mean over everything, times their number.
      tape.backward(losses.mean().mul(config.instances()));
    }
    step++;
    adamW(w, moments[0]);
    adamW(b, moments[1]);
  }

  private static NDArray relu(NDArray x) {
    return x.getNDArrayInternal().relu();
  }

  private void adamW(NDArray theta, NDArray[] moment) {
    NDArray g = theta.getGradient();
    double rate = config.learningRate();
    double unbias = Math.sqrt(1 - Math.pow(AdamW.BETA2, step));
    theta.muli(1 - rate * config.weightDecay());
    moment[0].muli(AdamW.BETA1).addi(g.mul(1 - AdamW.BETA1));
    moment[1].muli(AdamW.BETA2).addi(g.square().muli(1 - AdamW.BETA2));
    NDArray root = moment[1].sqrt().divi(unbias).addi(AdamW.EPS);
    theta.subi(moment[0].div(root).muli(rate / (1 - Math.pow(AdamW.BETA1, step))));
    g.muli(0);
  }

  /** W [instance, hidden, features], flat. */
  float[] weights() {
    return w.toFloatArray();
  }

  /** One instance as a model of ours, to be evaluated by the same code. */
  ToyModel model(int instance) {
    int size = config.hidden() * config.features();
    float[] one = new float[size];
    System.arraycopy(weights(), instance * size, one, 0, size);
    float[] bias = new float[config.features()];
    System.arraycopy(b.toFloatArray(), instance * bias.length, bias, 0, bias.length);
    return new ToyModel(config.architecture(), new Weights(one, new float[0], bias));
  }

  @Override
  public void close() {
    manager.close();
  }
}
