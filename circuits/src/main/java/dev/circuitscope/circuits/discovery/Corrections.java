package dev.circuitscope.circuits.discovery;

import dev.circuitscope.circuits.edges.Edge;
import dev.circuitscope.circuits.edges.Sender;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is added to what one receiver reads because edges into it are removed: {@code sum of
 * (reference - written)} over their senders. The sum over senders before the run's first layer is
 * known, and the same in all copies up to the edges that each copy removes beyond the one before;
 * what other senders write is known only as the run goes on.
 */
final class Corrections {

  private final RunValues values;
  private final RunValues.Inlet inlet;
  private final List<List<Edge>> added = new ArrayList<>();
  private final List<Sender> running = new ArrayList<>();
  private float[][] known;

  Corrections(RunValues values, RunValues.Inlet inlet, int copies) {
    this.values = values;
    this.inlet = inlet;
    for (int copy = 0; copy < copies; copy++) {
      added.add(new ArrayList<>());
    }
  }

  RunValues.Inlet inlet() {
    return inlet;
  }

  /** A removed edge from before the first layer, in this copy and those after it. */
  void addKnown(Edge edge, int copy) {
    added.get(copy).add(edge);
  }

  /** A removed edge from a sender of the run itself, in all copies. */
  void addRunning(Sender sender) {
    running.add(sender);
  }

  List<Sender> running() {
    return running;
  }

  /** Edges that are removed in all copies. */
  List<Edge> removed() {
    return added.get(0);
  }

  /** Whether some copies remove more than the first. */
  boolean differs() {
    return added.stream().skip(1).anyMatch(more -> !more.isEmpty());
  }

  /**
   * What is known of each copy, [batch, pos, width]: null for none, the same array for the same.
   */
  float[][] known() {
    if (known == null) {
      known = new float[added.size()][];
      float[] sum = null;
      for (int copy = 0; copy < known.length; copy++) {
        if (!added.get(copy).isEmpty()) {
          int rows = values.batch() * values.length();
          sum = sum == null ? new float[rows * inlet.width()] : sum.clone();
          for (Edge edge : added.get(copy)) {
            values.addChange(edge, sum);
          }
        }
        known[copy] = sum;
      }
    }
    return known;
  }

  /**
   * The correction of an example of a copy, [pos, width]; null if there is none.
   *
   * @param written what senders of the run write, [copies batch, pos, d_model]
   */
  float[] of(int copy, int example, Map<Sender, float[]> written) {
    if (known[copy] == null && running.isEmpty()) {
      return null;
    }
    int size = values.length() * inlet.width();
    float[] sum = new float[size];
    if (known[copy] != null) {
      System.arraycopy(known[copy], example * size, sum, 0, size);
    }
    for (Sender sender : running) {
      float[] to = values.reference(sender);
      float[] from = written.get(sender);
      int at = (copy * values.batch() + example) * size;
      for (int i = 0; i < size; i++) {
        sum[i] += to[example * size + i] - from[at + i];
      }
    }
    return sum;
  }
}
