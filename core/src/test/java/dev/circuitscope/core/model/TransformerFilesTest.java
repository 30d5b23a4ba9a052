package dev.circuitscope.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.reference.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TransformerFilesTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @MethodSource("dev.circuitscope.core.reference.TestModels#family")
  void aModelComesBackBitForBit(TransformerConfig config) throws IOException {
    Transformer model = Transformer.of(config, TestModels.weights(config, 1L));
    Path where = directory.resolve("new").resolve("model");
    model.save(where);
    Transformer back = Transformer.load(where);
    assertThat(back.config()).isEqualTo(config);
    TensorAssert.assertThat(back.weights().block().toArray())
        .hasSameBitsAs(model.weights().block().toArray());
  }

  @Test
  void savingAgainReplacesTheModel() throws IOException {
    TransformerConfig config = TestModels.config(1, Normalization.LN, Positions.STANDARD);
    Transformer.create(config, 1L).save(directory);
    Transformer second = Transformer.create(config, 2L);
    second.save(directory);
    TensorAssert.assertThat(Transformer.load(directory).weights().block().toArray())
        .hasSameBitsAs(second.weights().block().toArray());
    try (var files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("config.json", "model.safetensors");
    }
  }

  @Test
  void aModelRemembersHowItsWeightsWereProcessed() throws IOException {
    TransformerConfig config = TestModels.config(1, Normalization.LN_PRE, Positions.STANDARD);
    Set<Processing> done = EnumSet.of(Processing.FOLD_LAYER_NORM, Processing.CENTER_UNEMBEDDING);
    Transformer.of(config, TestModels.weights(config, 1L), done).save(directory);
    assertThat(Transformer.load(directory).processing()).isEqualTo(done);
    assertThat(Transformer.load(directory).config()).isEqualTo(config);
    String json = Files.readString(directory.resolve("config.json"));
    assertThat(json).contains("weight_processing", "fold_ln", "center_unembed");
    assertThat(ConfigJson.read(json, "config.json")).isEqualTo(config);
  }

  @Test
  void weightsOfALayerNormThatIsSaidToBeFoldedAreRefused() {
    TransformerConfig config = TestModels.config(1, Normalization.LN, Positions.STANDARD);
    Set<Processing> done = Set.of(Processing.FOLD_LAYER_NORM);
    assertThatThrownBy(() -> Transformer.of(config, TestModels.weights(config, 1L), done))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fold_ln")
        .hasMessageContaining("LN");
  }

  @Test
  void aTruncatedModelAndAMissingOneAreRefusedByName() throws IOException {
    TransformerConfig config = TestModels.config(1, Normalization.LN, Positions.STANDARD);
    Transformer.create(config, 1L).save(directory);
    Path file = directory.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 4));
    assertThatThrownBy(() -> Transformer.load(directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("model.safetensors");
    assertThatThrownBy(() -> Transformer.load(directory.resolve("none")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("none");
  }
}
