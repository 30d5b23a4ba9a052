package dev.circuitscope.core.io.torch;

import dev.circuitscope.core.io.ElementType;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.torch.PickleValue.ClassName;
import dev.circuitscope.core.io.torch.PickleValue.Mapping;
import dev.circuitscope.core.io.torch.PickleValue.Plain;
import dev.circuitscope.core.io.torch.PickleValue.Scalar;
import dev.circuitscope.core.io.torch.PickleValue.Sequence;
import dev.circuitscope.core.io.torch.PickleValue.Skipped;
import dev.circuitscope.core.io.torch.PickleValue.Storage;
import dev.circuitscope.core.io.torch.PickleValue.Tensor;
import dev.circuitscope.core.io.torch.PickleValue.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What stands in for calling Python: a fixed list of functions whose results are known, namely
 * tensors, parameters and containers. A call of anything else gives a {@link Skipped}, and its name
 * is noted.
 */
final class Rebuilding {
  private static final int MAX_NAME = 512;
  private static final int MAX_SKIPPED_NAMES = 10_000;

  private static final Set<String> MAPPINGS =
      Set.of(
          "collections.OrderedDict",
          "collections.defaultdict",
          "collections.Counter",
          "builtins.dict",
          "__builtin__.dict");
  private static final Set<String> SEQUENCES =
      Set.of(
          "builtins.set",
          "builtins.frozenset",
          "builtins.list",
          "builtins.tuple",
          "__builtin__.set",
          "__builtin__.frozenset",
          "__builtin__.list",
          "__builtin__.tuple",
          "torch.Size");
  private static final Set<String> TENSORS =
      Set.of(
          "torch._utils._rebuild_tensor",
          "torch._utils._rebuild_tensor_v2",
          "torch._utils._rebuild_tensor_v3");
  private static final Set<String> PARAMETERS =
      Set.of("torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state");
  private static final Set<String> SUBCLASSES =
      Set.of("torch._tensor._rebuild_from_type", "torch._tensor._rebuild_from_type_v2");

  private final PickleInput in;
  private final Set<String> skipped = new TreeSet<>();
  private final Map<String, Root> roots = new HashMap<>();
  private long copied;

  /** A storage as a whole: the width of its elements in bytes, and their number. */
  record Root(int width, long size) {}

  Rebuilding(PickleInput in) {
    this.in = in;
  }

  Set<String> skippedClasses() {
    return skipped;
  }

  /** The storages that the pickle refers to, by key. */
  Map<String, Root> roots() {
    return roots;
  }

  /** A class or function, by its name only. */
  ClassName named(String module, String name) throws MalformedFileException {
    if (module.length() > MAX_NAME || name.length() > MAX_NAME) {
      throw in.malformed("a class name of more than " + MAX_NAME + " characters");
    }
    ClassName named = new ClassName(module, name);
    String qualified = named.qualified();
    if (!TorchTypes.isKnown(qualified)
        && !MAPPINGS.contains(qualified)
        && !SEQUENCES.contains(qualified)
        && !TENSORS.contains(qualified)
        && !PARAMETERS.contains(qualified)
        && !SUBCLASSES.contains(qualified)
        && skipped.size() < MAX_SKIPPED_NAMES) {
      skipped.add(qualified);
    }
    return named;
  }

  PickleValue call(PickleValue callable, Sequence arguments) throws MalformedFileException {
    if (callable instanceof Skipped) {
      return new Skipped(arguments);
    }
    if (!(callable instanceof ClassName function)) {
      throw in.malformed("a call of what is no function");
    }
    String name = function.qualified();
    List<PickleValue> given = arguments.items();
    if (MAPPINGS.contains(name)) {
      return mapping(given);
    }
    if (SEQUENCES.contains(name)) {
      return sequence(given, name);
    }
    if (SUBCLASSES.contains(name)
        && given.size() >= 3
        && given.get(0) instanceof ClassName inner
        && !SUBCLASSES.contains(inner.qualified())
        && given.get(2) instanceof Sequence innerArguments) {
      return call(inner, innerArguments);
    }
    if (PARAMETERS.contains(name)) {
      return given.isEmpty() ? new Skipped(arguments) : given.get(0);
    }
    if (TENSORS.contains(name)) {
      return tensor(name, arguments);
    }
    return new Skipped(arguments);
  }

  /** An empty dictionary, or one of a list of pairs; a first argument may be a default's maker. */
  private Mapping mapping(List<PickleValue> given) throws MalformedFileException {
    Mapping mapping = new Mapping();
    if (!given.isEmpty() && given.get(given.size() - 1) instanceof Sequence pairs) {
      spend(pairs.items().size());
      for (PickleValue pair : pairs.items()) {
        if (!(pair instanceof Sequence two && two.items().size() == 2)) {
          throw in.malformed("a dictionary of what are no pairs");
        }
        mapping.put(two.items().get(0), two.items().get(1));
      }
    } else if (!given.isEmpty() && given.get(given.size() - 1) instanceof Mapping entries) {
      spend(entries.keys().size());
      mapping.keys().addAll(entries.keys());
      mapping.values().addAll(entries.values());
    }
    return mapping;
  }

