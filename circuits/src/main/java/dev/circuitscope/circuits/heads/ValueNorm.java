package dev.circuitscope.circuits.heads;

/** How much attention to a position can do, by its value vector v. */
public enum ValueNorm {
  /** ||v||, as A Mathematical Framework for Transformer Circuits draws it. */
  VALUE("norm of the value vector"),
  /** ||v W_O||: the length of what a head would write, which W_O may change. */
  OUTPUT("norm of what is written to the residual stream");

  private final String label;

  ValueNorm(String label) {
    this.label = label;
  }

  /**
   * Says what it is.
   *
   * @return a few words, for colour scales
   */
  public String label() {
    return label;
  }
}
