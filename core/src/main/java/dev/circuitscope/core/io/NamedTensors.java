package dev.circuitscope.core.io;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An ordered map from names to arrays, with text metadata: what a weight file holds. The map is
 * immutable; the arrays are the caller's own, not copies.
 *
 * <pre>{@code
 * NamedTensors file = Safetensors.read(Path.of("model.safetensors"));
 * INDArray wQ = file.get("blocks.0.attn.W_Q");
 * String config = file.metadata().get("config");
 * }</pre>
 */
public final class NamedTensors {
  private final Map<String, INDArray> tensors;
  private final Map<String, String> metadata;

  private NamedTensors(Map<String, INDArray> tensors, Map<String, String> metadata) {
    this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    this.tensors.forEach(NamedTensors::requirePresent);
    this.metadata.forEach(NamedTensors::requirePresent);
  }

  /**
   * Wraps tensors without metadata.
   *
   * @param tensors names and arrays, in the order of iteration; not copied
   * @return the named tensors
   */
  public static NamedTensors of(Map<String, INDArray> tensors) {
    return new NamedTensors(tensors, Map.of());
  }

  /**
   * Wraps tensors with metadata.
   *
   * @param tensors names and arrays, in the order of iteration; not copied
   * @param metadata names and texts
   * @return the named tensors
   */
  public static NamedTensors of(Map<String, INDArray> tensors, Map<String, String> metadata) {
    return new NamedTensors(tensors, metadata);
  }

  /**
   * Returns these tensors with one more metadata entry.
   *
   * @param key name; replaced if present
   * @param value text
   * @return a new object that shares the arrays
   */
  public NamedTensors withMetadata(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(metadata);
    more.put(key, value);
    return new NamedTensors(tensors, more);
  }

  /**
   * Returns a tensor.
   *
   * @param name its exact name
   * @return the array, not a copy
   * @throws NoSuchElementException if there is none; the message lists the nearest names
   */
  public INDArray get(String name) {
    INDArray tensor = tensors.get(name);
    if (tensor == null) {
      throw new NoSuchElementException(
          "no tensor '%s' among %d; nearest names: %s"
              .formatted(name, tensors.size(), nearest(name)));
    }
    return tensor;
  }

  /**
   * Says whether a name is present.
   *
   * @param name exact name
   * @return whether {@link #get} would succeed
   */
  public boolean contains(String name) {
    return tensors.containsKey(name);
  }

  /**
   * Returns the names.
   *
   * @return names in order, unmodifiable
   */
  public Set<String> names() {
    return tensors.keySet();
  }

  /**
   * Returns everything as a map.
   *
   * @return names and arrays in order, unmodifiable
   */
  public Map<String, INDArray> asMap() {
    return tensors;
  }

  /**
   * Returns the metadata.
   *
   * @return names and texts in order, unmodifiable
   */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * Returns how many tensors there are.
   *
   * @return the number of names
   */
  public int size() {
    return tensors.size();
  }

  /** One line per tensor: name, type and shape. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(tensors.size() + " tensors");
    tensors.forEach(
        (name, t) ->
            text.append("\n  ")
                .append(name)
                .append(' ')
                .append(t.dataType())
                .append(' ')
                .append(Arrays.toString(t.shape())));
    return text.toString();
  }

  private List<String> nearest(String name) {
    return tensors.keySet().stream()
        .sorted(Comparator.comparingInt(candidate -> editDistance(name, candidate)))
        .limit(5)
        .toList();
  }

  private static int editDistance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  private static void requirePresent(String name, Object value) {
    if (name == null || value == null) {
      throw new NullPointerException("named tensors: entry " + name + " = " + value);
    }
  }
}
