package dev.circuitscope.circuits.algebra;

import java.util.Arrays;

/**
 * The constants in a head's queries, keys and values.
 *
 * @param query b_Q, d_head numbers; copied in and out
 * @param key b_K, d_head numbers; copied in and out
 * @param value b_V, d_head numbers; copied in and out
 */
public record HeadBiases(double[] query, double[] key, double[] value) {

  /**
   * Checks that all are of one size.
   *
   * @param query b_Q, d_head numbers; copied
   * @param key b_K, d_head numbers; copied
   * @param value b_V, d_head numbers; copied
   * @throws IllegalArgumentException if their sizes differ
   */
  public HeadBiases {
    if (query.length != key.length || query.length != value.length) {
      throw new IllegalArgumentException(
          "a head's biases are of one size, d_head, were %d, %d and %d"
              .formatted(query.length, key.length, value.length));
    }
    query = query.clone();
    key = key.clone();
    value = value.clone();
  }

  /**
   * Of the queries.
   *
   * @return d_head numbers, a copy
   */
  @Override
  public double[] query() {
    return query.clone();
  }

  /**
   * Of the keys.
   *
   * @return d_head numbers, a copy
   */
  @Override
  public double[] key() {
    return key.clone();
  }

  /**
   * Of the values.
   *
   * @return d_head numbers, a copy
   */
  @Override
  public double[] value() {
    return value.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HeadBiases o
        && Arrays.equals(query, o.query)
        && Arrays.equals(key, o.key)
        && Arrays.equals(value, o.value);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Arrays.hashCode(query) + Arrays.hashCode(key)) + Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return "HeadBiases of %d".formatted(query.length);
  }
}
