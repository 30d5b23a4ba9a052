package dev.circuitscope.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.io.Safetensors;
import dev.circuitscope.core.io.numpy.Npz;
import dev.circuitscope.core.io.torch.TorchFiles;
import dev.circuitscope.core.model.Activation;
import dev.circuitscope.core.model.ConfigJson;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Rotary;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@DisplayName("A state dictionary of TransformerLens")
class TransformerLensModelsTest {

  @TempDir private Path directory;

  private static Map<String, INDArray> stateOf(Transformer model) {
    return new LinkedHashMap<>(model.weights().toMap());
  }

  private static Transformer random(TransformerConfig config) {
    return ExampleModels.model(config, "-");
  }

  private static void assertSame(Transformer actual, Transformer expected) {
    assertThat(actual.config()).isEqualTo(expected.config());
    TensorAssert.assertThat(actual.weights().block().toArray())
        .hasSameBitsAs(expected.weights().block().toArray());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"safetensors", "npz", "pth", "legacy"})
  void isTheSameToTheBitInEveryKindOfFile(String kind) throws IOException {
    Transformer model = random(ExampleModels.pythia());
    NamedTensors tensors = NamedTensors.of(stateOf(model));
    Path file = directory.resolve("pythia." + kind);
    switch (kind) {
      case "safetensors" -> Safetensors.write(file, tensors);
      case "npz" -> Npz.write(file, tensors, Npz.Storage.DEFLATED);
      case "pth" -> Files.write(file, TorchFiles.zip(tensors));
      default -> Files.write(file, TorchFiles.legacy(tensors));
    }
    Files.writeString(directory.resolve("pythia.json"), ConfigJson.write(model.config()));
    LoadedModel loaded = Models.load(file);
    assertSame(loaded.transformer(), model);
    assertThat(loaded.format()).isEqualTo(ModelFormat.TRANSFORMER_LENS);
  }

  @Test
  void mayHaveBuffersWhichAreIgnoredByName() throws IOException {
    Transformer model = random(ExampleModels.attentionOnly());
    Map<String, INDArray> state = stateOf(model);
    state.put("blocks.0.attn.mask", Nd4j.ones(DataType.BOOL, 10, 10));
    state.put("blocks.0.attn.IGNORE", Nd4j.scalar(Float.NEGATIVE_INFINITY));
    state.put("blocks.1.attn.rotary_sin", Nd4j.ones(10, 4));
    Path file = directory.resolve("model.safetensors");
    Safetensors.write(file, NamedTensors.of(state));
    LoadedModel loaded = Models.load(file, LoadOptions.builder().config(model.config()).build());
    assertSame(loaded.transformer(), model);
    assertThat(loaded.ignored())
        .containsExactly("blocks.0.attn.mask", "blocks.0.attn.IGNORE", "blocks.1.attn.rotary_sin");
  }

  @Test
  void ofGroupedQueriesHasItsKeysAndValuesUnderUnderscores() throws IOException {
    Transformer model = random(ExampleModels.llama());
    Map<String, INDArray> state = new LinkedHashMap<>();
    stateOf(model)
        .forEach((name, t) -> state.put(name.replaceFirst("attn\\.([Wb]_[KV])", "attn._$1"), t));
    assertThat(state).containsKeys("blocks.1.attn._W_K", "blocks.0.attn._b_V");
    Path file = directory.resolve("llama.safetensors");
    Safetensors.write(file, NamedTensors.of(state));
    LoadOptions options = LoadOptions.builder().config(model.config()).build();
    assertSame(Models.load(file, options).transformer(), model);
  }

  @Test
  void isTiedOnlyIfItsUnembeddingIsTheTranspose() throws IOException {
    Transformer model = random(ExampleModels.gpt2());
    Map<String, INDArray> state = stateOf(model);
    state.put("unembed.W_U", model.weights().get("embed.W_E").transpose());
    Path file = directory.resolve("gpt2.safetensors");
    LoadOptions options = LoadOptions.builder().config(model.config()).build();
    Safetensors.write(file, NamedTensors.of(state));
    assertSame(Models.load(file, options).transformer(), model);
    INDArray centred = Nd4j.linspace(-1, 1, 204).castTo(DataType.FLOAT).reshape(12, 17);
    state.put("unembed.W_U", centred);
    Safetensors.write(file, NamedTensors.of(state));
    LoadedModel loaded = Models.load(file, options);
    assertThat(loaded.transformer().config().vocabulary().tied()).isFalse();
    TensorAssert.assertThat(loaded.transformer().weights().get("unembed.W_U"))
        .hasSameBitsAs(centred);
    assertThat(loaded.notes()).singleElement().asString().contains("not the transpose");
  }

  @Test
  void namesAllThatDoesNotFit() throws IOException {
    Transformer model = random(ExampleModels.attentionOnly());
    Map<String, INDArray> state = stateOf(model);
    state.remove("ln_final.w");
    state.put("blocks.0.mlp.W_in", Nd4j.ones(12, 48));
    Path file = directory.resolve("model.safetensors");
    Safetensors.write(file, NamedTensors.of(state));
    assertThatThrownBy(
            () -> Models.load(file, LoadOptions.builder().config(model.config()).build()))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("missing tensors [ln_final.w]")
        .hasMessageContaining("unknown tensors [blocks.0.mlp.W_in]");
  }

  @Nested
  @DisplayName("without a configuration")
  class Inferred {

    private Path save(Map<String, INDArray> state) throws IOException {
      Path file = directory.resolve("state.safetensors");
      Safetensors.write(file, NamedTensors.of(state));
      return file;
    }

    @Test
    void givesItsSizesAndAsksForTheRestAtOnce() throws IOException {
      Path file = save(stateOf(random(ExampleModels.pythia())));
      assertThatThrownBy(() -> Models.load(file))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("config.json")
          .hasMessageContaining("eps(")
          .hasMessageContaining("rotary(dim, base and pairs)")
          .hasMessageContaining("context(")
          .hasMessageContaining("parallelMlp(")
          .hasMessageContaining("activation(");
      LoadOptions options =
          LoadOptions.builder()
              .rotary(new Rotary(4, 100, Rotary.Pairing.HALVES))
              .parallelMlp(true)
              .activation(Activation.GELU)
              .eps(1e-5)
              .context(10)
              .build();
      LoadedModel loaded = Models.load(file, options);
      assertSame(loaded.transformer(), random(ExampleModels.pythia()));
      assertThat(loaded.notes()).singleElement().asString().contains("inferred from shapes");
    }

    @Test
    void tellsGatesGroupsAndRmsNormByTheTensors() throws IOException {
      Path file = save(stateOf(random(ExampleModels.llama())));
      LoadOptions options =
          LoadOptions.builder()
              .rotary(new Rotary(4, 50, Rotary.Pairing.HALVES))
              .parallelMlp(false)
              .activation(Activation.SILU)
              .eps(1e-5)
              .context(10)
              .build();
      assertSame(Models.load(file, options).transformer(), random(ExampleModels.llama()));
    }

    @Test
    void asksWhatStandsWhereLayerNormWasFolded() throws IOException {
      Path file = save(stateOf(random(ExampleModels.folded())));
      LoadOptions.Builder options =
          LoadOptions.builder().positions(Positions.SHORTFORMER).activation(Activation.SOLU_LN);
      assertThatThrownBy(() -> Models.load(file, options.build()))
          .hasMessageContaining("normalization(NONE, LN_PRE or RMS_PRE");
      LoadOptions all = options.normalization(Normalization.LN_PRE).eps(1e-5).build();
      assertSame(Models.load(file, all).transformer(), random(ExampleModels.folded()));
    }

    @Test
    void takesTheContextFromTheMaskAndAsksWhichPositionsThereAre() throws IOException {
      TransformerConfig config =
          ExampleModels.attentionOnly().toBuilder()
              .positions(Positions.NONE)
              .normalization(Normalization.NONE)
              .build();
      Map<String, INDArray> state = stateOf(random(config));
      state.put("blocks.0.attn.mask", Nd4j.ones(DataType.BOOL, 10, 10));
      Path file = save(state);
      assertThatThrownBy(() -> Models.load(file))
          .hasMessageContaining("positions(NONE or SINUSOIDAL_SHORTFORMER) or rotary");
      LoadOptions options =
          LoadOptions.builder().positions(Positions.NONE).normalization(Normalization.NONE).build();
      assertSame(Models.load(file, options).transformer(), random(config));
    }

    @Test
    void ofNoLayersIsAModelStill() throws IOException {
      TransformerConfig config =
          TransformerConfig.attentionOnly(0).heads(1).dModel(12).vocab(17).context(10).build();
      Path file = save(stateOf(random(config)));
      LoadOptions options = LoadOptions.builder().positions(Positions.STANDARD).eps(1e-5).build();
      assertSame(Models.load(file, options).transformer(), random(config));
    }
  }

  @Nested
  @DisplayName("with TransformerLens's whole configuration")
  class WholeConfiguration {

    private static final String PYTHIA =
        """
        {"n_layers": 2, "d_model": 24, "n_ctx": 10, "d_head": 8, "model_name": "pythia-70m",
         "n_heads": 3, "d_mlp": 20, "act_fn": "gelu", "d_vocab": 17, "eps": 1e-05,
         "use_attn_result": false, "use_attn_scale": true, "attn_scale": 2.8284271247461903,
         "use_split_qkv_input": false, "use_hook_mlp_in": false, "use_attn_in": false,
         "use_local_attn": false, "ungroup_grouped_query_attention": false,
         "original_architecture": "GPTNeoXForCausalLM", "from_checkpoint": false,
         "checkpoint_index": null, "checkpoint_label_type": null, "checkpoint_value": null,
         "tokenizer_name": "EleutherAI/pythia-70m", "window_size": null, "attn_types": null,
         "init_mode": "gpt2", "normalization_type": "LN", "device": "cpu", "n_devices": 1,
         "attention_dir": "causal", "attn_only": false, "seed": null, "initializer_range": 0.02,
         "init_weights": false, "scale_attn_by_inverse_layer_idx": false,
         "positional_embedding_type": "rotary", "final_rms": false, "d_vocab_out": 17,
         "parallel_attn_mlp": true, "rotary_dim": 4, "n_params": 18874368,
         "use_hook_tokens": false, "gated_mlp": false, "default_prepend_bos": true,
         "dtype": "torch.float32", "tokenizer_prepends_bos": false, "n_key_value_heads": null,
         "post_embedding_ln": false, "rotary_base": 100, "trust_remote_code": false,
         "rotary_adjacent_pairs": false, "load_in_4bit": false, "num_experts": null,
         "experts_per_token": null, "relative_attention_max_distance": null,
         "relative_attention_num_buckets": null, "decoder_start_token_id": null,
         "tie_word_embeddings": false, "use_normalization_before_and_after": false,
         "attn_scores_soft_cap": -1.0, "output_logits_soft_cap": -1.0,
         "use_NTK_by_parts_rope": false, "NTK_by_parts_low_freq_factor": 1.0,
         "NTK_by_parts_high_freq_factor": 4.0, "NTK_by_parts_factor": 8.0}
        """;

    @Test
    void isReadWithEveryKey() throws IOException {
      assertThat(ConfigJson.read(PYTHIA, "cfg.json")).isEqualTo(ExampleModels.pythia());
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
        delimiter = '|',
        value = {
          "\"use_local_attn\": false | \"use_local_attn\": true | use_local_attn is true",
          "\"attn_scores_soft_cap\": -1.0 | \"attn_scores_soft_cap\": 50.0 | attn_scores_soft_cap is 50.0",
          "\"output_logits_soft_cap\": -1.0 | \"output_logits_soft_cap\": 30 | output_logits_soft_cap",
          "\"num_experts\": null | \"num_experts\": 8 | num_experts is given",
          "\"post_embedding_ln\": false | \"post_embedding_ln\": true | post_embedding_ln is true",
          "\"use_NTK_by_parts_rope\": false | \"use_NTK_by_parts_rope\": true | use_NTK_by_parts",
          "\"scale_attn_by_inverse_layer_idx\": false | \"scale_attn_by_inverse_layer_idx\": true | scale_attn_by",
          "\"attn_scale\": 2.8284271247461903 | \"attn_scale\": 4.0 | attn_scale is 4.0",
          "\"positional_embedding_type\": \"rotary\" | \"positional_embedding_type\": \"alibi\" | 'alibi' is not one of",
          "\"final_rms\": false | \"final_rms\": true | final_rms with normalization_type LN",
          "\"n_devices\": 1 | \"n_gadgets\": 1 | unknown fields [n_gadgets]",
        })
    void whoseValuesChangeTheComputationIsRefused(String from, String to, String message) {
      assertThat(PYTHIA).contains(from);
      assertThatThrownBy(() -> ConfigJson.read(PYTHIA.replace(from, to), "cfg.json"))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining(message);
    }
  }
}
