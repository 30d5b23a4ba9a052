package dev.circuitscope.examples.superposition.dynamics;

import dev.circuitscope.core.plot.Figure;
import dev.circuitscope.core.plot.GramPlot;
import dev.circuitscope.core.plot.LinePlot;
import dev.circuitscope.core.plot.Series;
import dev.circuitscope.examples.superposition.ToyNumbers;
import dev.circuitscope.toymodels.dynamics.LearningDynamics;
import dev.circuitscope.toymodels.dynamics.LossDrop;
import dev.circuitscope.toymodels.superposition.ToyModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Loss and dimensionalities over a training, and what W^T W looks like on the way. */
final class DynamicsFigures {

  private static final int STAGES = 5;

  private DynamicsFigures() {}

  /**
   * The loss above, all trajectories of D_i below, one colour a group; either with loss drops
   * shaded or with the loss on a logarithmic axis.
   */
  static Figure levels(
      String title, LearningDynamics dynamics, List<Group> groups, boolean shaded) {
    double[] steps = Arrays.stream(dynamics.steps()).asDoubleStream().toArray();
    LinePlot loss =
        new LinePlot("").x("steps").y("loss").add(Series.of("loss", steps, dynamics.losses()));
    LinePlot levels = new LinePlot("").x("steps").y("dimensionality Dᵢ").yRange(-0.03, 1.03);
    int color = 1;
    for (Group group : groups) {
      int[] members =
          IntStream.range(0, dynamics.dimensionality()[0].length).filter(group.members()).toArray();
      if (members.length > 0) {
        levels.add(
            trajectories(group.name() + " (" + members.length + ")", dynamics, steps, members)
                .withColor(color));
      }
      color++;
    }
    if (shaded) {
      int drops = 0;
      for (LossDrop drop : dynamics.drops()) {
        drops++;
        loss.band("loss drop " + drops, steps[drop.from()], steps[drop.to()]);
        levels.band("loss drop " + drops, steps[drop.from()], steps[drop.to()]);
      }
    } else {
      loss.logY();
    }
    double end =
        shaded
            ? steps[Math.min(steps.length - 1, 2 * dynamics.settled())]
            : steps[steps.length - 1];
    return Figure.stack(loss.xRange(0, end).figure(), levels.xRange(0, end).figure()).titled(title);
  }

  /**
   * Features in one colour.
   *
   * @param name in the legend
   * @param members whether a feature is one
   */
  record Group(String name, IntPredicate members) {}

  /** One series for many lines, with a gap between two of them. */
  private static Series trajectories(
      String name, LearningDynamics dynamics, double[] steps, int[] members) {
    int length = steps.length + 1;
    double[] x = new double[members.length * length];
    double[] y = new double[x.length];
    for (int k = 0; k < members.length; k++) {
      double[] trajectory = dynamics.trajectory(members[k]);
      System.arraycopy(steps, 0, x, k * length, steps.length);
      System.arraycopy(trajectory, 0, y, k * length, steps.length);
      x[k * length + steps.length] = steps[steps.length - 1];
      y[k * length + steps.length] = Double.NaN;
    }
    return Series.of(name, x, y);
  }

  /** W^T W at stages of equal falls of the logarithm of the loss. */
  static Figure stages(WatchedTraining training, String title) {
    GramPlot plot = new GramPlot(title).columns(STAGES);
    for (int at : stages(training.dynamics())) {
      ToyModel model = training.best().snapshots().get(at).model();
      plot.panel(
          String.format(Locale.ROOT, "step %d", training.dynamics().steps()[at]),
          ToyNumbers.matrix(model.weights()),
          ToyNumbers.doubles(model.bias()));
    }
    return plot.figure();
  }

  private static List<Integer> stages(LearningDynamics dynamics) {
    double[] losses = dynamics.losses();
    int settled = dynamics.settled();
    List<Integer> stages = new ArrayList<>();
    int at = 0;
    for (int stage = 0; stage < STAGES - 1; stage++) {
      double level = losses[0] * Math.pow(losses[settled] / losses[0], stage / (STAGES - 1.0));
      while (at < settled && losses[at] > level) {
        at++;
      }
      if (!stages.contains(at)) {
        stages.add(at);
      }
    }
    stages.add(losses.length - 1);
    return stages;
  }
}
