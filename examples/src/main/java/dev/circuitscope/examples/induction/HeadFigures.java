package dev.circuitscope.examples.induction;

import dev.circuitscope.circuits.heads.HeadScores;
import dev.circuitscope.circuits.heads.RepeatScores;
import dev.circuitscope.core.plot.AttentionPlot;
import dev.circuitscope.core.plot.Figure;
import dev.circuitscope.core.plot.HeadGrid;
import dev.circuitscope.core.plot.LinePlot;
import dev.circuitscope.core.plot.Series;
import java.util.ArrayList;
import java.util.List;

/** Scores of heads, their attention, and what copying does to the loss. */
final class HeadFigures {

  private HeadFigures() {}

  /** A row of grids for each model: induction, previous token, duplicate token. */
  static Figure grids(List<ModelRun> runs) {
    List<Figure> grids = new ArrayList<>();
    for (ModelRun run : runs) {
      RepeatScores scores = run.last().heads();
      for (HeadScores one :
          List.of(scores.induction(), scores.previousToken(), scores.duplicateToken())) {
        grids.add(
            HeadGrid.of(one.values())
                .title(run.name() + ": " + one.name())
                .meaning(one.name() + " score")
                .range(0, 1)
                .figure());
      }
    }
    return Figure.grid(3, grids.toArray(Figure[]::new));
  }

  static Figure attention(AttentionExample example, String on) {
    return new AttentionPlot(example.tokens())
        .title(example.head() + " on " + on)
        .head("", example.pattern())
        .figure();
  }

  /** The loss on each token of the first and of the second copy. */
  static Figure copying(List<ModelRun> runs) {
    LinePlot plot =
        new LinePlot("Loss on random tokens, the first and the second time")
            .x("token in the block")
            .y("loss", "nats/token");
    for (int i = 0; i < runs.size(); i++) {
      ModelRun run = runs.get(i);
      double[] first = run.last().copyLoss().firstByToken();
      double[] second = run.last().copyLoss().secondByToken();
      double[] x = new double[first.length];
      for (int t = 0; t < x.length; t++) {
        x[t] = t + 2;
      }
      plot.add(
          Series.of(run.name() + ", first time", x, first).withColor(i).withDashes(),
          Series.of(run.name() + ", second time", x, second).withColor(i));
    }
    return plot.figure();
  }
}
