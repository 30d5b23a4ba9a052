package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Scratch;

/**
 * Rotates the first coordinates of each head's query or key by its position t: with the angle a = t
 * / base^(2 i / dim) of pair i, (x, y) becomes (x cos a - y sin a, x sin a + y cos a). The gradient
 * is rotated back.
 */
final class RotaryTable {

  private final Rotary rotary;
  private final int dHead;
  private final int pos;

  /** [pos, pairs]. */
  private final float[] cos;

  private final float[] sin;

  /** For sequences of {@code pos} rows, the first of them at position {@code start}. */
  RotaryTable(Rotary rotary, int dHead, int start, int pos) {
    this.rotary = rotary;
    this.dHead = dHead;
    this.pos = pos;
    int pairs = rotary.dim() / 2;
    this.cos = new float[pos * pairs];
    this.sin = new float[pos * pairs];
    for (int i = 0; i < pairs; i++) {
      double frequency = Math.pow(rotary.base(), -2.0 * i / rotary.dim());
      for (int t = 0; t < pos; t++) {
        cos[t * pairs + i] = (float) Math.cos((start + t) * frequency);
        sin[t * pairs + i] = (float) Math.sin((start + t) * frequency);
      }
    }
  }

  /** The rotation of n rows of some heads; {@code out} may be {@code x}. */
  void forward(int heads, FloatBlock x, FloatBlock out, int first, int n) {
    rotate(heads, 1, x, out, first, n);
  }

  /** The gradient of x, from that of the rotation; {@code dx} may be {@code dOut}. */
  void inputGradient(int heads, FloatBlock dOut, FloatBlock dx, int first, int n) {
    rotate(heads, -1, dOut, dx, first, n);
  }

  private void rotate(int heads, float turn, FloatBlock x, FloatBlock out, int first, int n) {
    int width = heads * dHead;
    float[] tile = Scratch.tile(0, n * width);
    x.read(first * width, tile, 0, n * width);
    for (int r = 0; r < n; r++) {
      int angles = (first + r) % pos * (rotary.dim() / 2);
      for (int h = 0; h < heads; h++) {
        int at = r * width + h * dHead;
        switch (rotary.pairing()) {
          case HALVES -> halves(tile, at, angles, turn);
          case ADJACENT -> adjacent(tile, at, angles, turn);
        }
      }
    }
    out.write(first * width, tile, 0, n * width);
  }

  private void halves(float[] x, int at, int angles, float turn) {
    int pairs = rotary.dim() / 2;
    for (int i = 0; i < pairs; i++) {
      float a = x[at + i];
      float b = x[at + pairs + i];
      float s = turn * sin[angles + i];
      float c = cos[angles + i];
      x[at + i] = a * c - b * s;
      x[at + pairs + i] = b * c + a * s;
    }
  }

  private void adjacent(float[] x, int at, int angles, float turn) {
    for (int i = 0; i < rotary.dim() / 2; i++) {
      float a = x[at + 2 * i];
      float b = x[at + 2 * i + 1];
      float s = turn * sin[angles + i];
      float c = cos[angles + i];
      x[at + 2 * i] = a * c - b * s;
      x[at + 2 * i + 1] = b * c + a * s;
    }
  }
}
