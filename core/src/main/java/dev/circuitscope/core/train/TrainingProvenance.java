package dev.circuitscope.core.train;

import com.google.gson.JsonObject;
import dev.circuitscope.core.Library;
import dev.circuitscope.core.array.Kernels;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.Optional;

/**
 * Where a trained model comes from: everything that decides its bits. The number of threads is not
 * part of it, since results do not depend on it.
 *
 * @param libraryVersion version of this library
 * @param javaVersion version of the Java platform
 * @param kernels which inner loops ran, {@link Kernels#description}
 * @param model the model's shape
 * @param training how it was trained, the seed included
 * @param initialWeights SHA-256 of the weights that it started from, in hexadecimal
 * @param data what it was trained on
 * @param heldOut what its held-out loss was measured on; empty if it was not
 */
public record TrainingProvenance(
    String libraryVersion,
    String javaVersion,
    String kernels,
    TransformerConfig model,
    TrainingConfig training,
    String initialWeights,
    DataDescription data,
    Optional<DataDescription> heldOut) {

  static TrainingProvenance of(
      TransformerConfig model,
      TrainingConfig training,
      String initialWeights,
      DataDescription data,
      Optional<DataDescription> heldOut) {
    return new TrainingProvenance(
        Library.version(),
        System.getProperty("java.version"),
        Kernels.best().description(),
        model,
        training,
        initialWeights,
        data,
        heldOut);
  }

  /**
   * Everything as JSON, without the paths that were written to.
   *
   * @return an object
   */
  public JsonObject toJson() {
    return TrainingProvenanceJson.of(this);
  }

  /** The JSON, over several lines. */
  @Override
  public String toString() {
    return Json.toString(toJson());
  }
}
