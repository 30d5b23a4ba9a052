package dev.circuitscope.core.io.torch;

import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.torch.PickleValue.Mapping;
import dev.circuitscope.core.io.torch.PickleValue.Scalar;
import dev.circuitscope.core.io.torch.PickleValue.Sequence;
import dev.circuitscope.core.io.torch.PickleValue.Skipped;
import dev.circuitscope.core.io.torch.PickleValue.Tensor;
import dev.circuitscope.core.io.torch.PickleValue.Text;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the tensors within an unpickled object and names them by the keys and positions that lead
 * to them, joined by dots. The dictionaries {@code _parameters}, {@code _buffers} and {@code
 * _modules} of a pickled module leave no trace in a name, as in its {@code state_dict}.
 */
final class TensorNames {
  private static final Set<String> OF_MODULES = Set.of("_parameters", "_buffers", "_modules");
  private static final int MAX_NAME = 1024;

  private final String source;
  private final TorchLimits limits;
  private final Set<PickleValue> path = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private long valuesLeft;
  private long charactersLeft;

  /**
   * Prepares a search.
   *
   * @param pickleBytes length of the pickle: since each value takes a byte of it, many more values
   *     than that are a few which are reached again and again
   */
  TensorNames(String source, TorchLimits limits, long pickleBytes) {
    this.source = source;
    this.limits = limits;
    this.valuesLeft = Math.min(limits.maxValues(), 1000 + 8 * pickleBytes);
    this.charactersLeft = (1 << 16) + 64 * pickleBytes;
  }

  Map<String, Tensor> tensors() {
    return tensors;
  }

  Map<String, String> metadata() {
    return metadata;
  }

  void search(PickleValue root) throws MalformedFileException {
    search(root, root instanceof Tensor ? "tensor" : "");
  }

  private void search(PickleValue value, String name) throws MalformedFileException {
    if (valuesLeft-- == 0) {
      throw malformed("the pickled object unfolds into too many values");
    }
    if (value instanceof Tensor tensor) {
      keep(tensors, name, tensor);
    } else if (value instanceof Scalar scalar) {
      keep(metadata, name, String.valueOf(scalar.value()));
    } else if (value instanceof Text text) {
      keep(metadata, name, text.value());
    } else if (value instanceof Sequence || value instanceof Mapping || value instanceof Skipped) {
      if (!path.add(value)) {
        return; // an object that contains itself, such as a child that knows its parent
      }
      if (path.size() > limits.maxDepth()) {
        throw malformed("the pickled object is nested deeper than " + limits.maxDepth());
      }
      if (value instanceof Sequence sequence) {
        searchItems(sequence.items(), name);
      } else if (value instanceof Mapping mapping) {
        searchEntries(mapping, name, false);
      } else if (value instanceof Skipped skipped) {
        searchSkipped(skipped, name);
      }
      path.remove(value);
    }
  }

  private void searchItems(List<PickleValue> items, String name) throws MalformedFileException {
    for (int i = 0; i < items.size(); i++) {
      search(items.get(i), join(name, String.valueOf(i)));
    }
  }

  private void searchEntries(Mapping mapping, String name, boolean isState)
      throws MalformedFileException {
    for (int i = 0; i < mapping.keys().size(); i++) {
      PickleValue key = mapping.keys().get(i);
      String part =
          key instanceof Text text
              ? text.value()
              : key instanceof Scalar scalar ? String.valueOf(scalar.value()) : "key" + i;
      boolean isTransparent = isState && OF_MODULES.contains(part);
      search(mapping.values().get(i), isTransparent ? name : join(name, part));
    }
  }

  /** The state of an object is a dictionary, or a pair of dictionaries if its class has slots. */
  private void searchSkipped(Skipped skipped, String name) throws MalformedFileException {
    for (PickleValue state : skipped.states()) {
      List<PickleValue> parts =
          state instanceof Sequence tuple && tuple.isTuple() ? tuple.items() : List.of(state);
      for (PickleValue part : parts) {
        if (part instanceof Mapping attributes) {
          searchEntries(attributes, name, true);
        } else {
          search(part, join(name, "state"));
        }
      }
    }
    searchEntries(skipped.entries(), name, false);
    searchItems(skipped.items(), name);
    searchItems(skipped.arguments().items(), join(name, "args"));
  }

  private String join(String name, String part) throws MalformedFileException {
    if (name.length() + part.length() > MAX_NAME) {
      throw malformed("a name of more than " + MAX_NAME + " characters");
    }
    return name.isEmpty() ? part : name + "." + part;
  }

  private <T> void keep(Map<String, T> map, String name, T value) throws MalformedFileException {
    charactersLeft -= name.length();
    if (charactersLeft < 0) {
      throw malformed("the pickled object unfolds into too many names");
    }
    T before = map.putIfAbsent(name, value);
    if (before != null && before != value && map == (Object) tensors) {
      throw malformed("two different tensors have the name '" + name + "'");
    }
  }

  private MalformedFileException malformed(String problem) {
    return new MalformedFileException(source, -1, problem);
  }
}
