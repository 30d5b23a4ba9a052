package dev.circuitscope.core.sweep;

import java.time.Duration;

/**
 * How far a sweep is.
 *
 * @param cells of the grid
 * @param finished cells, those included that failed and those that an earlier run did
 * @param failed cells among them
 * @param earlier cells among them that an earlier run did
 * @param elapsed since this run began
 */
public record SweepProgress(int cells, int finished, int failed, int earlier, Duration elapsed) {

  /**
   * How long the rest will take if its cells are like those of this run so far.
   *
   * @return zero when all is done; {@link Duration#ZERO} also before the first cell of this run
   */
  public Duration remaining() {
    int done = finished - earlier;
    return done == 0 ? Duration.ZERO : elapsed.multipliedBy(cells - finished).dividedBy(done);
  }
}
