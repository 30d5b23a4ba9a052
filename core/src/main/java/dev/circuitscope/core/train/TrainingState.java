package dev.circuitscope.core.train;

import dev.circuitscope.core.model.Transformer;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that a training carries from one step to the next. The weights and the optimiser are
 * modified in place; the step is the number of updates they have had.
 */
final class TrainingState {

  final Transformer model;
  final AdamW optimizer;
  final List<LogEntry> history;
  final double secondsBefore;

  TrainingState(Transformer model, AdamW optimizer, List<LogEntry> history, double secondsBefore) {
    this.model = model;
    this.optimizer = optimizer;
    this.history = new ArrayList<>(history);
    this.secondsBefore = secondsBefore;
  }

  /** A training that begins; the given model is copied. */
  static TrainingState initial(Transformer model, AdamWConfig optimizer) {
    return new TrainingState(
        Transformer.of(model.config(), model.weights().copy()),
        new AdamW(optimizer, model.config()),
        List.of(),
        0);
  }

  long step() {
    return optimizer.updates();
  }

  Transformer copyOfModel() {
    return Transformer.of(model.config(), model.weights().copy());
  }
}
