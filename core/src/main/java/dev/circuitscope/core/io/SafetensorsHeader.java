package dev.circuitscope.core.io;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a safetensors file says it holds, checked against the file's size.
 *
 * @param tensors names and places, in the order of the header
 * @param metadata names and texts
 * @param dataStart byte offset of the first tensor in the file
 */
public record SafetensorsHeader(
    Map<String, Entry> tensors, Map<String, String> metadata, long dataStart) {

  /**
   * Copies the maps, keeping their order.
   *
   * @param tensors names and places
   * @param metadata names and texts
   * @param dataStart byte offset of the first tensor
   */
  public SafetensorsHeader {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /**
   * One tensor's type, shape and place.
   *
   * @param dtype element type as the format spells it, such as {@code F32}
   * @param shape sizes of the axes; empty for a scalar
   * @param begin offset of its first byte, counted from {@link #dataStart}
   * @param end offset behind its last byte, counted from {@link #dataStart}
   */
  public record Entry(String dtype, List<Long> shape, long begin, long end) {
    /**
     * Copies the shape.
     *
     * @param dtype element type
     * @param shape sizes of the axes
     * @param begin offset of the first byte
     * @param end offset behind the last byte
     */
    public Entry {
      shape = List.copyOf(shape);
    }
  }
}
