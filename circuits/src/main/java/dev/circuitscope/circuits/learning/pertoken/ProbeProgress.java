package dev.circuitscope.circuits.learning.pertoken;

/** Is told how far a measurement of all examples of a probe has come. */
@FunctionalInterface
public interface ProbeProgress {

  /**
   * Called when a batch of examples has been measured.
   *
   * @param done how many examples have been
   * @param all how many there are
   */
  void measured(int done, int all);

  /**
   * Tells nobody.
   *
   * @return nothing happens
   */
  static ProbeProgress silent() {
    return (done, all) -> {};
  }
}
