package dev.circuitscope.examples.heads;

import dev.circuitscope.circuits.heads.HeadScores;
import dev.circuitscope.core.plot.Figure;
import dev.circuitscope.core.plot.HeadGrids;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Measurements as a picture: attention in one colour scale, copying in another. */
final class HeadsFigure {

  private static final Set<String> SIGNED = Set.of("copying", "OV copying");

  private HeadsFigure() {}

  static Figure of(String model, HeadMeasurements measurements) {
    List<HeadScores> attention =
        measurements.measured().stream().filter(s -> !SIGNED.contains(s.name())).toList();
    List<HeadScores> copying =
        measurements.measured().stream().filter(s -> SIGNED.contains(s.name())).toList();
    List<Figure> figures = new ArrayList<>();
    if (!attention.isEmpty()) {
      figures.add(
          grids("Where heads attend", attention)
              .meaning("mean attention to the targets, from 0 to 1")
              .figure());
    }
    if (!copying.isEmpty()) {
      figures.add(
          grids("Whether heads copy", copying)
              .meaning("copying score, from -1 to 1")
              .signed(1)
              .figure());
    }
    return Figure.grid(1, figures.toArray(Figure[]::new)).titled("Heads of " + model);
  }

  private static HeadGrids grids(String title, List<HeadScores> scores) {
    HeadGrids grids = new HeadGrids(title).columns(2);
    scores.forEach(
        s -> grids.panel("%s (chance %.2f)".formatted(s.name(), s.chance()), s.values()));
    return grids;
  }
}
