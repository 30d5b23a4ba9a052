package dev.circuitscope.core.format;

import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The forward passes of GPT-2, GPT-NeoX and Llama in float64, straight from the tensors of the
 * transformers library and step by step as its modelling files define them: Conv1D, the views of
 * fused matrices, {@code rotate_half}, {@code repeat_kv}. It shares no code with the mappings or
 * with the reference, so that an error in one of them cannot cancel out.
 */
final class PlainHuggingFace {

  private final Map<String, INDArray> tensors;
  private final int heads;
  private final int width;

  private PlainHuggingFace(Map<String, INDArray> tensors, int heads, int width) {
    this.tensors = tensors;
    this.heads = heads;
    this.width = width;
  }

  static double[] gpt2(HuggingFaceExample e, int[] tokens) {
    PlainHuggingFace m =
        new PlainHuggingFace(e.tensors(), e.integer("n_head"), e.integer("n_embd"));
    DoubleUnaryOperator act = activation(e.string("activation_function"));
    double eps = e.number("layer_norm_epsilon");
    int d = m.width / m.heads;
    double[][] x = new double[tokens.length][];
    for (int t = 0; t < tokens.length; t++) {
      x[t] = plus(m.row("transformer.wte.weight", tokens[t]), m.row("transformer.wpe.weight", t));
    }
    for (int layer = 0; layer < e.integer("n_layer"); layer++) {
      String h = "transformer.h." + layer + ".";
      double[][] in = m.layerNorm(x, h + "ln_1", eps);
      double[][] qkv = m.conv1d(in, h + "attn.c_attn");
      // query, key, value = qkv.split(width), then view(heads, d)
      double[][][] q = new double[tokens.length][m.heads][d];
      double[][][] k = new double[tokens.length][m.heads][d];
      double[][][] v = new double[tokens.length][m.heads][d];
      for (int t = 0; t < tokens.length; t++) {
        for (int i = 0; i < m.width; i++) {
          q[t][i / d][i % d] = qkv[t][i];
          k[t][i / d][i % d] = qkv[t][m.width + i];
          v[t][i / d][i % d] = qkv[t][2 * m.width + i];
        }
      }
      double scale = e.bool("scale_attn_weights") ? 1 / Math.sqrt(d) : 1;
      x = plus(x, m.conv1d(attention(q, k, v, scale), h + "attn.c_proj"));
      double[][] hidden = apply(act, m.conv1d(m.layerNorm(x, h + "ln_2", eps), h + "mlp.c_fc"));
      x = plus(x, m.conv1d(hidden, h + "mlp.c_proj"));
    }
    x = m.layerNorm(x, "transformer.ln_f", eps);
    return flat(m.linear(x, e.tied() ? "transformer.wte" : "lm_head"));
  }

  static double[] gptNeoX(HuggingFaceExample e, int[] tokens) {
    PlainHuggingFace m =
        new PlainHuggingFace(
            e.tensors(), e.integer("num_attention_heads"), e.integer("hidden_size"));
    DoubleUnaryOperator act = activation(e.string("hidden_act"));
    double eps = e.number("layer_norm_eps");
    int d = m.width / m.heads;
    int rotated = (int) (d * e.number("rotary_pct"));
    double[][] x = m.embed("gpt_neox.embed_in.weight", tokens);
    for (int layer = 0; layer < e.integer("num_hidden_layers"); layer++) {
      String l = "gpt_neox.layers." + layer + ".";
      double[][] qkv =
          m.linear(m.layerNorm(x, l + "input_layernorm", eps), l + "attention.query_key_value");
      // qkv.view(heads, 3 * d), and of each head's share: queries, keys, values
      double[][][] q = new double[tokens.length][m.heads][d];
      double[][][] k = new double[tokens.length][m.heads][d];
      double[][][] v = new double[tokens.length][m.heads][d];
      for (int t = 0; t < tokens.length; t++) {
        for (int head = 0; head < m.heads; head++) {
          for (int i = 0; i < d; i++) {
            q[t][head][i] = qkv[t][head * 3 * d + i];
            k[t][head][i] = qkv[t][head * 3 * d + d + i];
            v[t][head][i] = qkv[t][head * 3 * d + 2 * d + i];
          }
        }
      }
      rotate(q, rotated, e.number("rotary_emb_base"));
      rotate(k, rotated, e.number("rotary_emb_base"));
      double[][] attn = m.linear(attention(q, k, v, 1 / Math.sqrt(d)), l + "attention.dense");
      double[][] middle = e.bool("use_parallel_residual") ? x : plus(x, attn);
      double[][] normed = m.layerNorm(middle, l + "post_attention_layernorm", eps);
      double[][] mlp =
          m.linear(apply(act, m.linear(normed, l + "mlp.dense_h_to_4h")), l + "mlp.dense_4h_to_h");
      x = plus(plus(x, attn), mlp);
    }
    return flat(
        m.linear(
            m.layerNorm(x, "gpt_neox.final_layer_norm", eps),
            e.tied() ? "gpt_neox.embed_in" : "embed_out"));
  }

