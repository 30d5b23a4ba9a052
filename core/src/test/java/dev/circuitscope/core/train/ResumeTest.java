package dev.circuitscope.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circuitscope.core.io.AtomicFiles;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumeTest {

  private static final long STEPS = 12;

  @TempDir Path temporary;

  private TrainingConfig.Builder saving(String name, long every) {
    return TinyTraining.config(STEPS).checkpoints(temporary.resolve(name), every, 100);
  }

  private static void assertSame(TrainingResult resumed, TrainingResult whole) {
    assertThat(TinyTraining.bits(resumed.model().weights()))
        .isEqualTo(TinyTraining.bits(whole.model().weights()));
    assertThat(resumed.history().stream().map(TinyTraining::withoutTime))
        .containsExactlyElementsOf(
            whole.history().stream().map(TinyTraining::withoutTime).toList());
    assertThat(resumed.finished()).isTrue();
  }

  @ParameterizedTest(name = "from step {0}")
  @ValueSource(longs = {0, 1, 4, 5, 11, 12})
  void ends_with_the_bits_of_the_training_that_was_not_interrupted(long step) throws Exception {
    TrainingResult whole = TinyTraining.trainer(saving("whole", 1).build()).train();
    Path checkpoint = temporary.resolve("whole").resolve("step-%08d".formatted(step));
    TrainingConfig elsewhere = saving("resumed", 5).build();
    assertSame(TinyTraining.trainer(elsewhere).resumeFrom(checkpoint).train(), whole);
    TrainingConfig third = saving("without model", 5).build();
    assertSame(
        Trainer.resume(checkpoint, TinyTraining.TRAIN, third)
            .evaluateOn(TinyTraining.HELD_OUT, 2)
            .train(),
        whole);
  }

  @ParameterizedTest(name = "stopped after step {0}")
  @ValueSource(longs = {1, 4, 6, 11, 12})
  void continues_where_a_stop_condition_ended_it(long step) throws Exception {
    TrainingResult whole = TinyTraining.trainer(TinyTraining.config(STEPS).build()).train();
    Path log = temporary.resolve("log.jsonl");
    TrainingConfig config = saving("run", 100).log(log).build();
    List<Long> seen = new ArrayList<>();
    TrainingResult stopped =
        TinyTraining.trainer(config)
            .onSnapshot(SnapshotSchedule.every(1), (s, model) -> seen.add(s))
            .stopWhen((s, loss) -> s == step)
            .train();
    assertThat(stopped.step()).isEqualTo(step);
    assertThat(stopped.finished()).isEqualTo(step == STEPS);
    TrainingResult resumed =
        TinyTraining.trainer(config)
            .onSnapshot(SnapshotSchedule.every(1), (s, model) -> seen.add(s))
            .resumeFromLatest()
            .train();
    assertSame(resumed, whole);
    List<LogEntry> logged = new ArrayList<>();
    for (String line : Files.readAllLines(log)) {
      logged.add(LogEntry.parse(line, "log"));
    }
    assertThat(logged).isEqualTo(resumed.history());
    if (step < STEPS) {
      assertThat(seen).containsExactlyElementsOf(Stream.iterate(0L, s -> s + 1).limit(13).toList());
    }
  }

  @Test
  void cuts_a_log_that_went_further_than_the_checkpoint() throws Exception {
    Path log = temporary.resolve("log.jsonl");
    TrainingResult whole = TinyTraining.trainer(saving("run", 4).log(log).build()).train();
    Files.writeString(log, Files.readString(log) + "{\"step\": 12, \"tok");
    Path checkpoint = temporary.resolve("run/step-00000004");
    TrainingConfig again = saving("again", 4).log(log).build();
    TrainingResult resumed = TinyTraining.trainer(again).resumeFrom(checkpoint).train();
    assertThat(Files.readAllLines(log))
        .hasSameSizeAs(whole.history())
        .isEqualTo(resumed.history().stream().map(LogEntry::toJson).toList());
  }

  @Test
  void an_interrupted_thread_ends_after_its_step_with_a_checkpoint_and_stays_interrupted()
      throws Exception {
    TrainingConfig config = saving("run", 100).log(temporary.resolve("log.jsonl")).build();
    TrainingResult stopped;
    boolean interrupted;
    try {
      stopped =
          TinyTraining.trainer(config)
              .onSnapshot(
                  SnapshotSchedule.at(5),
                  (step, model) -> {
                    if (step == 5) {
                      Thread.currentThread().interrupt();
                    }
                  })
              .train();
    } finally {
      interrupted = Thread.interrupted();
    }
    assertThat(interrupted).isTrue();
    assertThat(stopped.step()).isEqualTo(6);
    assertThat(Trainer.latestCheckpoint(temporary.resolve("run")))
        .contains(temporary.resolve("run/step-00000006"));
    assertSame(
        TinyTraining.trainer(config).resumeFromLatest().train(),
        TinyTraining.trainer(TinyTraining.config(STEPS).build()).train());
  }

  @Nested
  class Refuses {

    private Path checkpoint;

    private Path checkpoint() {
      if (checkpoint == null) {
        TinyTraining.trainer(saving("run", 4).build()).train();
        checkpoint = temporary.resolve("run/step-00000004");
      }
      return checkpoint;
    }

    private void assertRefused(Trainer trainer, String difference) {
      assertThatThrownBy(() -> trainer.resumeFrom(checkpoint()).train())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another training")
          .hasMessageContaining(difference);
    }

    @Test
    void another_learning_rate() {
      TrainingConfig other =
          TinyTraining.config(STEPS)
              .optimizer(AdamWConfig.of(2e-2).withGradientClipping(1))
              .build();
      assertRefused(
          TinyTraining.trainer(other), "training.optimizer.learning_rate was 0.01 and is now 0.02");
    }

    @Test
    void clipping_that_was_not_there() {
      TrainingConfig other = TinyTraining.config(STEPS).optimizer(AdamWConfig.of(1e-2)).build();
      assertRefused(TinyTraining.trainer(other), "clip_norm was 1.0 and is now absent");
    }

    @Test
    void another_number_of_steps() {
      assertRefused(
          TinyTraining.trainer(TinyTraining.config(STEPS + 1).build()),
          "training.steps was 12 and is now 13");
    }

    @Test
    void another_model() {
      TransformerConfig other = TinyTraining.SHAPE.toBuilder().eps(1e-6).build();
      Trainer trainer =
          Trainer.of(other, TinyTraining.TRAIN, TinyTraining.config(STEPS).build())
              .evaluateOn(TinyTraining.HELD_OUT, 2);
      assertRefused(trainer, "model.eps was 1.0E-5 and is now 1.0E-6");
    }

    @Test
    void other_initial_weights() {
      Transformer other = Transformer.create(TinyTraining.SHAPE, 8);
      Trainer trainer =
          Trainer.of(other, TinyTraining.TRAIN, TinyTraining.config(STEPS).build())
              .evaluateOn(TinyTraining.HELD_OUT, 2);
      assertRefused(trainer, "initial_weights_sha256 was ");
    }

    @Test
    void other_data() {
      Trainer trainer =
          Trainer.of(TinyTraining.SHAPE, TinyTraining.source(5), TinyTraining.config(STEPS).build())
              .evaluateOn(TinyTraining.HELD_OUT, 2);
      assertRefused(trainer, "data.description was ");
      assertRefused(trainer, "data.sha256 was ");
    }

    @Test
    void other_held_out_batches() {
      Trainer trainer =
          Trainer.of(TinyTraining.SHAPE, TinyTraining.TRAIN, TinyTraining.config(STEPS).build())
              .evaluateOn(TinyTraining.HELD_OUT, 1);
      assertRefused(trainer, "held_out.description was ");
    }

    @Test
    void to_start_among_the_checkpoints_of_an_earlier_training() {
      checkpoint();
      assertThatThrownBy(() -> TinyTraining.trainer(saving("run", 4).build()).train())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("resumeFromLatest()");
    }

    @Test
    void to_resume_below_later_checkpoints_of_the_same_directory() {
      Trainer trainer = TinyTraining.trainer(saving("run", 4).build()).resumeFrom(checkpoint());
      assertThatThrownBy(trainer::train)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("step-00000012");
    }

    @Test
    void to_resume_from_the_latest_of_nowhere() {
      assertThatThrownBy(
              () -> TinyTraining.trainer(TinyTraining.config(1).build()).resumeFromLatest())
          .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_checkpoint_whose_moments_are_of_another_model() throws Exception {
      Path copy = temporary.resolve("copy");
      Files.createDirectory(copy);
      for (String name :
          List.of("config.json", "model.safetensors", "training.json", "history.jsonl")) {
        Files.copy(checkpoint().resolve(name), copy.resolve(name));
      }
      Files.copy(checkpoint().resolve("model.safetensors"), copy.resolve("optimizer.safetensors"));
      assertThatThrownBy(
              () ->
                  TinyTraining.trainer(TinyTraining.config(STEPS).build()).resumeFrom(copy).train())
          .hasMessageContaining("optimizer.safetensors")
          .hasMessageContaining("missing");
    }
  }

  @Nested
  class Checkpoints {

    @Test
    void are_models_that_can_be_loaded() throws Exception {
      TrainingResult result = TinyTraining.trainer(saving("run", 4).build()).train();
      Transformer model = Transformer.load(temporary.resolve("run/step-00000012"));
      assertThat(TinyTraining.bits(model.weights()))
          .isEqualTo(TinyTraining.bits(result.model().weights()));
    }

    @Test
    void stay_as_many_as_asked_for() throws Exception {
      TrainingConfig config =
          TinyTraining.config(STEPS).checkpoints(temporary.resolve("run"), 2, 3).build();
      TinyTraining.trainer(config).train();
      assertThat(names(temporary.resolve("run")))
          .containsExactly("step-00000008", "step-00000010", "step-00000012");
    }

    @Test
    void that_fail_halfway_leave_nothing_and_the_last_good_one_is_found() throws Exception {
      CheckpointDirectory directory = new CheckpointDirectory(temporary.resolve("run"));
      TinyTraining.trainer(saving("run", 6).build()).stopWhen((s, l) -> s == 6).train();
      TrainingState state = Checkpoint.read(temporary.resolve("run/step-00000006"), provenance());
      assertThatThrownBy(
              () ->
                  directory.save(
                      7,
                      d -> {
                        Checkpoint.write(d, state, 0, provenance());
                        Files.delete(d.resolve("training.json"));
                        throw new IOException("disk full");
                      }))
          .hasMessage("disk full");
      assertThat(names(temporary.resolve("run"))).containsExactly("step-00000000", "step-00000006");
    }

    @Test
    void of_a_killed_process_are_not_taken_for_checkpoints() throws Exception {
      Path run = Files.createDirectory(temporary.resolve("run"));
      Files.createDirectory(run.resolve(".step-00000099.0a1b.tmp"));
      Files.createDirectory(run.resolve(".step-00000001.0a1b.old"));
      Files.createDirectory(run.resolve("step-notes"));
      Files.writeString(run.resolve("step-00000098"), "a file");
      assertThat(Trainer.latestCheckpoint(run)).isEmpty();
      AtomicFiles.createDirectory(run.resolve("step-00000007"), d -> {});
      AtomicFiles.createDirectory(run.resolve("step-123456789"), d -> {});
      assertThat(Trainer.latestCheckpoint(run)).contains(run.resolve("step-123456789"));
    }

    @Test
    void of_a_directory_that_is_not_there_are_none() throws Exception {
      assertThat(Trainer.latestCheckpoint(temporary.resolve("absent"))).isEmpty();
    }

    private TrainingProvenance provenance() {
      return TinyTraining.trainer(TinyTraining.config(STEPS).build()).train().provenance();
    }
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }
}
