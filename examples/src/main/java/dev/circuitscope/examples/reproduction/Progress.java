package dev.circuitscope.examples.reproduction;

/** Hears how far a long run is. */
public interface Progress {

  /** A stretch of work whose end is known. Closing it says that it is over. */
  interface Bar extends AutoCloseable {
    /**
     * Moves on.
     *
     * @param done units done so far
     * @param detail what to say beside it, such as a loss
     */
    void update(long done, String detail);

    @Override
    void close();
  }

  /**
   * Says something that stays on the screen.
   *
   * @param line without a line break
   */
  void say(String line);

  /**
   * Starts a stretch of work.
   *
   * @param task a few words
   * @param units how many there are, at least 1
   * @param unit the name of a unit, in the plural
   * @return moves with the work
   */
  Bar start(String task, long units, String unit);

  /**
   * Nobody hears.
   *
   * @return a progress that shows nothing
   */
  static Progress silent() {
    return new Progress() {
      @Override
      public void say(String line) {}

      @Override
      public Bar start(String task, long units, String unit) {
        return new Bar() {
          @Override
          public void update(long done, String detail) {}

          @Override
          public void close() {}
        };
      }
    };
  }
}
