package dev.circuitscope.examples.incontext;

import dev.circuitscope.core.model.Transformer;
import java.util.function.Function;

/**
 * Measures a model once, however many numbers of the result are asked for one after the other.
 *
 * @param <R> what is measured
 */
final class LastModel<R> implements Function<Transformer, R> {

  private final Function<Transformer, R> measure;
  private Transformer last;
  private R result;

  LastModel(Function<Transformer, R> measure) {
    this.measure = measure;
  }

  @Override
  public R apply(Transformer model) {
    if (model != last) {
      result = measure.apply(model);
      last = model;
    }
    return result;
  }
}
