package dev.circuitscope.core.reference;

import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Sinusoids;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A transformer in float64, one equation after the other: what the float32 engine is checked
 * against, and what exact analyses run on. Its forward pass computes every activation at every hook
 * point, and lets an {@link Intervention} change any of them.
 *
 * <pre>{@code
 * var reference = ReferenceTransformer.of(model.config(), model.weights());
 * ReferenceRun run = reference.run(tokens);
 * double loss = run.loss();
 * DoubleTensor pattern = run.get(HookPoint.pattern(0));   // [batch, head, dest, src]
 *
 * // the derivative of the loss by one element of an activation
 * double h = 1e-5;
 * double slope = (reference.loss(tokens, Intervention.nudge(HookPoint.q(0), 3, h))
 *         - reference.loss(tokens, Intervention.nudge(HookPoint.q(0), 3, -h))) / (2 * h);
 * }</pre>
 *
 * <p>The model is that of A Mathematical Framework for Transformer Circuits (2021), section "Model
 * Simplifications" and "High-Level Architecture":
 *
 * <pre>
 * x_0     = t W_E + p                          p only with standard positions
 * y_l     = x_l + sum_h h(LN(x_l))             queries and keys of a shortformer read LN(x_l) + p
 * x_(l+1) = y_l + m(LN(y_l))                   m(LN(x_l)) if attention and MLP are parallel
 * logits  = LN(x_L) W_U + b_U                  W_U = W_E^T if it is tied
 * </pre>
 *
 * <p>It is slow: made for models and sequences of test size, thousands of times slower than the
 * engine. Instances are immutable and may be shared between threads.
 */
public final class ReferenceTransformer {

  private final TransformerConfig config;
  private final ReferenceWeights weights;

  private ReferenceTransformer(TransformerConfig config, ReferenceWeights weights) {
    this.config = config;
    this.weights = weights;
  }

  /**
   * A reference for a model of the engine.
   *
   * @param config the model's shape
   * @param weights its float32 weights; copied
   * @return the reference
   */
  public static ReferenceTransformer of(TransformerConfig config, Weights weights) {
    return of(config, weights.toMap());
  }

  /**
   * A reference from arrays, whose precision it keeps.
   *
   * @param config the model's shape
   * @param arrays one for each parameter, under TransformerLens's name and in its shape, of type
   *     DOUBLE or any that widens to it; copied
   * @return the reference
   * @throws IllegalArgumentException if one is missing, unknown or of another shape
   */
  public static ReferenceTransformer of(TransformerConfig config, Map<String, INDArray> arrays) {
    return new ReferenceTransformer(config, ReferenceWeights.of(config, arrays));
  }

  /**
   * The shape of the model.
   *
   * @return the configuration
   */
  public TransformerConfig config() {
    return config;
  }

  /**
   * One parameter.
   *
   * @param name TransformerLens's name
   * @return a copy of its elements, row-major in TransformerLens's shape
   * @throws IllegalArgumentException if there is none of that name, with those there are
   */
  public double[] weight(String name) {
    return weights.get(name).clone();
  }

  /**
   * The same model but for one parameter.
   *
   * @param name TransformerLens's name
   * @param values its new elements, row-major; copied
   * @return a new reference
   * @throws IllegalArgumentException if there is no such parameter or it has another size
   */
  public ReferenceTransformer with(String name, double[] values) {
    return new ReferenceTransformer(config, weights.with(name, values));
  }

  /**
   * Runs the model.
   *
   * @param tokens [batch, pos], equally long sequences of at most n_ctx tokens
   * @return everything it computed
   * @throws IllegalArgumentException if the batch is empty or ragged, a sequence too long or a
   *     token outside the vocabulary
   */
  public ReferenceRun run(int[][] tokens) {
    return run(tokens, Intervention.none());
  }

