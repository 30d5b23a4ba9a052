package dev.circuitscope.examples.claims;

/** How a measured number has to lie to what a paper leads one to expect. */
public enum Relation {
  /** More than the expected number. */
  ABOVE("above"),
  /** Less than the expected number. */
  BELOW("below"),
  /** The expected number, give or take a tolerance. */
  EQUAL("equal");

  private final String label;

  Relation(String label) {
    this.label = label;
  }

  /**
   * The name in JSON.
   *
   * @return {@code above}, {@code below} or {@code equal}
   */
  public String label() {
    return label;
  }

  /**
   * The relation of a name.
   *
   * @param label as {@link #label} gives it
   * @return the relation
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Relation of(String label) {
    for (Relation relation : values()) {
      if (relation.label.equals(label)) {
        return relation;
      }
    }
    throw new IllegalArgumentException("a relation is above, below or equal, was '" + label + "'");
  }
}
