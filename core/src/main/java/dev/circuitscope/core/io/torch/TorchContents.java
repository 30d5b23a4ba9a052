package dev.circuitscope.core.io.torch;

import dev.circuitscope.core.io.NamedTensors;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a checkpoint holds.
 *
 * @param tensors its tensors under dotted names; the metadata are its texts, numbers and truth
 *     values under theirs
 * @param skippedClasses every class and function that the pickle names and this library does not
 *     rebuild, as {@code module.name}; none of them was looked up or called
 */
public record TorchContents(NamedTensors tensors, Set<String> skippedClasses) {
  /**
   * Copies the names in alphabetical order.
   *
   * @param tensors tensors and metadata
   * @param skippedClasses names of classes and functions
   */
  public TorchContents {
    skippedClasses = Collections.unmodifiableSet(new TreeSet<>(skippedClasses));
  }
}
