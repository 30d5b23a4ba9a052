package dev.circuitscope.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.model.Activation;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.reference.ReferenceTransformer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@DisplayName("A directory of the transformers library")
class HuggingFaceModelsTest {

  private static final int[] TOKENS = {3, 16, 0, 9, 9, 1, 12, 5};

  /** Both sides compute in float64 on the same float32 weights. */
  private static final Tolerance SAME = Tolerance.absolute(1e-9);

  @TempDir private Path directory;

  @Nested
  @DisplayName("computes what the library computes,")
  class Computes {

    @ParameterizedTest(name = "GPT-2, tied: {0}")
    @ValueSource(booleans = {true, false})
    void gpt2(boolean tied) throws IOException {
      HuggingFaceExample example = HuggingFaceExample.gpt2(tied);
      assertLogits(example, PlainHuggingFace.gpt2(example, TOKENS));
    }

    @ParameterizedTest(name = "GPT-2 with {0}, scaled: {1}")
    @CsvSource({"relu, true", "gelu, false", "silu, true"})
    void gpt2OfOtherKinds(String activation, boolean scaled) throws IOException {
      HuggingFaceExample example =
          HuggingFaceExample.gpt2(true)
              .with("activation_function", new JsonPrimitive(activation))
              .with("scale_attn_weights", new JsonPrimitive(scaled));
      assertLogits(example, PlainHuggingFace.gpt2(example, TOKENS));
    }

    @ParameterizedTest(name = "GPT-NeoX, parallel residual: {0}")
    @ValueSource(booleans = {true, false})
    void gptNeoX(boolean parallel) throws IOException {
      HuggingFaceExample example = HuggingFaceExample.gptNeoX(parallel);
      assertLogits(example, PlainHuggingFace.gptNeoX(example, TOKENS));
    }

    @ParameterizedTest(name = "Llama with 6 heads on 2, tied: {0}, attention bias: {1}")
    @CsvSource({"true, false", "false, true"})
    void llama(boolean tied, boolean bias) throws IOException {
      HuggingFaceExample example = HuggingFaceExample.llama(tied, bias);
      assertLogits(example, PlainHuggingFace.llama(example, TOKENS));
    }

    @Test
    @DisplayName("Mistral within its window")
    void mistral() throws IOException {
      HuggingFaceExample example = HuggingFaceExample.llama(false, false);
      HuggingFaceExample mistral =
          example
              .with("model_type", new JsonPrimitive("mistral"))
              .with("sliding_window", new JsonPrimitive(8));
      LoadedModel loaded = assertLogits(mistral, PlainHuggingFace.llama(example, TOKENS));
      assertThat(loaded.transformer().config().nCtx()).isEqualTo(8);
      assertThat(loaded.notes()).singleElement().asString().contains("window of 8 of 10");
    }

    private LoadedModel assertLogits(HuggingFaceExample example, double[] expected)
        throws IOException {
      LoadedModel loaded = Models.load(example.save(directory));
      Transformer model = loaded.transformer();
      double[] logits =
          ReferenceTransformer.of(model.config(), model.weights())
              .run(new int[][] {TOKENS})
              .logits()
              .values();
      TensorAssert.assertThat(logits).isCloseTo(expected, SAME);
      double[] engine = model.run(new int[][] {TOKENS}).ravel().toDoubleVector();
      TensorAssert.assertThat(engine).as("engine").isCloseTo(expected, Tolerance.ACTIVATIONS);
      return loaded;
    }
  }

  @Nested
  @DisplayName("is read by its names:")
  class Names {

    @Test
    void withAndWithoutThePrefixGiveTheSameBits() throws IOException {
      HuggingFaceExample example = HuggingFaceExample.gpt2(true);
      Map<String, INDArray> bare = new LinkedHashMap<>();
      example.tensors().forEach((k, v) -> bare.put(k.replace("transformer.", ""), v));
      Transformer one = Models.load(example.save(directory.resolve("a"))).transformer();
      Transformer two =
          Models.load(example.withTensors(bare).save(directory.resolve("b"))).transformer();
      TensorAssert.assertThat(two.weights().block().toArray())
          .hasSameBitsAs(one.weights().block().toArray());
    }

    @Test
    void parametersAreTheTensorsElementsToTheBit() throws IOException {
      HuggingFaceExample example = HuggingFaceExample.llama(false, false);
      Transformer model = Models.load(example.save(directory)).transformer();
      INDArray k = example.tensors().get("model.layers.1.self_attn.k_proj.weight");
      INDArray wK = model.weights().get("blocks.1.attn.W_K"); // [2, 14, 4]
      assertThat(wK.getFloat(1, 13, 2)).isEqualTo(k.getFloat(1 * 4 + 2, 13));
      INDArray o = example.tensors().get("model.layers.1.self_attn.o_proj.weight");
      INDArray wO = model.weights().get("blocks.1.attn.W_O"); // [6, 4, 14]
      assertThat(wO.getFloat(5, 1, 7)).isEqualTo(o.getFloat(7, 5 * 4 + 1));
      assertThat(model.weights().get("blocks.1.attn.b_K").sumNumber().floatValue()).isZero();
    }

    @Test
    void masksAndFrequenciesAreIgnoredAndListed() throws IOException {
      LoadedModel loaded = Models.load(HuggingFaceExample.gptNeoX(true).save(directory));
      assertThat(loaded.ignored())
          .contains("layers.0.attention.rotary_emb.inv_freq", "layers.1.attention.bias")
          .hasSize(6);
      assertThat(loaded.format()).isEqualTo(ModelFormat.HUGGINGFACE_GPT_NEOX);
      assertThat(loaded.tokenizer()).isEmpty();
      assertThat(loaded.tokenizerOrigin()).contains("no tokenizer.json");
      assertThatThrownBy(loaded::requireTokenizer)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no tokenizer.json");
    }

