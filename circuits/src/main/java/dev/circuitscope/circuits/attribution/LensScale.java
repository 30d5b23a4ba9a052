package dev.circuitscope.circuits.attribution;

/** How the logit lens normalises the stream before the end. */
public enum LensScale {
  /** Each state by its own scale, as if the model ended there. */
  OWN,
  /**
   * Each state by the scale of the final stream, so that differences between states are what the
   * layers between them add.
   */
  FINAL
}
