package dev.circuitscope.core.train;

import com.google.gson.JsonObject;
import dev.circuitscope.core.io.AtomicFiles;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.io.JsonFields;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.io.Safetensors;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The files of one checkpoint: a model that {@link Transformer#load} reads, the optimiser's
 * moments, the history, and what the training was.
 */
final class Checkpoint {

  private static final int FORMAT = 1;
  private static final String TRAINING = "training.json";
  private static final String OPTIMIZER = "optimizer.safetensors";
  private static final String HISTORY = "history.jsonl";
  private static final String FIRST = "m.";
  private static final String SECOND = "v.";

  private Checkpoint() {}

  static void write(
      Path directory, TrainingState state, double seconds, TrainingProvenance provenance)
      throws IOException {
    state.model.save(directory);
    Map<String, INDArray> moments = new LinkedHashMap<>();
    state.optimizer.firstMoment().toMap().forEach((name, x) -> moments.put(FIRST + name, x));
    state.optimizer.secondMoment().toMap().forEach((name, x) -> moments.put(SECOND + name, x));
    Safetensors.write(directory.resolve(OPTIMIZER), NamedTensors.of(moments));
    AtomicFiles.write(directory.resolve(HISTORY), TrainingLog.lines(state.history));
    JsonObject json = new JsonObject();
    json.addProperty("format", FORMAT);
    json.addProperty("step", state.step());
    json.addProperty("seconds", seconds);
    json.add("provenance", provenance.toJson());
    Json.write(directory.resolve(TRAINING), json);
  }

  /**
   * Reads a checkpoint of the same training.
   *
   * @throws IllegalArgumentException if it is of another one, with what differs
   */
  static TrainingState read(Path directory, TrainingProvenance provenance) throws IOException {
    JsonFields json = readTraining(directory);
    requireSame(directory, json, provenance);
    Transformer model = Transformer.load(directory);
    Path file = directory.resolve(OPTIMIZER);
    NamedTensors moments = Safetensors.read(file);
    AdamW optimizer =
        AdamW.restore(
            provenance.training().optimizer(),
            model.config(),
            moments(moments, FIRST, model.config(), file),
            moments(moments, SECOND, model.config(), file),
            json.longInteger("step"));
    return new TrainingState(
        model, optimizer, readHistory(directory.resolve(HISTORY)), json.number("seconds"));
  }

  /** The SHA-256 of the weights that the training of a checkpoint started from. */
  static String initialWeights(Path directory) throws IOException {
    return readTraining(directory).object("provenance").string("initial_weights_sha256");
  }

  private static JsonFields readTraining(Path directory) throws IOException {
    Path file = directory.resolve(TRAINING);
    JsonFields json = Json.read(file);
    if (json.integer("format") != FORMAT) {
      throw new MalformedFileException(
          file.toString(),
          -1,
          "it has format %d, this version reads %d".formatted(json.integer("format"), FORMAT));
    }
    return json;
  }

  private static void requireSame(Path directory, JsonFields json, TrainingProvenance provenance)
      throws IOException {
    JsonObject before = json.get("provenance").getAsJsonObject().deepCopy();
    String text = Json.toCompactString(provenance.toJson());
    JsonObject now = Json.parse(text, "this training").getAsJsonObject();
    List<String> platform =
        TrainingProvenanceJson.differences(
            before.getAsJsonObject(TrainingProvenanceJson.PLATFORM),
            now.getAsJsonObject(TrainingProvenanceJson.PLATFORM));
    before.remove(TrainingProvenanceJson.PLATFORM);
    now.remove(TrainingProvenanceJson.PLATFORM);
    List<String> differences = TrainingProvenanceJson.differences(before, now);
    if (!differences.isEmpty()) {
      throw new IllegalArgumentException(
          "cannot resume from %s, which is of another training: %s"
              .formatted(directory, String.join("; ", differences)));
    }
    if (!platform.isEmpty()) {
      System.getLogger("dev.circuitscope")
          .log(
              System.Logger.Level.WARNING,
              "resuming on another platform, the bits may differ: " + String.join("; ", platform));
    }
  }

  private static Weights moments(
      NamedTensors tensors, String prefix, TransformerConfig shape, Path file)
      throws MalformedFileException {
    Map<String, INDArray> arrays = new LinkedHashMap<>();
    tensors
        .asMap()
        .forEach(
            (name, x) -> {
              if (name.startsWith(prefix)) {
                arrays.put(name.substring(prefix.length()), x);
              }
            });
    try {
      return Weights.of(shape, arrays);
    } catch (IllegalArgumentException e) {
      throw new MalformedFileException(file.toString(), -1, e.getMessage());
    }
  }

  private static List<LogEntry> readHistory(Path file) throws IOException {
    List<LogEntry> history = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      history.add(LogEntry.parse(line, file + " line " + (history.size() + 1)));
    }
    return history;
  }
}
