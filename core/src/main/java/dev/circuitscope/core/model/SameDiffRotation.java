package dev.circuitscope.core.model;

import java.util.Arrays;
import org.nd4j.autodiff.samediff.SDVariable;

/** Rotary positions in a graph: x cos(angles) + (x R) sin(angles), R the quarter turn of pairs. */
final class SameDiffRotation {

  private final SameDiffScope scope;
  private final int dHead;
  private final SDVariable quarterTurn;
  private final SDVariable cosines;
  private final SDVariable sines;

  SameDiffRotation(SameDiffScope scope, Rotary rotary) {
    this.scope = scope;
    this.dHead = scope.config().dHead();
    double[] turn = new double[dHead * dHead];
    double[] cos = new double[scope.pos() * dHead];
    double[] sin = new double[scope.pos() * dHead];
    Arrays.fill(cos, 1);
    int pairs = rotary.dim() / 2;
    for (int i = 0; i < pairs; i++) {
      boolean halves = rotary.pairing() == Rotary.Pairing.HALVES;
      int a = halves ? i : 2 * i;
      int b = halves ? i + pairs : 2 * i + 1;
      // (a, b) R = (-b, a)
      turn[b * dHead + a] = -1;
      turn[a * dHead + b] = 1;
      for (int t = 0; t < scope.pos(); t++) {
        double angle = t / Math.pow(rotary.base(), 2.0 * i / rotary.dim());
        for (int coordinate : new int[] {a, b}) {
          cos[t * dHead + coordinate] = Math.cos(angle);
          sin[t * dHead + coordinate] = Math.sin(angle);
        }
      }
    }
    this.quarterTurn = scope.constant(turn, dHead, dHead);
    this.cosines = scope.constant(cos, 1, scope.pos(), 1, dHead);
    this.sines = scope.constant(sin, 1, scope.pos(), 1, dHead);
  }

  /** Of queries or keys [B, T, heads, E]. */
  SDVariable apply(SDVariable x, int heads) {
    SDVariable turned = scope.product(x, dHead, quarterTurn).reshape(-1, scope.pos(), heads, dHead);
    return x.mul(cosines).add(turned.mul(sines));
  }
}
