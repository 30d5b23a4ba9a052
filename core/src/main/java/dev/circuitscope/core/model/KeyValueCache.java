package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Matrix;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The keys and values of the positions that a causal model has read so far, as its attention reads
 * them: what a run needs of the past to go on from there without computing it again.
 *
 * <pre>{@code
 * KeyValueCache past = KeyValueCache.create(model.config(), 1);
 * INDArray a = model.after(past).run(new int[][] {{5, 3, 8}});   // positions 0, 1, 2
 * INDArray b = model.after(past).run(new int[][] {{1}});         // position 3
 * past.truncate(2);                                              // as if only 5, 3 had been read
 * }</pre>
 *
 * <p>Keys are kept after smearing and rotation, values as they are, both as hooks left them.
 * Memory: 2 x layers x batch x capacity x key-value heads x d_head floats, and half as much again
 * for smeared keys, whose next key needs the last one as it was before. A cache serves one run at a
 * time; a run that fails leaves it as it was.
 */
public final class KeyValueCache {

  private final TransformerConfig config;
  private final int batch;
  private final int capacity;
  private final int width;
  private final List<FloatBlock> keys;
  private final List<FloatBlock> values;
  private final List<FloatBlock> unsmeared;
  private int length;

  private KeyValueCache(TransformerConfig config, int batch, int capacity) {
    this.config = config;
    this.batch = batch;
    this.capacity = capacity;
    this.width = config.attention().keyValueHeads() * config.dHead();
    this.keys = blocks(config.nLayers());
    this.values = blocks(config.nLayers());
    this.unsmeared = blocks(config.attention().smearedKeys() ? config.nLayers() : 0);
  }

  /**
   * An empty cache for sequences as long as the model's context.
   *
   * @param config of the model
   * @param batch how many sequences, at least 1
   * @return the cache
   * @throws IllegalArgumentException if attention is bidirectional, or the batch is empty
   */
  public static KeyValueCache create(TransformerConfig config, int batch) {
    return create(config, batch, config.nCtx());
  }

  /**
   * An empty cache for shorter sequences.
   *
   * @param config of the model
   * @param batch how many sequences, at least 1
   * @param capacity how many positions it can hold, from 1 to n_ctx
   * @return the cache
   * @throws IllegalArgumentException if attention is bidirectional, or a size is out of range
   */
  public static KeyValueCache create(TransformerConfig config, int batch, int capacity) {
    if (!config.attention().causal()) {
      throw new IllegalArgumentException(
          "a bidirectional model has no key-value cache: later tokens change what earlier ones"
              + " read; run it on the whole sequence");
    }
    TransformerConfig.requireAtLeast(1, "the batch of a key-value cache", batch);
    if (capacity < 1 || capacity > config.nCtx()) {
      throw new IllegalArgumentException(
          "the capacity of a key-value cache is 1 to n_ctx = %d, was %d"
              .formatted(config.nCtx(), capacity));
    }
    return new KeyValueCache(config, batch, capacity);
  }

  /**
   * The number of sequences.
   *
   * @return at least 1
   */
  public int batch() {
    return batch;
  }

  /**
   * The number of positions that have been read.
   *
   * @return from 0 to {@link #capacity}
   */
  public int length() {
    return length;
  }

  /**
   * The number of positions that there is room for.
   *
   * @return at least 1
   */
  public int capacity() {
    return capacity;
  }

  /**
   * Forgets the last positions.
   *
   * @param newLength how many positions stay, from 0 to {@link #length}
   * @throws IllegalArgumentException if it is out of range
   */
  public void truncate(int newLength) {
    if (newLength < 0 || newLength > length) {
      throw new IllegalArgumentException(
          "a cache of %d positions cannot be cut to %d".formatted(length, newLength));
    }
    length = newLength;
  }

  /**
   * What this cache holds, several times over: for many continuations of the same sequences in one
   * run.
   *
   * @param copies how many, at least 1
   * @return a new cache for a batch of {@code copies} times this one's, one copy after the other
   * @throws IllegalArgumentException if there is no copy
   */
  public KeyValueCache repeat(int copies) {
    TransformerConfig.requireAtLeast(1, "copies of a key-value cache", copies);
    KeyValueCache repeated = new KeyValueCache(config, batch * copies, capacity);
    repeated.length = length;
    copyInto(repeated.keys, keys, copies);
    copyInto(repeated.values, values, copies);
    copyInto(repeated.unsmeared, unsmeared, copies);
    return repeated;
  }

  private static void copyInto(List<FloatBlock> to, List<FloatBlock> from, int copies) {
    for (int layer = 0; layer < from.size(); layer++) {
      FloatBlock one = from.get(layer);
      for (int i = 0; i < copies; i++) {
        to.get(layer).copy(i * one.length(), one, 0, one.length());
      }
    }
  }

  @Override
  public String toString() {
    return "KeyValueCache(batch %d, %d of %d positions, %d layers)"
        .formatted(batch, length, capacity, config.nLayers());
  }

  /** Refuses a model of another shape. */
  void requireOf(TransformerConfig model) {
    if (!config.equals(model)) {
      throw new IllegalArgumentException(
          "the key-value cache was made for another configuration: " + config);
    }
  }

  /** Refuses rows that are no continuation of what has been read. */
  void requireRoom(Rows rows) {
    if (rows.batch() != batch) {
      throw new IllegalArgumentException(
          "the key-value cache is for a batch of %d, got %d sequences"
              .formatted(batch, rows.batch()));
    }
    if (rows.pos() > capacity - length) {
      throw new IllegalArgumentException(
          "the key-value cache holds %d of at most %d positions, so %d more do not fit; truncate it, or start a new one%s"
              .formatted(
                  length,
                  capacity,
                  rows.pos(),
                  capacity < config.nCtx() ? " up to n_ctx = " + config.nCtx() : ""));
    }
  }

  /** Writes an example's keys and values of n positions after those that have been read. */
  void write(int layer, int example, FloatBlock k, FloatBlock v, int n) {
    copy(k, keys.get(layer), example, n);
    copy(v, values.get(layer), example, n);
  }

  /** Writes an example's keys as they were before they were smeared. */
  void writeUnsmeared(int layer, int example, FloatBlock k, int n) {
    copy(k, unsmeared.get(layer), example, n);
  }

  /** What has been written since counts as read from now on. */
  void extend(int n) {
    length += n;
  }

  /** The first keys of a key-value head of an example [sources, d_head]. */
  Matrix keys(int layer, int example, int head, int sources) {
    return ofHead(keys.get(layer), example, head, sources);
  }

  /** The first values of a key-value head of an example [sources, d_head]. */
  Matrix values(int layer, int example, int head, int sources) {
    return ofHead(values.get(layer), example, head, sources);
  }

  /** The last key of each example before it was smeared [batch, kv_head * d_head]; null if none. */
  Matrix lastUnsmeared(int layer) {
    return length == 0
        ? null
        : unsmeared.get(layer).matrix((length - 1) * width, batch, width, capacity * width);
  }

  private Matrix ofHead(FloatBlock block, int example, int head, int sources) {
    int dHead = config.dHead();
    return block.matrix(example * capacity * width + head * dHead, sources, dHead, width);
  }

  private void copy(FloatBlock from, FloatBlock to, int example, int n) {
    to.copy((example * capacity + length) * width, from, example * n * width, n * width);
  }

  private List<FloatBlock> blocks(int n) {
    long size = (long) batch * capacity * width;
    return IntStream.range(0, n).mapToObj(layer -> FloatBlock.allocate(size)).toList();
  }
}
