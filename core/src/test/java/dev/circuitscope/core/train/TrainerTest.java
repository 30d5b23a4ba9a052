package dev.circuitscope.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {

  @TempDir Path temporary;

  @Nested
  class The_result {

    @Test
    void predicts_characters_far_better_than_the_untrained_model() {
      TrainingConfig config = TinyTraining.config(300).evaluateEvery(100).build();
      TrainingResult result = TinyTraining.trainer(config).train();
      List<LogEntry> measured =
          result.history().stream().filter(e -> e.evalLoss().isPresent()).toList();
      assertThat(measured).extracting(LogEntry::step).containsExactly(0L, 100L, 200L, 300L);
      assertThat(measured.get(0).evalLoss().getAsDouble()).isGreaterThan(3);
      assertThat(measured.get(3).evalLoss().getAsDouble()).isLessThan(1.9);
      assertThat(result.finished()).isTrue();
    }

    @Test
    void is_what_a_loop_written_out_gives() {
      TrainingConfig config = TinyTraining.config(6).build();
      Weights weights = Weights.initial(TinyTraining.SHAPE, 7);
      Transformer model = Transformer.of(TinyTraining.SHAPE, weights);
      Weights gradients = Weights.zeros(TinyTraining.SHAPE);
      AdamW adam = new AdamW(config.optimizer(), TinyTraining.SHAPE);
      for (long step = 0; step < 6; step++) {
        model.lossAndGradients(TinyTraining.TRAIN.batch(step), gradients);
        double rate = 1e-2 * config.schedule().fraction(step, 6);
        adam.update(weights, gradients, GradientNorm.of(gradients), rate);
      }
      TrainingResult result = TinyTraining.trainer(config).train();
      assertThat(TinyTraining.bits(result.model().weights())).isEqualTo(TinyTraining.bits(weights));
    }

    @Test
    void leaves_the_given_model_as_it_was() {
      Transformer model = Transformer.create(TinyTraining.SHAPE, 3);
      int[] before = TinyTraining.bits(model.weights());
      TrainingConfig config = TinyTraining.config(4).evaluateEvery(0).build();
      TrainingResult result = Trainer.of(model, TinyTraining.TRAIN, config).train();
      assertThat(TinyTraining.bits(model.weights())).isEqualTo(before);
      assertThat(TinyTraining.bits(result.model().weights())).isNotEqualTo(before);
    }

    @Test
    void has_the_same_bits_with_one_and_two_threads() {
      int threads = Parallel.threads();
      try {
        Parallel.setThreads(1);
        TrainingResult one = TinyTraining.trainer(TinyTraining.config(20).build()).train();
        Parallel.setThreads(2);
        TrainingResult two = TinyTraining.trainer(TinyTraining.config(20).build()).train();
        assertThat(TinyTraining.bits(two.model().weights()))
            .isEqualTo(TinyTraining.bits(one.model().weights()));
        assertThat(two.history().stream().map(TinyTraining::withoutTime))
            .containsExactlyElementsOf(
                one.history().stream().map(TinyTraining::withoutTime).toList());
      } finally {
        Parallel.setThreads(threads);
      }
    }

    @Test
    void of_no_steps_is_the_initial_model_measured_once() {
      TrainingResult result = TinyTraining.trainer(TinyTraining.config(0).build()).train();
      assertThat(TinyTraining.bits(result.model().weights()))
          .isEqualTo(TinyTraining.bits(Weights.initial(TinyTraining.SHAPE, 7)));
      assertThat(result.history()).hasSize(1);
      assertThat(result.finished()).isTrue();
    }

    @Test
    void prints_steps_and_losses() {
      TrainingResult result = TinyTraining.trainer(TinyTraining.config(2).build()).train();
      assertThat(result.toString())
          .matches(
              "TrainingResult\\(2 of 2 steps, train loss \\d\\.\\d{4}, held-out loss \\d\\.\\d{4}\\)");
    }
  }

  @Nested
  class The_history {

    @Test
    void has_entries_at_both_ends_at_every_interval_and_at_evaluations() {
      TrainingResult result = TinyTraining.trainer(TinyTraining.config(10).build()).train();
      assertThat(result.history())
          .extracting(LogEntry::step)
          .containsExactly(0L, 3L, 4L, 6L, 8L, 9L, 10L);
      assertThat(result.history().stream().filter(e -> e.evalLoss().isPresent()))
          .extracting(LogEntry::step)
          .containsExactly(0L, 4L, 8L, 10L);
    }

    @Test
    void holds_what_the_model_of_that_step_gives() {
      Map<Long, Transformer> models = new TreeMap<>();
      TrainingResult result =
          TinyTraining.trainer(TinyTraining.config(8).build())
              .onSnapshot(SnapshotSchedule.every(1), models::put)
              .train();
      for (LogEntry entry : result.history()) {
        Transformer model = models.get(entry.step());
        int[][] batch = TinyTraining.TRAIN.batch(entry.step());
        assertThat(entry.trainLoss()).isEqualTo(model.loss(batch), within(1e-6));
        double squares = 0;
        for (float g : model.runWithGradients(batch).weightGradients().block().toArray()) {
          squares += (double) g * g;
        }
        assertThat(entry.gradientNorm()).isEqualTo(Math.sqrt(squares), within(1e-5));
        assertThat(entry.tokens()).isEqualTo(entry.step() * 4 * 24);
        if (entry.evalLoss().isPresent()) {
          double mean =
              (model.loss(TinyTraining.HELD_OUT.batch(0))
                      + model.loss(TinyTraining.HELD_OUT.batch(1)))
                  / 2;
          assertThat(entry.evalLoss().getAsDouble()).isEqualTo(mean, within(1e-12));
        }
      }
    }

    @Test
    void is_written_as_one_json_object_a_line() throws Exception {
      Path log = temporary.resolve("logs/run.jsonl");
      TrainingConfig config = TinyTraining.config(10).log(log).build();
      TrainingResult result = TinyTraining.trainer(config).train();
      List<LogEntry> read = new ArrayList<>();
      for (String line : Files.readAllLines(log)) {
        read.add(LogEntry.parse(line, "log"));
      }
      assertThat(read).isEqualTo(result.history());
    }

    @Test
    void reads_back_every_entry_bit_for_bit() throws Exception {
      LogEntry entry = new LogEntry(3, 96, 1 / 3.0, OptionalDouble.of(1e-300), 5e-4, 2, 0.1);
      assertThat(LogEntry.parse(entry.toJson(), "test")).isEqualTo(entry);
      LogEntry without = new LogEntry(3, 96, 7, OptionalDouble.empty(), 0, 1e30, 0);
      assertThat(without.toJson()).doesNotContain("eval_loss");
      assertThat(LogEntry.parse(without.toJson(), "test")).isEqualTo(without);
    }
  }

  @Nested
  class Snapshots {

    @Test
    void come_at_the_steps_of_their_schedule_and_may_be_kept() {
      Map<Long, Transformer> models = new TreeMap<>();
      List<Long> others = new ArrayList<>();
      TrainingResult result =
          TinyTraining.trainer(TinyTraining.config(7).build())
              .onSnapshot(SnapshotSchedule.every(3), models::put)
              .onSnapshot(SnapshotSchedule.at(2), (step, model) -> others.add(step))
              .train();
      assertThat(models.keySet()).containsExactly(0L, 3L, 6L, 7L);
      assertThat(others).containsExactly(0L, 2L, 7L);
      assertThat(TinyTraining.bits(models.get(0L).weights()))
          .isEqualTo(TinyTraining.bits(Weights.initial(TinyTraining.SHAPE, 7)));
      assertThat(TinyTraining.bits(models.get(7L).weights()))
          .isEqualTo(TinyTraining.bits(result.model().weights()));
    }

    @Test
    void do_not_change_the_training_whatever_is_done_to_them() {
      TrainingConfig config = TinyTraining.config(7).build();
      TrainingResult plain = TinyTraining.trainer(config).train();
      TrainingResult watched =
          TinyTraining.trainer(config)
              .onSnapshot(SnapshotSchedule.every(1), (step, m) -> m.weights().block().clear())
              .train();
      assertThat(TinyTraining.bits(watched.model().weights()))
          .isEqualTo(TinyTraining.bits(plain.model().weights()));
    }
  }

  @Nested
  class The_provenance {

    @Test
    void names_versions_configurations_seed_and_data() {
      TrainingResult result = TinyTraining.trainer(TinyTraining.config(2).build()).train();
      JsonObject json = result.provenance().toJson();
      assertThat(json.getAsJsonObject("platform").get("circuitscope").getAsString())
          .matches("\\d+\\.\\d+\\.\\d+.*");
      assertThat(json.getAsJsonObject("model").get("d_model").getAsInt()).isEqualTo(16);
      assertThat(json.getAsJsonObject("training").get("seed").getAsLong()).isEqualTo(7);
      assertThat(json.getAsJsonObject("data").get("description").getAsString())
          .isEqualTo(TinyTraining.TRAIN.describe());
      assertThat(json.getAsJsonObject("data").get("sha256").getAsString()).hasSize(64);
    }

    @Test
    void tells_other_data_weights_and_seeds_apart() {
      TrainingConfig config = TinyTraining.config(2).evaluateEvery(0).build();
      TrainingProvenance first =
          Trainer.of(TinyTraining.SHAPE, TinyTraining.TRAIN, config).train().provenance();
      TrainingProvenance second =
          Trainer.of(TinyTraining.SHAPE, TinyTraining.source(9), config.toBuilder().seed(8).build())
              .train()
              .provenance();
      assertThat(first.data().sha256()).isNotEqualTo(second.data().sha256());
      assertThat(first.initialWeights()).isNotEqualTo(second.initialWeights());
    }
  }

  @Nested
  class The_progress_bar {

    @Test
    void is_silent_without_a_terminal_and_shows_the_loss_when_asked() {
      assertThat(errorOutput(ProgressDisplay.OFF)).isEmpty();
      assertThat(errorOutput(ProgressDisplay.AUTO)).isEmpty();
      assertThat(errorOutput(ProgressDisplay.ON)).contains("training").contains("loss ");
    }

    private String errorOutput(ProgressDisplay display) {
      PrintStream before = System.err;
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
      try {
        TinyTraining.trainer(TinyTraining.config(3).progress(display).build()).train();
      } finally {
        System.setErr(before);
      }
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }

  @Nested
  class Refuses {

    @Test
    void batches_that_do_not_fit_the_model() {
      TransformerConfig small = TinyTraining.SHAPE.toBuilder().context(8).build();
      TrainingConfig config = TinyTraining.config(2).build();
      assertThatThrownBy(() -> Trainer.of(small, TinyTraining.TRAIN, config))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("sequences of 24 tokens")
          .hasMessageContaining("n_ctx 8");
    }

    @Test
    void to_evaluate_on_nothing() {
      Trainer trainer =
          Trainer.of(TinyTraining.SHAPE, TinyTraining.TRAIN, TinyTraining.config(2).build());
      assertThatThrownBy(trainer::train)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("evaluateOn");
      assertThatThrownBy(() -> trainer.evaluateOn(List.of())).hasMessageContaining("at least one");
    }

    @Test
    void impossible_counts() {
      assertThatThrownBy(() -> TrainingConfig.steps(-1).build()).hasMessageContaining("steps");
      assertThatThrownBy(() -> TrainingConfig.steps(1).logEvery(0).build())
          .hasMessageContaining("logEvery");
      assertThatThrownBy(() -> TrainingConfig.steps(1).checkpoints(temporary, 0, 1))
          .hasMessageContaining("at least 1");
    }
  }
}
