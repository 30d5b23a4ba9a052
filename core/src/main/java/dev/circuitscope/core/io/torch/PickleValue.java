package dev.circuitscope.core.io.torch;

import dev.circuitscope.core.io.ElementType;
import java.util.ArrayList;
import java.util.List;

/**
 * What a pickle can leave on the stack. None of these compares or hashes its content, since a
 * pickle may nest them without bound or make them contain themselves.
 */
sealed interface PickleValue {

  /** Values without content. */
  enum Plain implements PickleValue {
    NONE,
    /** Marks where the arguments of a later instruction begin. */
    MARK
  }

  /** A truth value, whole number or floating-point number. */
  record Scalar(Object value) implements PickleValue {}

  /** A text. */
  record Text(String value) implements PickleValue {}

  /** A byte string; nothing here needs its content. */
  record Bytes(int length) implements PickleValue {}

  /** A list, tuple or set. */
  record Sequence(List<PickleValue> items, boolean isTuple) implements PickleValue {}

  /** A dictionary: keys and values side by side, in the order of insertion. */
  record Mapping(List<PickleValue> keys, List<PickleValue> values) implements PickleValue {
    Mapping() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    void put(PickleValue key, PickleValue value) {
      keys.add(key);
      values.add(value);
    }
  }

  /** The name of a class or function. */
  record ClassName(String module, String name) implements PickleValue {
    String qualified() {
      return module + "." + name;
    }
  }

  /** What stands for the result of a call that is not made: everything the pickle gave to it. */
  record Skipped(
      Sequence arguments, Mapping entries, List<PickleValue> items, List<PickleValue> states)
      implements PickleValue {
    Skipped(Sequence arguments) {
      this(arguments, new Mapping(), new ArrayList<>(), new ArrayList<>());
    }
  }

  /**
   * A run of elements outside the pickle: {@code size} elements of the root storage {@code key}
   * from element {@code offset} on. An untyped one is counted in bytes.
   */
  record Storage(
      ElementType type, boolean untyped, String key, long rootSize, long offset, long size)
      implements PickleValue {}

  /** A tensor: a strided view of a storage, in elements. */
  record Tensor(Storage storage, ElementType type, long offset, List<Long> shape, List<Long> stride)
      implements PickleValue {}
}
