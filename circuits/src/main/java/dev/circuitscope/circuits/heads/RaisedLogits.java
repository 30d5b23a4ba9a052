package dev.circuitscope.circuits.heads;

import dev.circuitscope.circuits.algebra.Unembedding;
import dev.circuitscope.circuits.attribution.FinalNorm;
import dev.circuitscope.core.array.Blas;
import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.hook.ActivationCache;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.Transformer;
import java.util.Arrays;

/** Which of a sequence's tokens each head's output raises the logits of. */
final class RaisedLogits {

  private final Transformer model;
  private final Unembedding unembedding;
  private final FinalNorm norm;
  private final double[] mean;
  private final int d;
  private final int e;
  private final int heads;

  RaisedLogits(Transformer model) {
    this.model = model;
    this.unembedding = Unembedding.of(model);
    this.norm = FinalNorm.unscaled(model);
    this.mean = unembedding.meanDirection();
    this.d = model.config().dModel();
    this.e = model.config().dHead();
    this.heads = model.config().nHeads();
  }

  /** r of every head on every sequence of a batch, to [layer][head][first + sequence]. */
  void shares(int[][] tokens, ActivationCache cache, int first, double[][][] shares) {
    int n = tokens[0].length;
    for (int layer = 0; layer < model.config().nLayers(); layer++) {
      FloatBlock z = FloatBlock.copyOf(cache.get(HookPoint.z(layer)));
      FloatBlock attention = FloatBlock.copyOf(cache.get(HookPoint.pattern(layer)));
      double[][] ofLayer = shares[layer];
      int offset = model.weights().layout().get("blocks." + layer + ".attn.W_O").offset();
      Blas.singleThreaded();
      Parallel.forEach(
          tokens.length,
          b -> {
            // W_O U, [head and d_head, token]: what the tokens' logits read of each z
            FloatBlock reads = FloatBlock.allocate((long) heads * e * n);
            Blas.gemm(
                1,
                model.weights().block().matrix(offset, heads * e, d),
                directions(tokens[b]).matrix(0, n, d).t(),
                0,
                reads.matrix(0, heads * e, n));
            float[] zs = new float[n * heads * e];
            z.read(b * zs.length, zs, 0, zs.length);
            float[] a = new float[n * n];
            for (int head = 0; head < heads; head++) {
              attention.read((b * heads + head) * n * n, a, 0, n * n);
              float[] u = new float[e * n];
              reads.read(head * e * n, u, 0, u.length);
              ofLayer[head][first + b] = share(zs, head, u, a, n);
            }
          });
    }
  }

  /** sum of A[d, s] raised_d(t_s) over sum of raised_d(t_j), or 0 if nothing is raised. */
  private double share(float[] z, int head, float[] u, float[] attention, int n) {
    double attended = 0;
    double all = 0;
    double[] added = new double[n];
    for (int dest = 0; dest < n; dest++) {
      Arrays.fill(added, 0);
      for (int i = 0; i < e; i++) {
        double zi = z[(dest * heads + head) * e + i];
        for (int t = 0; t < n; t++) {
          added[t] += zi * u[i * n + t];
        }
      }
      for (int t = 0; t < n; t++) {
        double raised = Math.max(0, added[t]);
        attended += attention[dest * n + t] * raised;
        all += raised;
      }
    }
    return all == 0 ? 0 : attended / all;
  }

  /** For each token, the direction in the stream that raises its logit above the mean. */
  private FloatBlock directions(int[] tokens) {
    FloatBlock directions = FloatBlock.allocate((long) tokens.length * d);
    float[] tile = new float[d];
    for (int t = 0; t < tokens.length; t++) {
      float[] column = unembedding.direction(tokens[t]);
      double[] u = new double[d];
      for (int i = 0; i < d; i++) {
        u[i] = column[i] - mean[i];
      }
      double[] q = norm.streamDirection(u, 0);
      for (int i = 0; i < d; i++) {
        tile[i] = (float) q[i];
      }
      directions.write(t * d, tile, 0, d);
    }
    return directions;
  }
}
