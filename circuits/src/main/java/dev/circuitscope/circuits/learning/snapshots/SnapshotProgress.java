package dev.circuitscope.circuits.learning.snapshots;

/** Is told how far a measurement of all snapshots has come. */
@FunctionalInterface
public interface SnapshotProgress {

  /**
   * Called when a snapshot has been measured.
   *
   * @param done how many have been
   * @param all how many there are
   * @param at the last one
   */
  void measured(int done, int all, TrainingMoment at);

  /**
   * Tells nobody.
   *
   * @return nothing happens
   */
  static SnapshotProgress silent() {
    return (done, all, at) -> {};
  }
}
