package dev.circuitscope.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonPrimitive;
import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.io.llama2c.Llama2cFormat;
import dev.circuitscope.core.io.llama2c.Llama2cHeader;
import dev.circuitscope.core.io.llama2c.Llama2cModel;
import dev.circuitscope.core.io.llama2c.Llama2cWriter;
import dev.circuitscope.core.model.Rotary;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.reference.ReferenceTransformer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@DisplayName("A checkpoint of llama2.c")
class Llama2CModelsTest {

  private static final int[] TOKENS = {3, 16, 0, 9, 9, 1, 12, 5};
  private static final int HEADS = 6;
  private static final int KEYED = 2;
  private static final int WIDTH = 24;
  private static final int D_HEAD = WIDTH / HEADS;

  @TempDir private Path directory;

  /** The same Llama in the transformers library's names, and in Meta's with neighbouring pairs. */
  private static HuggingFaceExample huggingFace() {
    Map<String, INDArray> tensors = new LinkedHashMap<>();
    put(tensors, "model.embed_tokens.weight", 17, WIDTH);
    for (int layer = 0; layer < 2; layer++) {
      String l = "model.layers." + layer + ".";
      put(tensors, l + "input_layernorm.weight", WIDTH);
      put(tensors, l + "self_attn.q_proj.weight", WIDTH, WIDTH);
      put(tensors, l + "self_attn.k_proj.weight", KEYED * D_HEAD, WIDTH);
      put(tensors, l + "self_attn.v_proj.weight", KEYED * D_HEAD, WIDTH);
      put(tensors, l + "self_attn.o_proj.weight", WIDTH, WIDTH);
      put(tensors, l + "post_attention_layernorm.weight", WIDTH);
      put(tensors, l + "mlp.gate_proj.weight", 20, WIDTH);
      put(tensors, l + "mlp.up_proj.weight", 20, WIDTH);
      put(tensors, l + "mlp.down_proj.weight", WIDTH, 20);
    }
    put(tensors, "model.norm.weight", WIDTH);
    put(tensors, "lm_head.weight", 17, WIDTH);
    return HuggingFaceExample.llama(false, false)
        .withTensors(tensors)
        .with("hidden_size", new JsonPrimitive(WIDTH))
        .with("head_dim", new JsonPrimitive(D_HEAD))
        .with("rms_norm_eps", new JsonPrimitive(1e-5))
        .with("rope_theta", new JsonPrimitive(10_000));
  }

  private static Llama2cModel meta(HuggingFaceExample model) {
    Map<String, INDArray> tensors = new LinkedHashMap<>();
    model
        .tensors()
        .forEach(
            (name, t) -> {
              String meta =
                  name.replace("model.embed_tokens", "tok_embeddings")
                      .replace("model.", "")
                      .replace("input_layernorm", "attention_norm")
                      .replace("post_attention_layernorm", "ffn_norm")
                      .replaceAll("self_attn\\.([qkvo])_proj", "attention.w$1")
                      .replace("mlp.gate_proj", "feed_forward.w1")
                      .replace("mlp.down_proj", "feed_forward.w2")
                      .replace("mlp.up_proj", "feed_forward.w3")
                      .replace("lm_head", "output");
              tensors.put(meta, name.matches(".*[qk]_proj.*") ? neighbours(t) : t);
            });
    return new Llama2cModel(
        new Llama2cHeader(WIDTH, 20, 2, HEADS, KEYED, 17, 10, false), NamedTensors.of(tensors));
  }

  /** Row i + j * d_head / 2 of a head, which is turned with j = 0 and 1, becomes row 2 i + j. */
  private static INDArray neighbours(INDArray halves) {
    INDArray rows = halves.dup();
    for (int r = 0; r < halves.size(0); r++) {
      int head = r / D_HEAD;
      int j = r % D_HEAD / (D_HEAD / 2);
      int i = r % (D_HEAD / 2);
      rows.putRow(head * D_HEAD + 2 * i + j, halves.getRow(r));
    }
    return rows;
  }

  @ParameterizedTest
  @EnumSource
  void computesWhatTheTransformersLibraryComputesAfterConversion(Llama2cFormat format)
      throws IOException {
    HuggingFaceExample example = huggingFace();
    Path file = directory.resolve("stories.bin");
    Llama2cWriter.write(file, meta(example), format);
    LoadedModel loaded = Models.load(file);
    Transformer model = loaded.transformer();
    assertThat(loaded.format()).isEqualTo(ModelFormat.LLAMA2_C);
    assertThat(model.config().attention().rotary())
        .contains(new Rotary(D_HEAD, 10_000, Rotary.Pairing.ADJACENT));
    double[] logits =
        ReferenceTransformer.of(model.config(), model.weights())
            .run(new int[][] {TOKENS})
            .logits()
            .values();
    TensorAssert.assertThat(logits)
        .isCloseTo(PlainHuggingFace.llama(example, TOKENS), Tolerance.absolute(1e-9));
  }

  @Test
  void isFoundInADirectoryAndMaySayThatThereIsNoTokenizer() throws IOException {
    Llama2cWriter.write(
        directory.resolve("stories.bin"), meta(huggingFace()), Llama2cFormat.LEGACY);
    LoadedModel loaded = Models.load(directory);
    assertThat(loaded.tokenizer()).isEmpty();
    assertThat(loaded.tokenizerOrigin()).contains("no tokenizer.bin beside the model");
    LoadOptions shorter = LoadOptions.builder().context(4).build();
    assertThat(Models.load(directory, shorter).transformer().config().nCtx()).isEqualTo(4);
  }

  @Test
  void thatIsCutOffIsRefused() throws IOException {
    Path file = directory.resolve("stories.bin");
    Llama2cWriter.write(file, meta(huggingFace()), Llama2cFormat.LEGACY);
    byte[] all = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(all, all.length - 4));
    assertThatThrownBy(() -> Models.load(file))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("read as a checkpoint of llama2.c, its header asks for 27740 bytes");
  }

  private static void put(Map<String, INDArray> tensors, String name, long... shape) {
    SplittableRandom random = new SplittableRandom(name.hashCode());
    INDArray tensor = Nd4j.create(DataType.FLOAT, shape);
    for (long i = 0; i < tensor.length(); i++) {
      tensor.putScalar(i, (float) ((shape.length == 1 ? 1 : 0) + 0.4 * random.nextGaussian()));
    }
    tensors.put(name, tensor);
  }
}
