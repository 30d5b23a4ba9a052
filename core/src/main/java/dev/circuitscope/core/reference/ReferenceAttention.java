package dev.circuitscope.core.reference;

import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.AttentionDirection;
import dev.circuitscope.core.model.AttentionShape;
import java.util.Arrays;

/**
 * One layer of multi-head attention, head by head as A Mathematical Framework for Transformer
 * Circuits (section "Attention Heads are Independent and Additive") writes it. With grouped-query
 * attention (Ainslie et al. 2023) there are G key and value heads for H heads, G = H otherwise.
 */
final class ReferenceAttention {

  private final Sizes s;
  private final AttentionShape shape;
  private final ReferenceWeights weights;
  private final int layer;
  private final ReferenceNorm norm;
  private final Trace trace;

  ReferenceAttention(
      Sizes sizes, ReferenceWeights weights, int layer, ReferenceNorm norm, Trace trace) {
    this.s = sizes;
    this.shape = sizes.config().attention();
    this.weights = weights;
    this.layer = layer;
    this.norm = norm;
    this.trace = trace;
  }

  /**
   * What the layer adds to the residual stream.
   *
   * @param x resid_pre [B, T, D]
   * @param positions what queries and keys read beside it [B, T, D]; zeros if nothing
   * @return attn_out [B, T, D]
   */
  double[] apply(double[] x, double[] positions) {
    double[] xQ = trace.reach(at(Site.Q_INPUT), forEach(s.h(), x));
    double[] xK = trace.reach(at(Site.K_INPUT), forEach(s.g(), x));
    double[] xV = trace.reach(at(Site.V_INPUT), forEach(s.g(), x));
    double[] normalized = norm.apply(x, trace, at(Site.LN1_SCALE), at(Site.LN1_NORMALIZED));
    // what heads read: LN(x) for values, LN(x) + p for queries and keys
    double[] q = plus(read(xQ, s.h(), x, normalized), forEach(s.h(), positions));
    double[] k = plus(read(xK, s.g(), x, normalized), forEach(s.g(), positions));
    q = trace.reach(at(Site.Q), project(q, s.h(), "Q"));
    k = trace.reach(at(Site.K), project(k, s.g(), "K"));
    double[] v = project(read(xV, s.g(), x, normalized), s.g(), "V");
    v = trace.reach(at(Site.V), v);
    if (shape.smearedKeys()) {
      double[] a = weights.get("blocks." + layer + ".attn.smear");
      k = trace.reach(at(Site.SMEARED_K), ReferencePositions.smear(k, a, s));
    }
    if (shape.rotary().isPresent()) {
      q = ReferencePositions.rotate(q, shape.rotary().get(), s, s.h());
      q = trace.reach(at(Site.ROT_Q), q);
      k = ReferencePositions.rotate(k, shape.rotary().get(), s, s.g());
      k = trace.reach(at(Site.ROT_K), k);
    }
    double[] scores = trace.reach(at(Site.ATTN_SCORES), scores(q, k));
    double[] pattern = trace.reach(at(Site.PATTERN), softmax(scores));
    double[] z = trace.reach(at(Site.Z), mix(pattern, v));
    double[] result = trace.reach(at(Site.RESULT), results(z));
    return trace.reach(at(Site.ATTN_OUT), sum(result));
  }

  private HookPoint at(Site site) {
    return new HookPoint(site, layer);
  }

  /** [B, T, D] to [B, T, heads, D]. */
  private double[] forEach(int heads, double[] x) {
    double[] copies = new double[x.length * heads];
    for (int copy = 0; copy < s.rows() * heads; copy++) {
      System.arraycopy(x, copy / heads * s.d(), copies, copy * s.d(), s.d());
    }
    return copies;
  }

  /**
   * The normalised inputs of the heads [B, T, heads, D]. If they are the residual stream that the
   * layer was given, all heads read the one normalisation of it; if an intervention changed them,
   * each head normalises its own.
   */
  private double[] read(double[] inputs, int heads, double[] x, double[] normalized) {
    boolean given = Arrays.equals(inputs, forEach(heads, x));
    return given ? forEach(heads, normalized) : norm.apply(inputs);
  }

