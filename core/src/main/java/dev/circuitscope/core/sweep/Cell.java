package dev.circuitscope.core.sweep;

import com.google.gson.JsonObject;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One configuration of a {@link Grid}: a value for each of its axes.
 *
 * <pre>{@code
 * int n = cell.get(features);
 * ToyConfig config = ToyConfig.builder(n, 2).seed(cell.seed(7L)).build();
 * }</pre>
 */
public final class Cell implements Serializable {

  private static final long serialVersionUID = 1L;

  /** The place in the grid. */
  private final int index;

  /** The axes' names. */
  private final List<String> names;

  /** In the order of the names. */
  private final Object[] values;

  Cell(int index, List<String> names, Object[] values) {
    this.index = index;
    this.names = names;
    this.values = values;
  }

  /**
   * Its place in the grid.
   *
   * @return from 0
   */
  public int index() {
    return index;
  }

  /**
   * The names of the grid's axes.
   *
   * @return in order
   */
  public List<String> names() {
    return names;
  }

  /**
   * The value on an axis.
   *
   * @param <T> type of the values
   * @param axis one that the grid was made of
   * @return the value
   * @throws IllegalArgumentException if the grid has no axis of this name, or this axis does not
   *     have the cell's value
   */
  public <T> T get(Axis<T> axis) {
    Object value = get(axis.name());
    int at = axis.values().indexOf(value);
    if (at < 0) {
      throw new IllegalArgumentException(
          "cell {%s} is not on this axis '%s' of %s; ask with the axis that the grid was made of"
              .formatted(this, axis.name(), axis.values()));
    }
    return axis.values().get(at);
  }

  /**
   * The value on an axis, by its name.
   *
   * @param axis the axis's name
   * @return the value
   * @throws IllegalArgumentException if the grid has no axis of this name
   */
  public Object get(String axis) {
    int at = names.indexOf(axis);
    if (at < 0) {
      throw new IllegalArgumentException(
          "the grid has no axis '%s'; it has %s".formatted(axis, names));
    }
    return values[at];
  }

  /**
   * A seed of this cell's own, which depends on the number given and the cell's values, not on its
   * place: another grid that has the same values somewhere gives the same seed.
   *
   * @param seed of the whole sweep
   * @return a seed
   */
  public long seed(long seed) {
    return ByteBuffer.wrap(Digest.sha256(seed + " " + toJson())).getLong();
  }

  /**
   * The values by name.
   *
   * @return for example {@code {"p": 0.1, "importance": 2.0}}
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    for (int i = 0; i < values.length; i++) {
      json.add(names.get(i), RowJson.toJson(values[i]));
    }
    return json;
  }

  /**
   * The values by name, as text.
   *
   * @return for example {@code p=0.1, importance=2.0}
   */
  @Override
  public String toString() {
    return IntStream.range(0, values.length)
        .mapToObj(i -> names.get(i) + "=" + values[i])
        .collect(Collectors.joining(", "));
  }

  Cell at(int place) {
    return new Cell(place, names, values);
  }
}
