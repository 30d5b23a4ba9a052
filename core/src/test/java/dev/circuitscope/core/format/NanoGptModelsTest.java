package dev.circuitscope.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonPrimitive;
import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.TensorFixtures;
import dev.circuitscope.core.io.torch.PickleBytes;
import dev.circuitscope.core.io.torch.TorchFiles;
import dev.circuitscope.core.model.Activation;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.reference.ReferenceTransformer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@DisplayName("A checkpoint of nanoGPT")
class NanoGptModelsTest {

  private static final int[] TOKENS = {3, 16, 0, 9, 9, 1, 12, 5};
  private static final Map<String, Integer> SIZES =
      Map.of("n_layer", 2, "n_head", 3, "n_embd", 12, "block_size", 10, "vocab_size", 17);

  @TempDir private Path directory;

  /** GPT-2's tensors as nanoGPT has them: the four matrices of a block are [out, in]. */
  private static Map<String, INDArray> state(HuggingFaceExample gpt2, String prefix) {
    Map<String, INDArray> state = new LinkedHashMap<>();
    gpt2.tensors()
        .forEach(
            (name, t) -> {
              if (!name.endsWith(".attn.bias") && !name.endsWith("masked_bias")) {
                boolean matrix = name.matches(".*(c_attn|c_proj|c_fc)\\.weight");
                state.put(prefix + name, matrix ? t.transpose().dup('c') : t);
              }
            });
    state.put(prefix + "lm_head.weight", gpt2.tensors().get("transformer.wte.weight"));
    return state;
  }

  /** {"model": state, "optimizer": {...}, "model_args": {...}, "iter_num": 7}. */
  private static byte[] checkpoint(
      Map<String, INDArray> state, Map<String, Integer> sizes, boolean bias) {
    List<byte[]> storages = new ArrayList<>();
    PickleBytes pickle = PickleBytes.protocol(2).op('}', '(').text("model");
    put(pickle, state, storages);
    pickle.text("optimizer");
    put(pickle, Map.of("exp_avg", Nd4j.ones(3)), storages);
    pickle.text("model_args").op('}', '(');
    sizes.forEach((name, value) -> pickle.text(name).number(value));
    pickle.text("bias").op(bias ? 0x88 : 0x89).op('u');
    pickle.text("iter_num").number(7).op('u').stop();
    return TorchFiles.zip(pickle.bytes(), storages);
  }

  private static void put(
      PickleBytes pickle, Map<String, INDArray> tensors, List<byte[]> storages) {
    pickle.op('}', '(');
    tensors.forEach(
        (name, t) -> {
          String key = String.valueOf(storages.size());
          PickleBytes storage = new PickleBytes().storage("FloatStorage", key, t.length(), false);
          storages.add(TensorFixtures.bits(t));
          long[] stride = t.rank() == 1 ? new long[] {1} : new long[] {t.size(1), 1};
          pickle.text(name).tensor(storage, 0, t.shape(), stride);
        });
    pickle.op('u');
  }

  private Path save(Map<String, INDArray> state, Map<String, Integer> sizes, boolean bias)
      throws IOException {
    return Files.write(directory.resolve("ckpt.pt"), checkpoint(state, sizes, bias));
  }

  @Test
  void isGpt2WithTransposedMatricesAndExactGelu() throws IOException {
    HuggingFaceExample gpt2 =
        HuggingFaceExample.gpt2(true).with("activation_function", new JsonPrimitive("gelu"));
    LoadedModel loaded = Models.load(save(state(gpt2, ""), SIZES, true));
    assertThat(loaded.format()).isEqualTo(ModelFormat.NANO_GPT);
    assertThat(loaded.notes()).singleElement().asString().contains("activation(GELU_NEW)");
    Transformer model = loaded.transformer();
    double[] logits =
        ReferenceTransformer.of(model.config(), model.weights())
            .run(new int[][] {TOKENS})
            .logits()
            .values();
    TensorAssert.assertThat(logits)
        .isCloseTo(PlainHuggingFace.gpt2(gpt2, TOKENS), Tolerance.absolute(1e-9));
  }

  @Test
  void ofACompiledModelHasAPrefixAndIsFoundInItsDirectory() throws IOException {
    HuggingFaceExample gpt2 = HuggingFaceExample.gpt2(true);
    save(state(gpt2, "_orig_mod."), SIZES, true);
    LoadOptions older = LoadOptions.builder().activation(Activation.GELU_NEW).build();
    Transformer model = Models.load(directory, older).transformer();
    Transformer same = Models.load(gpt2.save(directory.resolve("hf"))).transformer();
    assertThat(model.config()).isEqualTo(same.config());
    TensorAssert.assertThat(model.weights().block().toArray())
        .hasSameBitsAs(same.weights().block().toArray());
  }

  @Test
  void withoutBiasesHasZerosThere() throws IOException {
    Map<String, INDArray> state = state(HuggingFaceExample.gpt2(true), "");
    state.keySet().removeIf(name -> name.endsWith(".bias"));
    Transformer model = Models.load(save(state, SIZES, false)).transformer();
    assertThat(model.weights().get("blocks.1.ln2.b").toFloatVector()).containsOnly(0);
    assertThat(model.weights().get("blocks.1.mlp.b_in").toFloatVector()).containsOnly(0);
    assertThat(model.weights().get("blocks.1.ln2.w").toFloatVector()).doesNotContain(0);
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    Map<String, INDArray> state = state(HuggingFaceExample.gpt2(true), "");
    Map<String, Integer> sizes = new LinkedHashMap<>(SIZES);
    sizes.remove("block_size");
    assertThatThrownBy(() -> Models.load(save(state, sizes, true)))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("model_args has no entry block_size");
    state.remove("transformer.h.0.ln_1.bias");
    assertThatThrownBy(() -> Models.load(save(state, SIZES, true)))
        .hasMessageContaining("missing tensors [transformer.h.0.ln_1.bias]");
    assertThatThrownBy(
            () ->
                Models.load(directory.resolve("ckpt.pt"), LoadOptions.builder().eps(1e-6).build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nanoGPT");
  }
}