  static double[] llama(HuggingFaceExample e, int[] tokens) {
    int heads = e.integer("num_attention_heads");
    int keyed = e.integer("num_key_value_heads");
    PlainHuggingFace m = new PlainHuggingFace(e.tensors(), heads, e.integer("hidden_size"));
    DoubleUnaryOperator act = activation(e.string("hidden_act"));
    double eps = e.number("rms_norm_eps");
    int d = e.integer("head_dim");
    double[][] x = m.embed("model.embed_tokens.weight", tokens);
    for (int layer = 0; layer < e.integer("num_hidden_layers"); layer++) {
      String l = "model.layers." + layer + ".";
      double[][] in = m.rmsNorm(x, l + "input_layernorm", eps);
      double[][][] q = heads(m.linear(in, l + "self_attn.q_proj"), heads, d);
      double[][][] k = heads(m.linear(in, l + "self_attn.k_proj"), keyed, d);
      double[][][] v = heads(m.linear(in, l + "self_attn.v_proj"), keyed, d);
      rotate(q, d, e.number("rope_theta"));
      rotate(k, d, e.number("rope_theta"));
      double[][] z = attention(q, repeat(k, heads), repeat(v, heads), 1 / Math.sqrt(d));
      x = plus(x, m.linear(z, l + "self_attn.o_proj"));
      double[][] normed = m.rmsNorm(x, l + "post_attention_layernorm", eps);
      double[][] gate = apply(act, m.linear(normed, l + "mlp.gate_proj"));
      double[][] up = m.linear(normed, l + "mlp.up_proj");
      for (int t = 0; t < gate.length; t++) {
        for (int i = 0; i < gate[t].length; i++) {
          gate[t][i] *= up[t][i];
        }
      }
      x = plus(x, m.linear(gate, l + "mlp.down_proj"));
    }
    return flat(
        m.linear(m.rmsNorm(x, "model.norm", eps), e.tied() ? "model.embed_tokens" : "lm_head"));
  }

  /** q * cos + rotate_half(q) * sin with cos and sin of cat(freqs, freqs). */
  private static void rotate(double[][][] x, int dim, double base) {
    int half = dim / 2;
    for (int t = 0; t < x.length; t++) {
      for (double[] head : x[t]) {
        double[] before = head.clone();
        for (int i = 0; i < dim; i++) {
          double angle = t / Math.pow(base, 2.0 * (i % half) / dim);
          double other = i < half ? -before[i + half] : before[i - half];
          head[i] = before[i] * Math.cos(angle) + other * Math.sin(angle);
        }
      }
    }
  }

  /** repeat_kv: every key head stands n_rep times, copies side by side. */
  private static double[][][] repeat(double[][][] x, int heads) {
    double[][][] repeated = new double[x.length][heads][];
    for (int t = 0; t < x.length; t++) {
      int times = heads / x[t].length;
      for (int head = 0; head < heads; head++) {
        repeated[t][head] = x[t][head / times];
      }
    }
    return repeated;
  }

  private static double[][][] heads(double[][] x, int heads, int d) {
    double[][][] split = new double[x.length][heads][d];
    for (int t = 0; t < x.length; t++) {
      for (int i = 0; i < heads * d; i++) {
        split[t][i / d][i % d] = x[t][i];
      }
    }
    return split;
  }