    @Test
    void aCopyOfTiedWeightsMustBeACopy() throws IOException {
      HuggingFaceExample example = HuggingFaceExample.gpt2(true);
      Map<String, INDArray> tensors = new LinkedHashMap<>(example.tensors());
      tensors.put("lm_head.weight", tensors.get("transformer.wte.weight").dup());
      assertThat(Models.load(example.withTensors(tensors).save(directory)).transformer().config())
          .satisfies(c -> assertThat(c.vocabulary().tied()).isTrue());
      tensors.put("lm_head.weight", tensors.get("transformer.wte.weight").add(1));
      assertThatThrownBy(() -> Models.load(example.withTensors(tensors).save(directory)))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("ties lm_head.weight to wte.weight")
          .hasMessageContaining("set tie_word_embeddings to false");
    }

    @Test
    void allThatDoesNotFitIsNamedTogether() throws IOException {
      HuggingFaceExample example = HuggingFaceExample.gpt2(true);
      Map<String, INDArray> tensors = new LinkedHashMap<>(example.tensors());
      tensors.remove("transformer.h.1.ln_2.bias");
      tensors.remove("transformer.ln_f.weight");
      tensors.put("transformer.h.0.attn.q_norm.weight", Nd4j.ones(4));
      tensors.put("transformer.wpe.weight", Nd4j.ones(12, 10));
      tensors.put("transformer.h.0.ln_1.weight", Nd4j.createFromArray(new int[12]));
      assertThatThrownBy(() -> Models.load(example.withTensors(tensors).save(directory)))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("model.safetensors")
          .hasMessageContaining("missing tensors [h.1.ln_2.bias, ln_f.weight]")
          .hasMessageContaining("unknown tensors [h.0.attn.q_norm.weight]")
          .hasMessageContaining("wpe.weight is [12, 10], expected [10, 12]")
          .hasMessageContaining("h.0.ln_1.weight holds INT");
    }
  }

  @Nested
  @DisplayName("is read by its configuration:")
  class Configuration {

    @Test
    void newerFilesKeepTheRotationInRopeParameters() throws IOException {
      JsonObject rope =
          JsonParser.parseString(
                  "{\"rope_type\": \"default\", \"rope_theta\": 7.5, \"partial_rotary_factor\": 0.25}")
              .getAsJsonObject();
      HuggingFaceExample example =
          HuggingFaceExample.gptNeoX(true)
              .with("rotary_emb_base", HuggingFaceExample.nothing())
              .with("rotary_pct", HuggingFaceExample.nothing())
              .with("rope_parameters", rope);
      assertThat(Models.load(example.save(directory)).transformer().config().attention().rotary())
          .hasValueSatisfying(
              r -> {
                assertThat(r.dim()).isEqualTo(2);
                assertThat(r.base()).isEqualTo(7.5);
              });
    }

    @Test
    void activationsHaveSeveralNames() {
      assertThat(HuggingFaceKeys.activation("hidden_act", "swish")).isEqualTo(Activation.SILU);
      assertThat(HuggingFaceKeys.activation("hidden_act", "gelu_pytorch_tanh"))
          .isEqualTo(Activation.GELU_NEW);
    }

    @Test
    void aShorterContextMayBeAskedForWherePositionsAreNotTrained() throws IOException {
      LoadOptions shorter = LoadOptions.builder().context(4).build();
      Path llama = HuggingFaceExample.llama(true, false).save(directory.resolve("llama"));
      assertThat(Models.load(llama, shorter).transformer().config().nCtx()).isEqualTo(4);
      Path gpt2 = HuggingFaceExample.gpt2(true).save(directory.resolve("gpt2"));
      assertThatThrownBy(() -> Models.load(gpt2, shorter))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("trained vectors");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
        delimiter = '|',
        value = {
          "rope_scaling | {\"rope_type\": \"llama3\", \"factor\": 8.0} | rope_scaling of type 'llama3'",
          "rope_parameters | {\"rope_type\": \"yarn\", \"rope_theta\": 1.0} | type 'yarn'",
          "mlp_bias | true | mlp_bias true is not supported",
          "hidden_act | \"quick_gelu\" | hidden_act 'quick_gelu' is not supported",
          "num_key_value_heads | 4 | 6 is not a multiple of n_key_value_heads 4",
          "hidden_size | null | field 'hidden_size' is missing",
          "hidden_size | \"14\" | field 'hidden_size' must be a whole number",
          "quantization_config | {\"bits\": 4} | quantised weights are not supported",
          "model_type | \"bert\" | model_type 'bert' is not supported; supported are gpt2",
          "max_position_embeddings | 0 | n_ctx must be at least 1",
        })
    void valuesThatChangeTheComputationAreRefused(String key, String value, String message) {
      HuggingFaceExample example =
          HuggingFaceExample.llama(false, false).with(key, JsonParser.parseString(value));
      assertThatThrownBy(() -> Models.load(example.save(directory)))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("config.json")
          .hasMessageContaining(message);
    }

    @Test
    void optionsThatTheFilesAnswerAreRefused() throws IOException {
      Path gpt2 = HuggingFaceExample.gpt2(true).save(directory);
      LoadOptions options = LoadOptions.builder().activation(Activation.RELU).eps(1e-5).build();
      assertThatThrownBy(() -> Models.load(gpt2, options))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[activation, eps]");
    }
  }
}