  /**
   * Runs the model and changes activations on the way.
   *
   * <p>{@code hook_q_input}, {@code hook_k_input} and {@code hook_v_input} are the residual stream
   * before normalisation, once per head. Where an intervention changes one of the three, each head
   * normalises its own copy of it; otherwise the heads read {@code ln1.hook_normalized}.
   *
   * @param tokens [batch, pos], equally long sequences of at most n_ctx tokens
   * @param intervention asked at every hook point
   * @return everything it computed, with the activations that it went on with
   * @throws IllegalArgumentException if the tokens are not as above, or an intervention returns
   *     another number of elements
   */
  public ReferenceRun run(int[][] tokens, Intervention intervention) {
    Sizes s = Sizes.of(config, tokens);
    Trace trace = new Trace(s, intervention);
    double[] x = trace.reach(HookPoint.EMBED, embedding(tokens, s));
    double[] readByQueriesAndKeys = new double[x.length];
    if (config.positions() != Positions.NONE && config.positions() != Positions.ROTARY) {
      double[] p = trace.reach(HookPoint.POS_EMBED, positions(s));
      if (config.positions() == Positions.STANDARD) {
        // x_0 = t W_E + p
        x = plus(x, p);
      } else {
        readByQueriesAndKeys = p;
      }
    }
    for (int layer = 0; layer < config.nLayers(); layer++) {
      x = block(trace.reach(HookPoint.residPre(layer), x), layer, readByQueriesAndKeys, s, trace);
      x = trace.reach(HookPoint.residPost(layer), x);
    }
    ReferenceNorm norm = ReferenceNorm.of(config, weights, "ln_final");
    x = norm.apply(x, trace, HookPoint.LN_FINAL_SCALE, HookPoint.LN_FINAL_NORMALIZED);
    DoubleTensor logits = new DoubleTensor(unembed(x, s), s.b(), s.t(), s.v());
    return new ReferenceRun(tokens, logits, trace.activations());
  }

  private double[] block(double[] x, int layer, double[] positions, Sizes s, Trace trace) {
    ReferenceNorm norm = ReferenceNorm.of(config, weights, "blocks." + layer + ".ln1");
    double[] attention = new ReferenceAttention(s, weights, layer, norm, trace).apply(x, positions);
    // y_l = x_l + attn(LN(x_l))
    double[] y = plus(x, attention);
    if (config.mlp().isEmpty()) {
      return y;
    }
    ReferenceMlp mlp = new ReferenceMlp(s, config.mlp().get(), weights, layer, trace);
    if (config.mlp().get().parallel()) {
      // x_(l+1) = x_l + attn(LN(x_l)) + mlp(LN(x_l))
      return plus(y, mlp.apply(x));
    }
    y = trace.reach(HookPoint.residMid(layer), y);
    // x_(l+1) = y_l + mlp(LN(y_l))
    return plus(y, mlp.apply(y));
  }

  /**
   * The mean next-token cross-entropy in nats.
   *
   * @param tokens [batch, pos]
   * @return see {@link ReferenceRun#loss}
   */
  public double loss(int[][] tokens) {
    return run(tokens).loss();
  }

  /**
   * The mean next-token cross-entropy in nats of a run whose activations are changed.
   *
   * @param tokens [batch, pos]
   * @param intervention asked at every hook point
   * @return see {@link ReferenceRun#loss}
   */
  public double loss(int[][] tokens, Intervention intervention) {
    return run(tokens, intervention).loss();
  }

  private double[] embedding(int[][] tokens, Sizes s) {
    double[] wE = weights.get("embed.W_E");
    double[] x = new double[s.b() * s.t() * s.d()];
    for (int b = 0; b < s.b(); b++) {
      for (int t = 0; t < s.t(); t++) {
        // t W_E, with t the one-hot vector of the token
        System.arraycopy(wE, tokens[b][t] * s.d(), x, (b * s.t() + t) * s.d(), s.d());
      }
    }
    return x;
  }

  private double[] positions(Sizes s) {
    double[] p = new double[s.b() * s.t() * s.d()];
    double[][] sinusoids = Sinusoids.table(s.t(), s.d());
    for (int b = 0; b < s.b(); b++) {
      for (int t = 0; t < s.t(); t++) {
        int to = (b * s.t() + t) * s.d();
        if (config.positions() == Positions.SINUSOIDAL_SHORTFORMER) {
          System.arraycopy(sinusoids[t], 0, p, to, s.d());
        } else {
          System.arraycopy(weights.get("pos_embed.W_pos"), t * s.d(), p, to, s.d());
        }
      }
    }
    return p;
  }

  private double[] unembed(double[] x, Sizes s) {
    boolean tied = config.vocabulary().tied();
    double[] wU = weights.get(tied ? "embed.W_E" : "unembed.W_U");
    double[] bU = weights.get("unembed.b_U");
    double[] logits = new double[s.b() * s.t() * s.v()];
    for (int row = 0; row < s.b() * s.t(); row++) {
      for (int v = 0; v < s.v(); v++) {
        // logits = LN(x_L) W_U + b_U
        double sum = bU[v];
        for (int d = 0; d < s.d(); d++) {
          sum += x[row * s.d() + d] * wU[tied ? v * s.d() + d : d * s.v() + v];
        }
        logits[row * s.v() + v] = sum;
      }
    }
    return logits;
  }

  private static double[] plus(double[] a, double[] b) {
    double[] sum = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }
}
