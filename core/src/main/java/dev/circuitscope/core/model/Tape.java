package dev.circuitscope.core.model;

import dev.circuitscope.core.array.BlockPool;
import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.hook.ActivationCache;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Hook;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What one pass over a model computes at each hook point: activations going forward, or gradients
 * going backward. It plans the work, applies the hooks, and in the end hands over what was asked
 * for and gives the other blocks back to the pool.
 *
 * <p>Components fill blocks only inside what they plan with {@link #forEach} and {@link #inPhases};
 * a gradient's tape continues the plan of its activations' tape.
 */
final class Tape {

  /** Which way a pass goes, and so which side of a hook it applies. */
  private enum Direction {
    FORWARD,
    BACKWARD
  }

  private final TransformerConfig config;
  private final Rows rows;
  private final Capture capture;
  private final Hooks hooks;
  private final Direction direction;
  private final Plan plan;
  private final Optional<KeyValueCache> past;
  private final Map<HookPoint, FloatBlock> blocks = new LinkedHashMap<>();
  private final List<FloatBlock> taken = new ArrayList<>();
  private final List<HookPoint> unread = new ArrayList<>();

  /** A tape for the activations of a run. */
  Tape(TransformerConfig config, Rows rows, Capture capture, Hooks hooks) {
    this(config, rows, capture, hooks, Optional.empty());
  }

  /** A tape for the activations of a run that may continue another. */
  Tape(
      TransformerConfig config,
      Rows rows,
      Capture capture,
      Hooks hooks,
      Optional<KeyValueCache> past) {
    this(config, rows, capture, hooks, past, Direction.FORWARD, new Plan(rows.groups()));
  }

  private Tape(
      TransformerConfig config,
      Rows rows,
      Capture capture,
      Hooks hooks,
      Optional<KeyValueCache> past,
      Direction direction,
      Plan plan) {
    this.config = config;
    this.rows = rows;
    this.capture = capture;
    this.hooks = hooks;
    this.past = past;
    this.direction = direction;
    this.plan = plan;
  }

  /** A tape for the gradients of the pass that this tape holds. */
  Tape backward() {
    return new Tape(config, rows, capture, hooks, past, Direction.BACKWARD, plan);
  }

  Rows rows() {
    return rows;
  }

  /** The keys and values of what came before, if the run continues another. */
  Optional<KeyValueCache> past() {
    return past;
  }

  /** The position of each example's first row. */
  int firstPosition() {
    return past.map(KeyValueCache::length).orElse(0);
  }

  /** A block for the values at a point. */
  FloatBlock create(HookPoint point) {
    FloatBlock block = internal(Arrays.stream(shape(point)).reduce(1, (a, b) -> a * b));
    blocks.put(point, block);
    return block;
  }

  /**
   * The values at a point are those of another: the same block, or a copy if a hook may change it.
   */
  FloatBlock share(HookPoint point, FloatBlock source) {
    if (!hooked(point)) {
      blocks.put(point, source);
      return source;
    }
    FloatBlock copy = create(point);
    int width = source.length() / rows.count();
    forEach((first, n) -> copy.copy(first * width, source, first * width, n * width));
    return copy;
  }

  /**
   * A block for values that are computed from those at another point, which are read no more: the
   * same block, unless somebody wants to see what was in it.
   */
  FloatBlock replacing(HookPoint before, HookPoint point) {
    if (wanted(before)) {
      return create(point);
    }
    FloatBlock block = at(before);
    blocks.put(point, block);
    return block;
  }

  /** A block for values that are at no hook point. */
  FloatBlock internal(long length) {
    FloatBlock block = BlockPool.shared().take(length);
    taken.add(block);
    return block;
  }

  FloatBlock at(HookPoint point) {
    return blocks.get(point);
  }

  /** Whether a hook may change the values at a point. */
  boolean hooked(HookPoint point) {
    for (Hook hook : hooks.of(point)) {
      if (!hook.readsOnly()) {
        return true;
      }
    }
    return false;
  }

  /** Whether the values at a point need not be computed, since a hook fills them anyway. */
  boolean given(HookPoint point) {
    List<Hook> here = hooks.of(point);
    return direction == Direction.FORWARD && !here.isEmpty() && here.get(0).overwrites();
  }

  /** Whether a hook looks at the values at a point; there is none that looks at gradients. */
  private boolean read(HookPoint point) {
    return direction == Direction.FORWARD && !hooks.of(point).isEmpty();
  }

  /** Whether somebody wants to see the values at a point. */
  boolean wanted(HookPoint point) {
    return capture.keeps(point) || hooked(point) || read(point);
  }

  /** Plans something for all rows, block by block. */
  void forEach(Rows.Body body) {
    plan.add(rows.blocks(), (group, block) -> rows.visit(group, block, body));
  }

  /** Plans something of so many tasks for each example. */
  void forEach(int tasks, Plan.Task body) {
    plan.add(
        rows.group() * tasks,
        (group, task) -> {
          int example = group * rows.group() + task / tasks;
          if (example < rows.batch()) {
            body.accept(example, task % tasks);
          }
        });
  }

  /** Does what has been planned. */
  void run() {
    plan.run();
  }

  /**
   * Applies the hooks of a point whose block the plan fills; those that only read wait for the end
   * of the pass.
   */
  void reached(HookPoint point) {
    if (hooked(point)) {
      run();
      apply(point);
    } else if (read(point)) {
      unread.add(point);
    }
  }

  /** Calls the hooks that only read and have not been called. */
  void read() {
    run();
    unread.forEach(this::apply);
    unread.clear();
  }

  private void apply(HookPoint point) {
    List<Hook> here = hooks.of(point);
    FloatBlock block = blocks.get(point);
    INDArray value = block.asArray(shape(point));
    for (int i = 0; i < here.size(); i++) {
      INDArray changed =
          direction == Direction.FORWARD
              ? here.get(i).forward(value, point)
              : here.get(here.size() - 1 - i).backward(value, point);
      if (changed == null || !Arrays.equals(changed.shape(), value.shape())) {
        throw new IllegalArgumentException(
            "the hook at "
                + point
                + " returned "
                + (changed == null ? "null" : "shape " + Arrays.toString(changed.shape()))
                + "; it must return shape "
                + Arrays.toString(value.shape())
                + " "
                + point.axes());
      }
      if (changed != value) {
        block.set(changed);
      }
    }
  }

  /**
   * Plans two steps for every task, with a hook point between them. Step by step over all tasks
   * when that point has a hook; otherwise task by task, while its part is still in the cache.
   */
  void inPhases(int tasks, Plan.Task first, HookPoint between, Plan.Task second) {
    if (hooked(between)) {
      forEach(tasks, first);
      reached(between);
      forEach(tasks, second);
    } else {
      forEach(tasks, both(first, second));
      reached(between);
    }
  }

  /** Three steps with two hook points between them, as for two. */
  void inPhases(
      int tasks,
      Plan.Task first,
      HookPoint afterFirst,
      Plan.Task second,
      HookPoint afterSecond,
      Plan.Task third) {
    if (hooked(afterFirst)) {
      forEach(tasks, first);
      reached(afterFirst);
      inPhases(tasks, second, afterSecond, third);
    } else {
      reached(afterFirst);
      inPhases(tasks, both(first, second), afterSecond, third);
    }
  }

  private static Plan.Task both(Plan.Task first, Plan.Task second) {
    return (example, task) -> {
      first.accept(example, task);
      second.accept(example, task);
    };
  }

  /** Ends the pass: what was asked for, in the order in which it was reached. */
  ActivationCache finish() {
    read();
    Map<HookPoint, INDArray> arrays = new LinkedHashMap<>();
    Set<FloatBlock> kept = Collections.newSetFromMap(new IdentityHashMap<>());
    blocks.forEach(
        (point, block) -> {
          if (capture.keeps(point)) {
            arrays.put(point, block.asArray(shape(point)));
            kept.add(block);
          }
        });
    for (FloatBlock block : taken) {
      if (!kept.contains(block)) {
        BlockPool.shared().give(block);
      }
    }
    taken.retainAll(kept);
    List<FloatBlock> handedOver = List.copyOf(taken);
    taken.clear();
    return new ActivationCache(arrays, () -> handedOver.forEach(BlockPool.shared()::give));
  }

  private long[] shape(HookPoint point) {
    return point.axes().stream().mapToLong(this::size).toArray();
  }

  private long size(String axis) {
    return switch (axis) {
      case "batch" -> rows.batch();
      case "pos", "dest" -> rows.pos();
      case "src" -> firstPosition() + rows.pos();
      case "head" -> config.nHeads();
      case "kv_head" -> config.attention().keyValueHeads();
      case "d_mlp" -> config.mlp().orElseThrow().dMlp();
      case "d_model" -> config.dModel();
      case "d_head" -> config.dHead();
      case "1" -> 1;
      default -> throw new IllegalStateException("no axis " + axis);
    };
  }
}