  private double[] project(double[] x, int heads, String kind) {
    double[] w = weights.get("blocks." + layer + ".attn.W_" + kind);
    double[] bias = weights.get("blocks." + layer + ".attn.b_" + kind);
    double[] y = new double[s.rows() * heads * s.e()];
    for (int vector = 0; vector < s.rows() * heads; vector++) {
      int h = vector % heads;
      for (int e = 0; e < s.e(); e++) {
        // q_h = x W_Q^h + b_Q^h, and so for k and v
        double sum = bias[h * s.e() + e];
        for (int d = 0; d < s.d(); d++) {
          sum += x[vector * s.d() + d] * w[(h * s.d() + d) * s.e() + e];
        }
        y[vector * s.e() + e] = sum;
      }
    }
    return y;
  }

  private double[] scores(double[] q, double[] k) {
    double[] scores = new double[s.b() * s.h() * s.t() * s.t()];
    Arrays.fill(scores, Double.NEGATIVE_INFINITY);
    for (int b = 0; b < s.b(); b++) {
      for (int h = 0; h < s.h(); h++) {
        for (int dest = 0; dest < s.t(); dest++) {
          boolean causal = shape.direction() == AttentionDirection.CAUSAL;
          for (int src = 0; src <= (causal ? dest : s.t() - 1); src++) {
            double dot = 0;
            for (int e = 0; e < s.e(); e++) {
              dot += q[head(b, dest, h) + e] * k[keyed(b, src, h) + e];
            }
            // S_ij = q_i . k_j / sqrt(d_head), for causal attention -infinity where j > i
            scores[score(b, h, dest, src)] = shape.scaled() ? dot / Math.sqrt(s.e()) : dot;
          }
        }
      }
    }
    return scores;
  }

  private double[] softmax(double[] scores) {
    double[] pattern = new double[scores.length];
    for (int row = 0; row < scores.length; row += s.t()) {
      double max = Double.NEGATIVE_INFINITY;
      for (int src = 0; src < s.t(); src++) {
        max = Math.max(max, scores[row + src]);
      }
      double sum = 0;
      for (int src = 0; src < s.t(); src++) {
        sum += Math.exp(scores[row + src] - max);
      }
      for (int src = 0; src < s.t(); src++) {
        // A_ij = exp(S_ij) / sum_j exp(S_ij)
        pattern[row + src] = Math.exp(scores[row + src] - max) / sum;
      }
    }
    return pattern;
  }

  private double[] mix(double[] pattern, double[] v) {
    double[] z = new double[s.rows() * s.h() * s.e()];
    for (int b = 0; b < s.b(); b++) {
      for (int h = 0; h < s.h(); h++) {
        for (int dest = 0; dest < s.t(); dest++) {
          for (int src = 0; src < s.t(); src++) {
            for (int e = 0; e < s.e(); e++) {
              // z_i = sum_j A_ij v_j
              z[head(b, dest, h) + e] += pattern[score(b, h, dest, src)] * v[keyed(b, src, h) + e];
            }
          }
        }
      }
    }
    return z;
  }

  private double[] results(double[] z) {
    double[] w = weights.get("blocks." + layer + ".attn.W_O");
    double[] results = new double[s.rows() * s.h() * s.d()];
    for (int row = 0; row < s.rows(); row++) {
      for (int h = 0; h < s.h(); h++) {
        for (int e = 0; e < s.e(); e++) {
          for (int d = 0; d < s.d(); d++) {
            // r_h = z_h W_O^h
            results[(row * s.h() + h) * s.d() + d] +=
                z[(row * s.h() + h) * s.e() + e] * w[(h * s.e() + e) * s.d() + d];
          }
        }
      }
    }
    return results;
  }

  private double[] sum(double[] results) {
    double[] bias = weights.get("blocks." + layer + ".attn.b_O");
    double[] out = new double[s.rows() * s.d()];
    for (int row = 0; row < s.rows(); row++) {
      for (int d = 0; d < s.d(); d++) {
        // attn(x) = sum_h r_h + b_O
        double sum = bias[d];
        for (int h = 0; h < s.h(); h++) {
          sum += results[(row * s.h() + h) * s.d() + d];
        }
        out[row * s.d() + d] = sum;
      }
    }
    return out;
  }

  private static double[] plus(double[] a, double[] b) {
    double[] sum = new double[a.length];
    Arrays.setAll(sum, i -> a[i] + b[i]);
    return sum;
  }

  private int head(int b, int t, int h) {
    return ((b * s.t() + t) * s.h() + h) * s.e();
  }

  /** Where the key and value lie that a head reads: query head h reads h / (H / G). */
  private int keyed(int b, int t, int h) {
    return ((b * s.t() + t) * s.g() + h / (s.h() / s.g())) * s.e();
  }

  private int score(int b, int h, int dest, int src) {
    return ((b * s.h() + h) * s.t() + dest) * s.t() + src;
  }
}
