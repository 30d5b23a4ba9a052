package dev.circuitscope.core.model;

import dev.circuitscope.core.array.Exponential;
import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Kernels;
import dev.circuitscope.core.array.Matrix;
import dev.circuitscope.core.array.Scratch;
import java.util.function.Consumer;

/**
 * Mixes each key with the one before it: k'_j = s k_j + (1 - s) k_(j-1) with s = sigmoid(a), a of
 * the key's head; the first key stays as it is (In-context Learning and Induction Heads, Argument
 * 2). Rows read their neighbours, which may be in another block of rows.
 */
final class SmearedKeys {

  private static final Kernels KERNELS = Kernels.best();

  private final int heads;
  private final int dHead;
  private final int pos;
  private final float[] s;

  /** {@code a} holds a number per key head. */
  SmearedKeys(float[] a, int dHead, int pos) {
    this.heads = a.length;
    this.dHead = dHead;
    this.pos = pos;
    this.s = new float[heads];
    for (int h = 0; h < heads; h++) {
      s[h] = Exponential.sigmoid(a[h]);
    }
  }

  /**
   * k' of n rows.
   *
   * @param earlier the key before each sequence's first one, or null if there is none
   */
  void forward(FloatBlock k, Matrix earlier, FloatBlock out, int first, int n) {
    int width = heads * dHead;
    float[] tile = Scratch.tile(0, width);
    float[] before = Scratch.tile(1, width);
    for (int r = first; r < first + n; r++) {
      k.read(r * width, tile, 0, width);
      if (r % pos > 0) {
        k.read((r - 1) * width, before, 0, width);
        mix(tile, before);
      } else if (earlier != null) {
        earlier.rows(r / pos, r / pos + 1).read(before);
        mix(tile, before);
      }
      out.write(r * width, tile, 0, width);
    }
  }

  private void mix(float[] key, float[] before) {
    for (int h = 0; h < heads; h++) {
      for (int i = h * dHead; i < (h + 1) * dHead; i++) {
        key[i] = s[h] * key[i] + (1 - s[h]) * before[i];
      }
    }
  }

  /** dk_j = s dk'_j + (1 - s) dk'_(j+1) of n rows; the first key's own share is dk'_0. */
  void inputGradient(FloatBlock dOut, FloatBlock dk, int first, int n) {
    int width = heads * dHead;
    float[] own = Scratch.tile(0, width);
    float[] next = Scratch.tile(1, width);
    for (int r = first; r < first + n; r++) {
      dOut.read(r * width, own, 0, width);
      boolean last = r % pos == pos - 1;
      if (!last) {
        dOut.read((r + 1) * width, next, 0, width);
      }
      for (int h = 0; h < heads; h++) {
        float share = r % pos == 0 ? 1 : s[h];
        float passed = 1 - s[h];
        for (int i = h * dHead; i < (h + 1) * dHead; i++) {
          own[i] = share * own[i] + (last ? 0 : passed * next[i]);
        }
      }
      dk.write(r * width, own, 0, width);
    }
  }

  /** da = s (1 - s) sum_j dk'_j . (k_j - k_(j-1)) over all keys but first ones. */
  void weightGradient(
      FloatBlock k, FloatBlock dOut, Tape grads, Jobs jobs, Consumer<float[]> receiver) {
    RowSums sums = new RowSums(grads.rows(), heads);
    float[] partial = sums.partial();
    grads.forEach((first, n) -> slopes(k, dOut, first, n, partial, sums.at(first)));
    sums.deliver(
        jobs,
        da -> {
          for (int h = 0; h < heads; h++) {
            da[h] *= s[h] * (1 - s[h]);
          }
          receiver.accept(da);
        });
  }

  private void slopes(FloatBlock k, FloatBlock dOut, int first, int n, float[] sums, int at) {
    int width = heads * dHead;
    float[] key = Scratch.tile(0, width);
    float[] before = Scratch.tile(1, width);
    float[] gradient = Scratch.tile(2, width);
    for (int r = first; r < first + n; r++) {
      if (r % pos > 0) {
        k.read(r * width, key, 0, width);
        k.read((r - 1) * width, before, 0, width);
        dOut.read(r * width, gradient, 0, width);
        for (int i = 0; i < width; i++) {
          key[i] -= before[i];
        }
        for (int h = 0; h < heads; h++) {
          sums[at + h] += KERNELS.dot(gradient, h * dHead, key, h * dHead, dHead);
        }
      }
    }
  }
}
