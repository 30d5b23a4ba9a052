package dev.circuitscope.examples.superposition;

import dev.circuitscope.toymodels.superposition.LossHistory;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToyModel;
import dev.circuitscope.toymodels.superposition.ToyResults;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.ArrayList;
import java.util.List;

/** Results of trainings that never were, of weights made by hand. */
public final class Runs {

  private Runs() {}

  /** One restart for each probability of a configuration. */
  public static ToyResults of(ToyConfig config, double loss, ToyModel... models) {
    List<ToyRun> runs = new ArrayList<>();
    LossHistory nothing = new LossHistory(List.of(), List.of());
    for (int i = 0; i < models.length; i++) {
      runs.add(new ToyRun(i, config.featureProbability(i), 0, models[i], loss, nothing, List.of()));
    }
    return new ToyResults(config, "test", runs);
  }
}
