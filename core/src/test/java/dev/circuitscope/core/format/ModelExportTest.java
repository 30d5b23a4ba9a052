package dev.circuitscope.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.io.Safetensors;
import dev.circuitscope.core.model.Activation;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import dev.circuitscope.core.reference.ReferenceTransformer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("An exported model")
class ModelExportTest {

  private static final int[] TOKENS = {3, 16, 0, 9, 9, 1, 12, 5};
  private static final String NONE = "-";

  @TempDir private Path directory;

  static Stream<Arguments> models() {
    String llamaLacks = ".*\\.b_.*";
    return Stream.of(
        Arguments.of(ModelFormat.CIRCUITSCOPE, ExampleModels.gpt2(), NONE),
        Arguments.of(ModelFormat.CIRCUITSCOPE, ExampleModels.folded(), NONE),
        Arguments.of(ModelFormat.TRANSFORMER_LENS, ExampleModels.gpt2(), NONE),
        Arguments.of(ModelFormat.TRANSFORMER_LENS, ExampleModels.pythia(), NONE),
        Arguments.of(ModelFormat.TRANSFORMER_LENS, ExampleModels.llama(), NONE),
        Arguments.of(ModelFormat.TRANSFORMER_LENS, ExampleModels.attentionOnly(), NONE),
        Arguments.of(ModelFormat.TRANSFORMER_LENS, ExampleModels.folded(), NONE),
        Arguments.of(ModelFormat.HUGGINGFACE_GPT2, ExampleModels.gpt2(), "unembed.b_U"),
        Arguments.of(ModelFormat.HUGGINGFACE_GPT_NEOX, ExampleModels.pythia(), "unembed.b_U"),
        Arguments.of(
            ModelFormat.HUGGINGFACE_GPT_NEOX, ExampleModels.pythia(), "unembed.b_U|.*attn.b_.*"),
        Arguments.of(
            ModelFormat.HUGGINGFACE_LLAMA, ExampleModels.llama(), "unembed.b_U|.*mlp.b_.*"),
        Arguments.of(ModelFormat.HUGGINGFACE_LLAMA, ExampleModels.llama(), llamaLacks),
        Arguments.of(ModelFormat.HUGGINGFACE_MISTRAL, ExampleModels.llama(), llamaLacks));
  }

  @ParameterizedTest(name = "{0}, zero: {2}")
  @MethodSource("models")
  void isReadBackToTheBit(ModelFormat format, TransformerConfig config, String zeros)
      throws IOException {
    Transformer model = ExampleModels.model(config, zeros);
    ModelExport.save(model, directory, format);
    LoadedModel loaded = Models.load(directory);
    assertThat(loaded.format()).isEqualTo(format);
    assertThat(loaded.transformer().config()).isEqualTo(config);
    assertThat(loaded.ignored()).isEmpty();
    TensorAssert.assertThat(loaded.transformer().weights().block().toArray())
        .hasSameBitsAs(model.weights().block().toArray());
  }

