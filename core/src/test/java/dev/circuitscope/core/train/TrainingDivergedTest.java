package dev.circuitscope.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.circuitscope.core.model.ParameterLayout;
import dev.circuitscope.core.model.Transformer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingDivergedTest {

  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"blocks.1.attn.W_V", "embed.W_E", "unembed.b_U", "blocks.0.ln1.w"})
  void a_poisoned_weight_is_named_before_the_first_update(String name) {
    Transformer model = Transformer.create(TinyTraining.SHAPE, 1);
    int place = new ParameterLayout(TinyTraining.SHAPE).get(name).offset();
    model.weights().block().write(place, new float[] {Float.NaN}, 0, 1);
    TrainingConfig config = TinyTraining.config(5).evaluateEvery(0).build();
    Trainer trainer = Trainer.of(model, TinyTraining.TRAIN, config);
    // The first token of the vocabulary may be absent from the first batch.
    TrainingDivergedException e =
        catchThrowableOfType(TrainingDivergedException.class, trainer::train);
    assertThat(e.parameter()).contains(name);
    assertThat(e.value()).isNaN();
    assertThat(e.step()).isLessThanOrEqualTo(1);
    assertThat(e).hasMessageContaining(name).hasMessageContaining("NaN");
  }

  @Test
  void a_learning_rate_far_too_high_is_told_with_remedies_and_leaves_the_last_good_checkpoint()
      throws Exception {
    TrainingConfig config =
        TinyTraining.config(500)
            .optimizer(AdamWConfig.of(1e6))
            .checkpoints(temporary.resolve("run"), 1, 2)
            .build();
    Trainer trainer = TinyTraining.trainer(config);
    TrainingDivergedException e =
        catchThrowableOfType(TrainingDivergedException.class, trainer::train);
    assertThat(e)
        .hasMessageContaining("diverged at step " + e.step())
        .hasMessageContaining("lower learning rate")
        .hasMessageContaining("longer warm-up")
        .hasMessageContaining("gradient clipping")
        .hasMessageContaining("eps");
    assertThat(e.parameter()).isPresent();
    assertThat(e.learningRate()).isGreaterThan(1e4);
    assertThat(Double.isFinite(e.value())).isFalse();
    Transformer good = Transformer.load(Trainer.latestCheckpoint(temporary.resolve("run")).get());
    for (float w : good.weights().block().toArray()) {
      assertThat(Float.isFinite(w)).isTrue();
    }
  }
}
