package dev.circuitscope.core.io.llama2c;

import static dev.circuitscope.core.io.TensorFixtures.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.NamedTensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class Llama2cTest {
  @TempDir Path dir;

  /** dim 2, hidden 3, 2 layers, 1 head, vocabulary 4, 2 positions; element i of the file is i. */
  @ParameterizedTest
  @CsvSource({"LEGACY, true", "LEGACY, false", "VERSION_1, true", "VERSION_1, false"})
  void a_file_is_laid_out_as_llama2c_writes_it(Llama2cFormat format, boolean shared)
      throws IOException {
    boolean legacy = format == Llama2cFormat.LEGACY;
    int floats = 8 + 4 + 16 + 16 + 4 + 36 + 2 + (legacy ? 4 : 0) + (shared ? 0 : 8);
    ByteBuffer file =
        ByteBuffer.allocate((legacy ? 28 : 256) + 4 * floats).order(ByteOrder.LITTLE_ENDIAN);
    if (!legacy) {
      file.put(new byte[] {'2', '4', 'k', 'a'}).putInt(1);
    }
    file.putInt(2).putInt(3).putInt(2).putInt(1).putInt(1);
    file.putInt(legacy && !shared ? -4 : 4).putInt(2);
    if (!legacy) {
      file.put((byte) (shared ? 1 : 0)).position(256);
    }
    for (int i = 0; i < floats; i++) {
      file.putFloat(i);
    }
    Llama2cModel model = Llama2cCheckpoint.read(file.array(), "x.bin");
    assertThat(model.header()).isEqualTo(new Llama2cHeader(2, 3, 2, 1, 1, 4, 2, shared));
    Map<String, Integer> starts = legacy ? legacyStarts() : version1Starts();
    NamedTensors tensors = model.tensors();
    starts.forEach(
        (name, start) -> {
          INDArray tensor = tensors.get(name);
          for (int i = 0; i < tensor.length(); i++) {
            assertThat(tensor.getFloat(i)).as(name).isEqualTo(start + i);
          }
        });
    assertThat(tensors.get("layers.1.feed_forward.w1.weight").shape()).containsExactly(3, 2);
    assertThat(tensors.get("layers.1.feed_forward.w2.weight").shape()).containsExactly(2, 3);
    assertThat(tensors.size()).isEqualTo(3 + 2 * 9);
    if (shared) {
      assertThat(tensors.get("output.weight")).isSameAs(tensors.get("tok_embeddings.weight"));
    } else {
      assertThat(tensors.get("output.weight").getFloat(0)).isEqualTo(floats - 8);
    }
  }

  private static Map<String, Integer> legacyStarts() {
    return Map.of(
        "tok_embeddings.weight", 0,
        "layers.1.attention_norm.weight", 10,
        "layers.0.attention.wq.weight", 12,
        "layers.1.attention.wk.weight", 24,
        "layers.0.attention.wv.weight", 28,
        "layers.1.attention.wo.weight", 40,
        "layers.0.ffn_norm.weight", 44,
        "layers.1.feed_forward.w1.weight", 54,
        "layers.0.feed_forward.w2.weight", 60,
        "norm.weight", 84);
  }

  private static Map<String, Integer> version1Starts() {
    return Map.of(
        "layers.1.attention_norm.weight", 2,
        "layers.0.ffn_norm.weight", 4,
        "norm.weight", 8,
        "tok_embeddings.weight", 10,
        "layers.0.attention.wq.weight", 18,
        "layers.1.attention.wk.weight", 30,
        "layers.0.attention.wv.weight", 34,
        "layers.1.attention.wo.weight", 46,
        "layers.1.feed_forward.w1.weight", 56,
        "layers.1.feed_forward.w3.weight", 80);
  }

  @Nested
  class A_round_trip {
    @ParameterizedTest
    @CsvSource({"LEGACY, true", "LEGACY, false", "VERSION_1, true", "VERSION_1, false"})
    void keeps_every_bit(Llama2cFormat format, boolean shared) throws IOException {
      Llama2cModel model = SampleLlama.model(shared, 11);
      Path file = dir.resolve("model.bin");
      Llama2cWriter.write(file, model, format);
      Llama2cModel back = Llama2cCheckpoint.read(file);
      assertThat(back.header()).isEqualTo(model.header());
      Map<String, INDArray> inOrder = new LinkedHashMap<>();
      back.tensors().names().forEach(name -> inOrder.put(name, model.tensors().get(name)));
      assertThat(inOrder).hasSize(model.tensors().size());
      assertSameBits(back.tensors(), NamedTensors.of(inOrder));
      byte[] once = Files.readAllBytes(file);
      Llama2cWriter.write(file, back, format);
      assertThat(Files.readAllBytes(file)).isEqualTo(once);
    }

    @Test
    void of_version_0_has_the_rotation_of_every_position() throws IOException {
      Path file = dir.resolve("model.bin");
      Llama2cWriter.write(file, SampleLlama.model(true, 11), Llama2cFormat.LEGACY);
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      int cosines = bytes.capacity() - 2 * 5 * 4;
      for (int pos = 0; pos < 5; pos++) {
        assertThat(bytes.getFloat(cosines + 4 * pos)).isEqualTo((float) Math.cos(pos));
        assertThat(bytes.getFloat(cosines + 20 + 4 * pos)).isEqualTo((float) Math.sin(pos));
      }
    }
  }

  @Nested
  class Writing_refuses {
    @Test
    void weights_of_another_shape_and_an_output_that_is_not_shared() {
      Llama2cModel model = SampleLlama.model(true, 1);
      Map<String, INDArray> weights = new LinkedHashMap<>(model.tensors().asMap());
      weights.put("output.weight", weights.get("output.weight").add(1));
      assertRefused(model.header(), weights, "sharedClassifier false");
      weights.remove("output.weight");
      weights.put("norm.weight", Nd4j.ones(7));
      assertRefused(model.header(), weights, "[8]");
      assertThat(dir).isEmptyDirectory();
    }

    private void assertRefused(Llama2cHeader header, Map<String, INDArray> weights, String text) {
      Llama2cModel model = new Llama2cModel(header, NamedTensors.of(weights));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Llama2cWriter.write(dir.resolve("m.bin"), model, Llama2cFormat.LEGACY))
          .withMessageContaining(text);
    }
  }

  @Nested
  class Reading_refuses {
    @Test
    void files_cut_anywhere_or_too_long() throws IOException {
      Path file = dir.resolve("model.bin");
      for (Llama2cFormat format : Llama2cFormat.values()) {
        Llama2cWriter.write(file, SampleLlama.model(true, 2), format);
        byte[] whole = Files.readAllBytes(file);
        for (int size = 0; size <= whole.length + 1; size++) {
          if (size != whole.length) {
            assertThat(failure(Arrays.copyOf(whole, size))).as("%d bytes", size).isNotNull();
          }
        }
      }
    }

    @ParameterizedTest
    @CsvSource({
      "0, 0",
      "0, -8",
      "0, 7",
      "0, 2147483646",
      "4, 2147483647",
      "8, 0",
      "8, 2147483647",
      "12, 3",
      "12, 8",
      "16, 3",
      "20, 0",
      "20, -2147483648",
      "24, 2147483647"
    })
    void impossible_headers(int at, int value) throws IOException {
      Path file = dir.resolve("model.bin");
      Llama2cWriter.write(file, SampleLlama.model(true, 2), Llama2cFormat.LEGACY);
      byte[] bytes = Files.readAllBytes(file);
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
      assertThat(failure(bytes)).isNotNull();
    }

    @Test
    void quantised_weights_by_name() throws IOException {
      Path file = dir.resolve("model.bin");
      Llama2cWriter.write(file, SampleLlama.model(true, 2), Llama2cFormat.VERSION_1);
      byte[] bytes = Files.readAllBytes(file);
      bytes[4] = 2;
      assertThat(failure(bytes)).hasMessageContaining("version 2; only 0 and 1");
    }
  }

  private static MalformedFileException failure(byte[] file) {
    return catchThrowableOfType(
        MalformedFileException.class, () -> Llama2cCheckpoint.read(file, "x.bin"));
  }
}
