package dev.circuitscope.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.io.Safetensors;
import dev.circuitscope.core.io.torch.TorchFiles;
import dev.circuitscope.core.model.Processing;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import dev.circuitscope.core.text.ByteTokenizer;
import dev.circuitscope.core.text.Gpt2Tokenizer;
import dev.circuitscope.core.text.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

@DisplayName("Loading a model")
class ModelsTest {

  @TempDir private Path directory;

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "pytorch_model.bin",
        "pytorch_model.bin.index.json",
        "model.safetensors.index.json"
      })
  void findsTensorsWhereTheTransformersLibraryDoes(String name) throws IOException {
    HuggingFaceExample example = HuggingFaceExample.gptNeoX(true);
    Transformer expected = Models.load(example.save(directory)).transformer();
    Files.delete(directory.resolve("model.safetensors"));
    Map<String, INDArray> some = new LinkedHashMap<>();
    Map<String, INDArray> others = new LinkedHashMap<>();
    example.tensors().forEach((k, v) -> (k.contains("layers.1") ? some : others).put(k, v));
    if (name.equals("pytorch_model.bin")) {
      Files.write(directory.resolve(name), TorchFiles.zip(NamedTensors.of(example.tensors())));
    } else {
      boolean torch = name.startsWith("pytorch");
      write(directory.resolve("shard-1"), some, torch);
      write(directory.resolve("shard-2"), others, torch);
      JsonObject map = new JsonObject();
      some.keySet().forEach(k -> map.addProperty(k, "shard-1"));
      others.keySet().forEach(k -> map.addProperty(k, "shard-2"));
      JsonObject index = new JsonObject();
      index.add("weight_map", map);
      Json.write(directory.resolve(name), index);
    }
    assertSame(Models.load(directory).transformer(), expected);
    assertSame(Models.load(directory.resolve(name)).transformer(), expected);
  }

  private static void write(Path file, Map<String, INDArray> tensors, boolean torch)
      throws IOException {
    if (torch) {
      Files.write(file, TorchFiles.legacy(NamedTensors.of(tensors)));
    } else {
      Safetensors.write(file, NamedTensors.of(tensors));
    }
  }

  private static void assertSame(Transformer actual, Transformer expected) {
    assertThat(actual.config()).isEqualTo(expected.config());
    TensorAssert.assertThat(actual.weights().block().toArray())
        .hasSameBitsAs(expected.weights().block().toArray());
  }

  @Test
  void ofThisLibraryKeepsWhatWasDoneToItsWeights() throws IOException {
    TransformerConfig config = ExampleModels.folded();
    Transformer model =
        Transformer.of(config, Weights.initial(config, 1), Set.of(Processing.FOLD_LAYER_NORM));
    model.save(directory);
    LoadedModel loaded = Models.load(directory);
    assertThat(loaded.format()).isEqualTo(ModelFormat.CIRCUITSCOPE);
    assertThat(loaded.transformer().processing()).containsExactly(Processing.FOLD_LAYER_NORM);
    Path renamed = directory.resolve("renamed.safetensors");
    Files.move(directory.resolve("model.safetensors"), renamed);
    assertSame(Models.load(renamed).transformer(), model);
  }

  @Nested
  @DisplayName("fails with one clear message")
  class Fails {

    @Test
    void forAPathThatIsNotThere() {
      assertThatThrownBy(() -> Models.load(directory.resolve("nothing")))
          .isInstanceOf(NoSuchFileException.class)
          .hasMessageContaining("nothing");
    }

    @Test
    void forADirectoryWithoutTensors() {
      assertThatThrownBy(() -> Models.load(directory))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("it has no file of tensors, and no config.json with a model_type")
          .hasMessageContaining("Known are Circuitscope, Hugging Face, GPT-2");
    }

    @Test
    void forADirectoryWithSeveral() throws IOException {
      ExampleModels.model(ExampleModels.gpt2(), "-").save(directory);
      Files.copy(directory.resolve("model.safetensors"), directory.resolve("b.safetensors"));
      assertThatThrownBy(() -> Models.load(directory))
          .hasMessageContaining("[b.safetensors, model.safetensors]; name one of them");
    }

    @Test
    void forAConfigurationWithoutTensors() throws IOException {
      HuggingFaceExample.gpt2(true).save(directory);
      Files.delete(directory.resolve("model.safetensors"));
      assertThatThrownBy(() -> Models.load(directory))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining(
              "there is none of [model.safetensors, model.safetensors.index.json");
    }

    @Test
    void forTensorsOfTheTransformersLibraryWithoutTheirConfiguration() throws IOException {
      HuggingFaceExample.gpt2(true).save(directory);
      Files.delete(directory.resolve("config.json"));
      assertThatThrownBy(() -> Models.load(directory))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("neither TransformerLens's names (embed.W_E) nor nanoGPT's")
          .hasMessageContaining("transformer.wte.weight");
    }

    @Test
    void forOtherFiles() throws IOException {
      Path text = Files.writeString(directory.resolve("model.gguf"), "GGUF and more of it");
      assertThatThrownBy(() -> Models.load(text))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("neither safetensors, .npz, a PyTorch checkpoint");
      Path empty = Files.write(directory.resolve("empty.pth"), new byte[0]);
      assertThatThrownBy(() -> Models.load(empty)).isInstanceOf(MalformedFileException.class);
    }

    @Test
    void forAShardOutsideTheDirectory() throws IOException {
      HuggingFaceExample.gpt2(true).save(directory);
      Files.delete(directory.resolve("model.safetensors"));
      Files.writeString(
          directory.resolve("pytorch_model.bin.index.json"),
          "{\"weight_map\": {\"a\": \"../../secret\"}}");
      assertThatThrownBy(() -> Models.load(directory))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("is not beside its index");
    }
  }

  @Nested
  @DisplayName("finds a tokenizer:")
  class FindsATokenizer {

    private Path gpt2Sized() throws IOException {
      TransformerConfig config =
          TransformerConfig.attentionOnly(0).heads(1).dModel(1).vocab(50257).context(2).build();
      Transformer.of(config, Weights.zeros(config)).save(directory);
      return directory;
    }

    @Test
    void gpt2sByTheSizeOfTheVocabulary() throws IOException {
      LoadedModel loaded = Models.load(gpt2Sized());
      assertThat(loaded.requireTokenizer()).isSameAs(Gpt2Tokenizer.get());
      assertThat(loaded.tokenizerOrigin()).contains("GPT-2's, as the vocabulary of 50257 suggests");
    }

    @Test
    void theOneBesideTheModel() throws IOException {
      Tokenizers.save(gpt2Sized().resolve("tokenizer.json"), new ByteTokenizer());
      LoadedModel loaded = Models.load(directory);
      assertThat(loaded.requireTokenizer()).isInstanceOf(ByteTokenizer.class);
      assertThat(loaded.tokenizerOrigin()).isEqualTo("tokenizer.json");
    }

    @Test
    void theOneGivenAboveAll() throws IOException {
      ByteTokenizer bytes = new ByteTokenizer();
      LoadOptions options = LoadOptions.builder().tokenizer(bytes).build();
      assertThat(Models.load(gpt2Sized(), options).tokenizer()).contains(bytes);
    }
  }
}
