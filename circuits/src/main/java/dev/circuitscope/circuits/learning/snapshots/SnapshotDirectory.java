package dev.circuitscope.circuits.learning.snapshots;

import com.google.gson.JsonObject;
import dev.circuitscope.core.io.AtomicFiles;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.io.JsonFields;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.Uninterrupted;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.text.BatchSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The models of a training as files: {@code snapshots.json}, and {@code step-00001000} with a model
 * that {@link Transformer#load} reads, for each. A model is there whole or not at all, and anything
 * else in the directory is left alone. Not for several trainings at once.
 *
 * <pre>{@code
 * SnapshotDirectory run = SnapshotDirectory.create(Path.of("runs/two-layers"), source);
 * Trainer.of(config, source, training).onSnapshot(SnapshotSchedule.every(100), run).train();
 * Transformer halfWay = SnapshotDirectory.open(Path.of("runs/two-layers")).at(5_000);
 * }</pre>
 */
public final class SnapshotDirectory implements ModelSnapshots {

  private static final int FORMAT = 1;
  private static final String INDEX = "snapshots.json";
  private static final Pattern NAME = Pattern.compile("step-(\\d{8,18})");

  private final Path directory;
  private final long tokensPerStep;

  /** Of all models; null before the first one is looked at. */
  private TransformerConfig shape;

  private SnapshotDirectory(Path directory, long tokensPerStep) {
    this.directory = directory;
    this.tokensPerStep = tokensPerStep;
  }

  /**
   * A directory for the models of a training, which goes on with those that are there already.
   *
   * @param directory created if absent
   * @param source that the training gets its batches from
   * @return its snapshots
   * @throws IOException if the directory cannot be written
   * @throws IllegalArgumentException if it holds snapshots of batches of another size
   */
  public static SnapshotDirectory create(Path directory, BatchSource source) throws IOException {
    return create(directory, SameTraining.tokensPerStep(source));
  }

  /**
   * A directory for the models of a training, which goes on with those that are there already.
   *
   * @param directory created if absent
   * @param tokensPerStep that the training sees in a batch, at least 1
   * @return its snapshots
   * @throws IOException if the directory cannot be written
   * @throws IllegalArgumentException if it holds snapshots of batches of another size
   */
  public static SnapshotDirectory create(Path directory, long tokensPerStep) throws IOException {
    SameTraining.requireTokens(tokensPerStep);
    if (Files.exists(directory.resolve(INDEX))) {
      SnapshotDirectory there = open(directory);
      if (there.tokensPerStep != tokensPerStep) {
        throw new IllegalArgumentException(
            "snapshots: %s is of a training with %d tokens in a step, not %d; choose another directory"
                .formatted(directory, there.tokensPerStep, tokensPerStep));
      }
      return there;
    }
    Files.createDirectories(directory);
    JsonObject index = new JsonObject();
    index.addProperty("format", FORMAT);
    index.addProperty("tokens_per_step", tokensPerStep);
    Uninterrupted.run(() -> Json.write(directory.resolve(INDEX), index));
    return new SnapshotDirectory(directory, tokensPerStep);
  }

  /**
   * The models in a directory.
   *
   * @param directory that {@link #create} made
   * @return its snapshots
   * @throws IOException if there are none or the index is malformed
   */
  public static SnapshotDirectory open(Path directory) throws IOException {
    JsonFields index = Json.read(directory.resolve(INDEX));
    if (index.integer("format") != FORMAT || index.longInteger("tokens_per_step") < 1) {
      throw new MalformedFileException(
          index.source(),
          -1,
          "format %d with %d tokens in a step; this version reads format %d with at least 1"
              .formatted(index.integer("format"), index.longInteger("tokens_per_step"), FORMAT));
    }
    return new SnapshotDirectory(directory, index.longInteger("tokens_per_step"));
  }

  @Override
  public List<TrainingMoment> moments() {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths
          .filter(Files::isDirectory)
          .map(path -> NAME.matcher(path.getFileName().toString()))
          .filter(Matcher::matches)
          .map(name -> Long.parseLong(name.group(1)))
          .map(step -> new TrainingMoment(step, step * tokensPerStep))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Transformer at(long step) {
    if (!Files.isDirectory(path(step))) {
      throw SameTraining.noSuchStep(step, moments());
    }
    try {
      return Transformer.load(path(step));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void observe(long step, Transformer model) {
    TrainingMoment moment = new TrainingMoment(step, step * tokensPerStep);
    List<TrainingMoment> there = moments();
    if (there.contains(moment)) {
      SameTraining.requireSameModel(step, at(step), model);
      return;
    }
    if (shape == null) {
      shape = there.isEmpty() ? model.config() : at(there.get(0).step()).config();
    }
    SameTraining.requireSameShape(step, shape, model);
    try {
      Uninterrupted.run(() -> AtomicFiles.createDirectory(path(step), model::save));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many there are, where, from where to where. */
  @Override
  public String toString() {
    return SameTraining.describe("in " + directory, moments());
  }

  private Path path(long step) {
    return directory.resolve("step-%08d".formatted(step));
  }
}
