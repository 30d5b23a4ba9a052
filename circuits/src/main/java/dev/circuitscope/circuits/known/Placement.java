package dev.circuitscope.circuits.known;

import dev.circuitscope.core.hook.Head;
import java.util.EnumMap;
import java.util.Map;

/**
 * How large a known model is, and which of its heads have which roles.
 *
 * @param layers the number of layers; 0 for as few as the circuit needs
 * @param heads heads per layer; 0 for as few as the circuit needs
 * @param places heads of roles; roles that are not among them take the first free head of the first
 *     layer that suits; copied
 */
public record Placement(int layers, int heads, Map<Role, Head> places) {

  /** As small as possible. */
  public static final Placement SMALLEST = new Placement(0, 0, Map.of());

  /**
   * Checks the sizes.
   *
   * @param layers the number of layers; 0 for as few as the circuit needs
   * @param heads heads per layer; 0 for as few as the circuit needs
   * @param places heads of roles; copied
   * @throws IllegalArgumentException if a size is negative
   */
  public Placement {
    if (layers < 0 || heads < 0) {
      throw new IllegalArgumentException(
          "placement: layers and heads are at least 0, were %d and %d".formatted(layers, heads));
    }
    places = Map.copyOf(places);
  }

  Placement with(Role role, Head head) {
    Map<Role, Head> more = new EnumMap<>(Role.class);
    more.putAll(places);
    more.put(role, head);
    return new Placement(layers, heads, more);
  }
}
