package dev.circuitscope.circuits.algebra;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The first k of all entries that it was offered, in a binary heap with the last of them on top.
 * Entries of equal rank are ordered by row and column, so that no two are alike and the outcome
 * does not depend on the order in which they were offered.
 */
final class TopHeap {

  private final int k;
  private final TopOrder order;
  private final int columns;
  private double[] keys;
  private double[] values;
  private long[] places;
  private final double floor;
  private int size;

  TopHeap(int k, TopOrder order, int columns) {
    this(k, order, columns, Double.NEGATIVE_INFINITY);
  }

  private TopHeap(int k, TopOrder order, int columns, double floor) {
    int room = Math.min(k, 64);
    this.k = k;
    this.order = order;
    this.columns = columns;
    this.floor = floor;
    this.keys = new double[room];
    this.values = new double[room];
    this.places = new long[room];
  }

  /** An empty one, for a part of the entries: it leaves out what this one would not keep. */
  synchronized TopHeap part() {
    return new TopHeap(k, order, columns, least());
  }

  /** Offers {@code n} entries of a row, which begin at a column. */
  void offer(int row, int column, double[] entries, int n) {
    long place = (long) row * columns + column;
    boolean magnitude = order == TopOrder.MAGNITUDE;
    double sign = order == TopOrder.SMALLEST ? -1 : 1;
    double least = least();
    for (int i = 0; i < n; i++) {
      double key = magnitude ? Math.abs(entries[i]) : sign * entries[i];
      if (key >= least) {
        offer(key, entries[i], place + i);
        least = least();
      }
    }
  }

  /** Offers what another one kept. */
  synchronized void offer(TopHeap other) {
    for (int i = 0; i < other.size; i++) {
      offer(other.keys[i], other.values[i], other.places[i]);
    }
  }

  /** The first entry first. */
  List<MatrixEntry> entries() {
    List<MatrixEntry> entries = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int row = (int) (places[i] / columns);
      entries.add(new MatrixEntry(row, (int) (places[i] % columns), values[i]));
    }
    entries.sort(
        Comparator.comparingDouble((MatrixEntry e) -> -order.key(e.value()))
            .thenComparingInt(MatrixEntry::row)
            .thenComparingInt(MatrixEntry::column));
    return List.copyOf(entries);
  }

  /** What a key has to reach to be kept. */
  private double least() {
    return size < k ? floor : k == 0 ? Double.POSITIVE_INFINITY : keys[0];
  }

  private void offer(double key, double value, long place) {
    if (size < k) {
      grow();
      int at = size++;
      while (at > 0 && before(keys[(at - 1) / 2], places[(at - 1) / 2], key, place)) {
        move((at - 1) / 2, at);
        at = (at - 1) / 2;
      }
      put(at, key, value, place);
    } else if (before(key, place, keys[0], places[0])) {
      replaceTop(key, value, place);
    }
  }

  private void replaceTop(double key, double value, long place) {
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size
          && before(keys[child], places[child], keys[child + 1], places[child + 1])) {
        child++;
      }
      if (!before(key, place, keys[child], places[child])) {
        break;
      }
      move(child, at);
      at = child;
    }
    put(at, key, value, place);
  }

  private static boolean before(double key, long place, double otherKey, long otherPlace) {
    return key > otherKey || key == otherKey && place < otherPlace;
  }

  private void move(int from, int to) {
    put(to, keys[from], values[from], places[from]);
  }

  private void put(int at, double key, double value, long place) {
    keys[at] = key;
    values[at] = value;
    places[at] = place;
  }

  private void grow() {
    if (size == keys.length) {
      int room = (int) Math.min(k, 2L * size);
      keys = Arrays.copyOf(keys, room);
      values = Arrays.copyOf(values, room);
      places = Arrays.copyOf(places, room);
    }
  }
}