  static Stream<Arguments> families() {
    BiFunction<HuggingFaceExample, int[], double[]> gpt2 = PlainHuggingFace::gpt2;
    BiFunction<HuggingFaceExample, int[], double[]> gptNeoX = PlainHuggingFace::gptNeoX;
    BiFunction<HuggingFaceExample, int[], double[]> llama = PlainHuggingFace::llama;
    return Stream.of(
        Arguments.of(ModelFormat.HUGGINGFACE_GPT2, ExampleModels.gpt2(), gpt2),
        Arguments.of(ModelFormat.HUGGINGFACE_GPT_NEOX, ExampleModels.pythia(), gptNeoX),
        Arguments.of(ModelFormat.HUGGINGFACE_LLAMA, ExampleModels.llama(), llama));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("families")
  void isComputedAlikeByTheTransformersLibrary(
      ModelFormat format,
      TransformerConfig config,
      BiFunction<HuggingFaceExample, int[], double[]> library)
      throws IOException {
    Transformer model = ExampleModels.model(config, "unembed.b_U|.*mlp.b_in|.*mlp.b_out");
    ModelExport.save(model, directory, format);
    JsonObject json =
        JsonParser.parseString(Files.readString(directory.resolve("config.json")))
            .getAsJsonObject();
    HuggingFaceExample exported =
        new HuggingFaceExample(
            json, Safetensors.read(directory.resolve("model.safetensors")).asMap());
    double[] logits =
        ReferenceTransformer.of(config, model.weights())
            .run(new int[][] {TOKENS})
            .logits()
            .values();
    TensorAssert.assertThat(library.apply(exported, TOKENS))
        .isCloseTo(logits, Tolerance.absolute(1e-9));
  }

  @Test
  void ofTransformerLenssKindWritesTheTiedUnembeddingOut() throws IOException {
    Transformer model = ExampleModels.model(ExampleModels.gpt2(), NONE);
    ModelExport.save(model, directory, ModelFormat.TRANSFORMER_LENS);
    var tensors = Safetensors.read(directory.resolve("model.safetensors"));
    TensorAssert.assertThat(tensors.get("unembed.W_U").dup('c'))
        .hasSameBitsAs(model.weights().get("embed.W_E").transpose().dup('c'));
    assertThat(Files.readString(directory.resolve("config.json")))
        .contains("\"tie_word_embeddings\": true")
        .doesNotContain("n_key_value_heads")
        .doesNotContain("\"init\"");
  }

  @Test
  void ofTransformerLenssKindSaysNullForNoNormalisation() throws IOException {
    TransformerConfig config =
        ExampleModels.attentionOnly().toBuilder().normalization(Normalization.NONE).build();
    ModelExport.save(ExampleModels.model(config, NONE), directory, ModelFormat.TRANSFORMER_LENS);
    assertThat(Files.readString(directory.resolve("config.json")))
        .contains("\"normalization_type\": null");
    assertThat(Models.load(directory).transformer().config().normalization())
        .isEqualTo(Normalization.NONE);
  }

  @Test
  void mustHaveAPlaceForEveryParameter() {
    Transformer model = ExampleModels.model(ExampleModels.gpt2(), NONE);
    assertThatThrownBy(() -> ModelExport.save(model, directory, ModelFormat.HUGGINGFACE_GPT2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no place for [unembed.b_U], which are not zero");
    assertThat(directory).isEmptyDirectory();
  }

  static Stream<Arguments> others() {
    TransformerConfig attention = ExampleModels.attentionOnly();
    return Stream.of(
        Arguments.of(ModelFormat.HUGGINGFACE_GPT2, attention, "attention only"),
        Arguments.of(ModelFormat.HUGGINGFACE_GPT2, ExampleModels.llama(), "gated MLPs"),
        Arguments.of(
            ModelFormat.HUGGINGFACE_GPT2,
            ExampleModels.gpt2().toBuilder().activation(Activation.SOLU).build(),
            "no activation solu"),
        Arguments.of(ModelFormat.HUGGINGFACE_GPT_NEOX, ExampleModels.gpt2(), "rotary ones"),
        Arguments.of(ModelFormat.HUGGINGFACE_LLAMA, ExampleModels.pythia(), "without a gate"),
        Arguments.of(
            ModelFormat.TRANSFORMER_LENS,
            attention.toBuilder().smearedKeys(true).build(),
            "smeared keys"),
        Arguments.of(
            ModelFormat.TRANSFORMER_LENS,
            attention.toBuilder().positions(Positions.SINUSOIDAL_SHORTFORMER).build(),
            "sinusoidal-shortformer"),
        Arguments.of(ModelFormat.NANO_GPT, ExampleModels.gpt2(), "not written"));
  }

  @ParameterizedTest(name = "{0} has no {2}")
  @MethodSource("others")
  void mustBeOfAShapeThatTheFormatKnows(
      ModelFormat format, TransformerConfig config, String problem) {
    Transformer model = Transformer.of(config, Weights.zeros(config));
    assertThatThrownBy(() -> ModelExport.save(model, directory, format))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(problem);
    assertThat(List.of(directory.toFile().list())).isEmpty();
  }
}
