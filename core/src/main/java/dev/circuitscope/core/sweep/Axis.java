package dev.circuitscope.core.sweep;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * A named quantity that differs between the cells of a grid, with the values that it takes.
 *
 * <p>A value can be anything that has a JSON form: a number, a text, an enum's constant, a list, a
 * record of these. To be run on other machines it must be {@link Serializable}, too.
 *
 * <pre>{@code
 * Axis<Double> p = Axis.of("p", 1.0, 0.3, 0.1);
 * double value = cell.get(p);
 * }</pre>
 *
 * @param <T> type of the values
 * @param name as it appears in files and tables
 * @param values in order; none twice
 * @serial exclude
 */
public record Axis<T>(String name, List<T> values) implements Serializable {

  /**
   * Checks the name and the values.
   *
   * @param name as it appears in files and tables
   * @param values in order; copied
   * @throws IllegalArgumentException if the name is blank, or a value is there twice
   * @throws NullPointerException if a value is null
   */
  public Axis {
    if (name.isBlank()) {
      throw new IllegalArgumentException("an axis needs a name, was '" + name + "'");
    }
    values = List.copyOf(values);
    var seen = new HashSet<T>();
    for (T value : values) {
      if (!seen.add(value)) {
        throw new IllegalArgumentException(
            "axis '%s' has the value %s twice; leave one out".formatted(name, value));
      }
    }
  }

  /**
   * An axis of a few values.
   *
   * @param <T> type of the values
   * @param name as it appears in files and tables
   * @param values in order; none twice
   * @return the axis
   * @throws IllegalArgumentException if the name is blank, or a value is there twice
   */
  @SafeVarargs
  public static <T> Axis<T> of(String name, T... values) {
    List<T> list = new ArrayList<>();
    for (T value : values) {
      list.add(value);
    }
    return new Axis<>(name, list);
  }

  /**
   * The number of values.
   *
   * @return 0 or more
   */
  public int size() {
    return values.size();
  }
}
