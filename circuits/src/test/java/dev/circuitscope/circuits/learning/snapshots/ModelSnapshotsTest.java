package dev.circuitscope.circuits.learning.snapshots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.text.RandomRepeatBatches;
import dev.circuitscope.core.text.RandomRepeats;
import dev.circuitscope.core.text.TokenSampler;
import dev.circuitscope.core.train.SnapshotSchedule;
import dev.circuitscope.core.train.Trainer;
import dev.circuitscope.core.train.TrainingConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelSnapshotsTest {

  private static final TransformerConfig SHAPE =
      TransformerConfig.attentionOnly(1).heads(2).dModel(8).vocab(9).context(9).build();
  private static final RandomRepeatBatches SOURCE =
      RandomRepeatBatches.of(RandomRepeats.ofBlocks(TokenSampler.uniform(0, 9), 4, 2), 9, 3, 1L);

  @TempDir Path temporary;
  private Path directory;

  @BeforeEach
  void nameADirectory() {
    directory = temporary.resolve("runs").resolve("one");
  }

  private ModelSnapshots snapshots(boolean onDisk) throws IOException {
    return onDisk ? SnapshotDirectory.create(directory, SOURCE) : MemorySnapshots.of(SOURCE);
  }

  private static TrainingConfig.Builder training() {
    return TrainingConfig.steps(6).seed(4L);
  }

  private static float[] weights(Transformer model) {
    return model.weights().block().toArray();
  }

  @Nested
  class FilledByATraining {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theyAreItsModelsAtTheScheduledSteps(boolean onDisk) throws IOException {
      ModelSnapshots run = snapshots(onDisk);
      List<float[]> seen = new ArrayList<>();
      SnapshotSchedule schedule = SnapshotSchedule.every(2);
      Transformer trained =
          Trainer.of(SHAPE, SOURCE, training().build())
              .onSnapshot(schedule, run)
              .onSnapshot(schedule, (step, model) -> seen.add(weights(model)))
              .train()
              .model();
      assertThat(run.moments())
          .containsExactly(
              new TrainingMoment(0, 0),
              new TrainingMoment(2, 48),
              new TrainingMoment(4, 96),
              new TrainingMoment(6, 144));
      for (int i = 0; i < seen.size(); i++) {
        assertThat(weights(run.at(2L * i))).isEqualTo(seen.get(i));
      }
      assertThat(weights(run.at(6))).isEqualTo(weights(trained));
      assertThat(run.toString()).contains("4 snapshots").contains("step 6 (144 tokens)");
    }

    @Test
    void aTrainingThatIsStoppedAndResumedAddsWhatIsMissing() throws IOException {
      TrainingConfig config =
          training().checkpoints(temporary.resolve("checkpoints"), 2, 9).build();
      SnapshotSchedule schedule = SnapshotSchedule.every(1);
      Trainer.of(SHAPE, SOURCE, config)
          .onSnapshot(schedule, SnapshotDirectory.create(directory, SOURCE))
          .stopWhen((step, loss) -> step == 3)
          .train();
      assertThat(SnapshotDirectory.open(directory).moments()).hasSize(3);
      // from an earlier checkpoint, as after a kill: step 2 is shown a second time
      try (Stream<Path> files = Files.walk(temporary.resolve("checkpoints/step-00000003"))) {
        files.sorted(Comparator.reverseOrder()).forEach(ModelSnapshotsTest::delete);
      }
      Trainer.of(SHAPE, SOURCE, config)
          .resumeFromLatest()
          .onSnapshot(schedule, SnapshotDirectory.create(directory, SOURCE))
          .train();
      MemorySnapshots whole = MemorySnapshots.of(SOURCE);
      Trainer.of(SHAPE, SOURCE, training().build()).onSnapshot(schedule, whole).train();
      SnapshotDirectory resumed = SnapshotDirectory.open(directory);
      assertThat(resumed.moments()).isEqualTo(whole.moments()).hasSize(7);
      for (TrainingMoment moment : whole.moments()) {
        assertThat(weights(resumed.at(moment.step()))).isEqualTo(weights(whole.at(moment.step())));
      }
    }
  }

  @Nested
  class OfOneTraining {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSameModelAgainIsKeptOnceAndAnotherOneIsRefused(boolean onDisk) throws IOException {
      ModelSnapshots run = snapshots(onDisk);
      run.observe(3, Transformer.create(SHAPE, 1L));
      run.observe(3, Transformer.create(SHAPE, 1L));
      assertThat(run.moments()).hasSize(1);
      assertThatThrownBy(() -> run.observe(3, Transformer.create(SHAPE, 2L)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("step 3")
          .hasMessageContaining("other weights");
      TransformerConfig wider =
          TransformerConfig.attentionOnly(1).heads(2).dModel(16).vocab(9).context(9).build();
      assertThatThrownBy(() -> run.observe(4, Transformer.create(wider, 1L)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("shape");
      assertThatThrownBy(() -> run.observe(-1, Transformer.create(SHAPE, 1L)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(weights(run.at(3))).isEqualTo(weights(Transformer.create(SHAPE, 1L)));
      assertThat(run.moments()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStepThatWasNotKeptIsNamedWithThoseThatWere(boolean onDisk) throws IOException {
      ModelSnapshots run = snapshots(onDisk);
      run.observe(3, Transformer.create(SHAPE, 1L));
      assertThatThrownBy(() -> run.at(5))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("step 5")
          .hasMessageContaining("[3]");
    }

    @Test
    void aStepThatSeesNoTokensIsRefused() {
      assertThatThrownBy(() -> new MemorySnapshots(0)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> SnapshotDirectory.create(directory, 0L))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(directory).doesNotExist();
    }
  }

  @Nested
  class AsFiles {

    @Test
    void theDirectoryIsReadAgainAndLeavesStrangersAlone() throws IOException {
      SnapshotDirectory run = SnapshotDirectory.create(directory, 7L);
      run.observe(12, Transformer.create(SHAPE, 1L));
      run.observe(2, Transformer.create(SHAPE, 2L));
      Files.createDirectory(directory.resolve(".step-00000099.x.tmp"));
      Files.writeString(directory.resolve("notes.txt"), "mine");
      assertThat(SnapshotDirectory.open(directory).moments())
          .containsExactly(new TrainingMoment(2, 14), new TrainingMoment(12, 84));
      assertThat(weights(Transformer.load(directory.resolve("step-00000012"))))
          .isEqualTo(weights(run.at(12)));
    }

    @Test
    void batchesOfAnotherSizeAreOfAnotherTraining() throws IOException {
      SnapshotDirectory.create(directory, 7L);
      assertThat(SnapshotDirectory.create(directory, 7L).moments()).isEmpty();
      assertThatThrownBy(() -> SnapshotDirectory.create(directory, 8L))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("7 tokens in a step, not 8");
    }

    @Test
    void anInterruptedThreadStillWritesAWholeModel() throws IOException {
      SnapshotDirectory run = SnapshotDirectory.create(directory, 7L);
      Thread.currentThread().interrupt();
      run.observe(1, Transformer.create(SHAPE, 1L));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(weights(run.at(1))).isEqualTo(weights(Transformer.create(SHAPE, 1L)));
    }

    @Test
    void aDirectoryWithoutOrWithABrokenIndexIsRefused() throws IOException {
      assertThatThrownBy(() -> SnapshotDirectory.open(directory)).isInstanceOf(IOException.class);
      Files.createDirectories(directory);
      Files.writeString(
          directory.resolve("snapshots.json"), "{\"format\":2,\"tokens_per_step\":4}");
      assertThatThrownBy(() -> SnapshotDirectory.open(directory))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("format 2");
    }
  }

  @Nested
  class Mapping {

    @Test
    void aFunctionSeesEveryModelInOrderAndTellsItsProgress() {
      MemorySnapshots run = new MemorySnapshots(5);
      run.observe(4, Transformer.create(SHAPE, 4L));
      run.observe(1, Transformer.create(SHAPE, 1L));
      List<String> progress = new ArrayList<>();
      List<Long> steps =
          run.map(
              (moment, model) -> {
                assertThat(weights(model))
                    .isEqualTo(weights(Transformer.create(SHAPE, moment.step())));
                return moment.step();
              },
              (done, all, at) -> progress.add(done + "/" + all + " " + at.tokens()));
      assertThat(steps).containsExactly(1L, 4L);
      assertThat(progress).containsExactly("1/2 5", "2/2 20");
    }

    @Test
    void anInterruptionEndsItBeforeTheNextModel() {
      MemorySnapshots run = new MemorySnapshots(5);
      run.observe(1, Transformer.create(SHAPE, 1L));
      run.observe(2, Transformer.create(SHAPE, 1L));
      SnapshotProgress interrupting = (done, all, at) -> Thread.currentThread().interrupt();
      assertThatThrownBy(() -> run.map((moment, model) -> 1, interrupting))
          .isInstanceOf(CancellationException.class)
          .hasMessageContaining("1 of 2");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
