package dev.circuitscope.circuits.attribution;

import dev.circuitscope.core.array.FloatBlock;

/** A stack as text. */
final class StackTable {

  private static final int ROWS = 60;

  private StackTable() {}

  static String of(ComponentStack stack) {
    int d = stack.dModel();
    int rows = stack.extent().rows();
    float[] sum = FloatBlock.copyOf(stack.sum()).toArray();
    StringBuilder text = new StringBuilder();
    text.append(
        "%d components on %s, d_model %d%n%-12s%10s%14s"
            .formatted(stack.size(), stack.extent(), d, "", "norm", "share of sum"));
    float[] one = new float[sum.length];
    for (int c = 0; c < Math.min(ROWS, stack.size()); c++) {
      stack.block().read(c * one.length, one, 0, one.length);
      double norm = 0;
      double share = 0;
      for (int r = 0; r < rows; r++) {
        double squares = 0;
        double along = 0;
        double whole = 0;
        for (int i = r * d; i < (r + 1) * d; i++) {
          squares += one[i] * one[i];
          along += one[i] * sum[i];
          whole += sum[i] * sum[i];
        }
        norm += Math.sqrt(squares) / rows;
        share += (whole == 0 ? 0 : along / whole) / rows;
      }
      text.append("%n%-12s%10.3f%14.3f".formatted(stack.labels().get(c), norm, share));
    }
    if (stack.size() > ROWS) {
      text.append("%nand %,d more".formatted(stack.size() - ROWS));
    }
    return text.toString();
  }
}