  /** Causal attention; heads side by side in the result. */
  private static double[][] attention(
      double[][][] q, double[][][] k, double[][][] v, double scale) {
    int heads = q[0].length;
    int d = q[0][0].length;
    double[][] out = new double[q.length][heads * d];
    for (int t = 0; t < q.length; t++) {
      for (int head = 0; head < heads; head++) {
        double[] p = new double[t + 1];
        double sum = 0;
        for (int s = 0; s <= t; s++) {
          double dot = 0;
          for (int i = 0; i < d; i++) {
            dot += q[t][head][i] * k[s][head][i];
          }
          p[s] = Math.exp(scale * dot);
          sum += p[s];
        }
        for (int s = 0; s <= t; s++) {
          for (int i = 0; i < d; i++) {
            out[t][head * d + i] += p[s] / sum * v[s][head][i];
          }
        }
      }
    }
    return out;
  }

  private double[][] embed(String name, int[] tokens) {
    double[][] x = new double[tokens.length][];
    for (int t = 0; t < tokens.length; t++) {
      x[t] = row(name, tokens[t]);
    }
    return x;
  }

  private double[] row(String name, int row) {
    INDArray tensor = tensors.get(name);
    double[] values = new double[(int) tensor.size(1)];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.getDouble(row, i);
    }
    return values;
  }

  private double[][] layerNorm(double[][] x, String name, double eps) {
    double[][] y = new double[x.length][width];
    for (int t = 0; t < x.length; t++) {
      double mean = 0;
      double variance = 0;
      for (double value : x[t]) {
        mean += value / width;
      }
      for (double value : x[t]) {
        variance += (value - mean) * (value - mean) / width;
      }
      for (int i = 0; i < width; i++) {
        y[t][i] =
            (x[t][i] - mean) / Math.sqrt(variance + eps) * at(name + ".weight", i)
                + at(name + ".bias", i);
      }
    }
    return y;
  }

  private double[][] rmsNorm(double[][] x, String name, double eps) {
    double[][] y = new double[x.length][width];
    for (int t = 0; t < x.length; t++) {
      double square = 0;
      for (double value : x[t]) {
        square += value * value / width;
      }
      for (int i = 0; i < width; i++) {
        y[t][i] = x[t][i] / Math.sqrt(square + eps) * at(name + ".weight", i);
      }
    }
    return y;
  }

  /** y = x W^T + b. */
  private double[][] linear(double[][] x, String name) {
    INDArray w = tensors.get(name + ".weight");
    int out = (int) w.size(0);
    double[][] y = new double[x.length][out];
    for (int t = 0; t < x.length; t++) {
      for (int o = 0; o < out; o++) {
        y[t][o] = tensors.containsKey(name + ".bias") ? at(name + ".bias", o) : 0;
        for (int i = 0; i < x[t].length; i++) {
          y[t][o] += x[t][i] * w.getDouble(o, i);
        }
      }
    }
    return y;
  }

  /** y = x W + b. */
  private double[][] conv1d(double[][] x, String name) {
    INDArray w = tensors.get(name + ".weight");
    int out = (int) w.size(1);
    double[][] y = new double[x.length][out];
    for (int t = 0; t < x.length; t++) {
      for (int o = 0; o < out; o++) {
        y[t][o] = at(name + ".bias", o);
        for (int i = 0; i < x[t].length; i++) {
          y[t][o] += x[t][i] * w.getDouble(i, o);
        }
      }
    }
    return y;
  }

  private double at(String name, int i) {
    return tensors.get(name).getDouble(i);
  }

  private static DoubleUnaryOperator activation(String name) {
    return switch (name) {
      case "relu" -> x -> Math.max(0, x);
      case "gelu" -> x -> x / 2 * (1 + org.apache.commons.math3.special.Erf.erf(x / Math.sqrt(2)));
      case "gelu_new" ->
          x -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * Math.pow(x, 3))));
      case "silu" -> x -> x / (1 + Math.exp(-x));
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static double[][] apply(DoubleUnaryOperator f, double[][] x) {
    for (double[] row : x) {
      for (int i = 0; i < row.length; i++) {
        row[i] = f.applyAsDouble(row[i]);
      }
    }
    return x;
  }

  private static double[][] plus(double[][] a, double[][] b) {
    double[][] sum = new double[a.length][];
    for (int t = 0; t < a.length; t++) {
      sum[t] = plus(a[t], b[t]);
    }
    return sum;
  }

  private static double[] plus(double[] a, double[] b) {
    double[] sum = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }

  private static double[] flat(double[][] x) {
    double[] flat = new double[x.length * x[0].length];
    for (int t = 0; t < x.length; t++) {
      System.arraycopy(x[t], 0, flat, t * x[0].length, x[0].length);
    }
    return flat;
  }
}