  private Sequence sequence(List<PickleValue> given, String name) throws MalformedFileException {
    List<PickleValue> items = new ArrayList<>();
    if (given.size() == 1 && given.get(0) instanceof Sequence inner) {
      spend(inner.items().size());
      items.addAll(inner.items());
    }
    return new Sequence(items, name.endsWith("tuple") || name.equals("torch.Size"));
  }

  /** Each item takes a byte of the pickle; copying the same ones without end is an attack. */
  private void spend(int items) throws MalformedFileException {
    copied += items;
    if (copied > 1000 + 8 * in.position()) {
      throw in.malformed("it copies lists into each other without end");
    }
  }

  private PickleValue tensor(String name, Sequence arguments) throws MalformedFileException {
    List<PickleValue> given = arguments.items();
    if (given.size() < 4) {
      throw in.malformed(name + " with " + given.size() + " arguments");
    }
    if (given.get(0) instanceof Skipped) { // of a storage of a type that is not read
      return new Skipped(arguments);
    }
    if (!(given.get(0) instanceof Storage storage)) {
      throw in.malformed(name + " without a storage");
    }
    int metadata = name.endsWith("v3") ? 7 : 6;
    if (given.size() > metadata && given.get(metadata) instanceof Mapping flags) {
      requirePlain(flags);
    }
    ElementType type = storage.type();
    if (name.endsWith("v3")) {
      PickleValue dtype = given.size() > 6 ? given.get(6) : Plain.NONE;
      type = dtype instanceof ClassName named ? TorchTypes.ofDtype(named.qualified()) : null;
      if (type == null) {
        return new Skipped(arguments);
      }
    }
    return new Tensor(
        storage, type, whole(given.get(1)), wholes(given.get(2)), wholes(given.get(3)));
  }

  /** Tensors may be stored as the negative or the conjugate of their elements. */
  private void requirePlain(Mapping flags) throws MalformedFileException {
    for (PickleValue flag : flags.values()) {
      if (flag instanceof Scalar scalar && Boolean.TRUE.equals(scalar.value())) {
        throw in.malformed("a tensor with the conjugate or negative bit; save it resolved");
      }
    }
  }

  /** ('storage', class, key, location, size) and perhaps a view; or ('module', class, ...). */
  PickleValue persistent(PickleValue id) throws MalformedFileException {
    List<PickleValue> parts = id instanceof Sequence tuple ? tuple.items() : List.of();
    String kind = parts.isEmpty() ? "" : text(parts.get(0));
    if (kind.equals("module") && parts.size() > 1) {
      return parts.get(1);
    }
    if (!kind.equals("storage")
        || parts.size() < 5
        || !(parts.get(1) instanceof ClassName storageClass)) {
      throw in.malformed("a persistent id that is not that of a storage");
    }
    String name = storageClass.qualified();
    boolean untyped = TorchTypes.UNTYPED.contains(name);
    ElementType type = untyped ? ElementType.U8 : TorchTypes.ofStorage(name);
    String key = text(parts.get(2));
    long size = whole(parts.get(4));
    Root root = new Root(type == null ? TorchTypes.widthOfUnread(name) : type.bytes(), size);
    Root before = roots.putIfAbsent(key, root);
    if (before != null && !before.equals(root)) {
      throw in.malformed("storage '" + key + "' is described in two ways");
    }
    if (type == null) {
      return new Skipped(new Sequence(new ArrayList<>(), true));
    }
    boolean isView =
        parts.size() > 5 && parts.get(5) instanceof Sequence view && view.items().size() == 3;
    List<PickleValue> view = isView ? ((Sequence) parts.get(5)).items() : List.of();
    long offset = isView ? whole(view.get(1)) : 0;
    long viewSize = isView ? whole(view.get(2)) : size;
    if (key.length() > MAX_NAME
        || size < 0
        || offset < 0
        || viewSize < 0
        || offset > size - viewSize) {
      throw in.malformed(
          "storage of %d elements, viewed at %d for %d".formatted(size, offset, viewSize));
    }
    return new Storage(type, untyped, key, size, offset, viewSize);
  }

  private String text(PickleValue value) throws MalformedFileException {
    if (value instanceof Text text) {
      return text.value();
    }
    if (value instanceof Scalar scalar) {
      return String.valueOf(scalar.value());
    }
    throw in.malformed("a persistent id that is not that of a storage");
  }

  private long whole(PickleValue value) throws MalformedFileException {
    if (value instanceof Scalar scalar && scalar.value() instanceof Long whole) {
      return whole;
    }
    throw in.malformed("a size, stride or offset that is no whole number of 64 bits");
  }

  private List<Long> wholes(PickleValue value) throws MalformedFileException {
    if (!(value instanceof Sequence sequence) || sequence.items().size() > 64) {
      throw in.malformed("sizes or strides that are no tuple of at most 64");
    }
    List<Long> wholes = new ArrayList<>();
    for (PickleValue item : sequence.items()) {
      wholes.add(whole(item));
    }
    return wholes;
  }
}
