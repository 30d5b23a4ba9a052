package dev.circuitscope.core.io;

import static dev.circuitscope.core.io.TensorFixtures.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class ShardedSafetensorsTest {
  private static final NamedTensors SAMPLES = SampleTensors.all(3);

  @TempDir Path dir;
  private Path index;

  @BeforeEach
  void writeTwoShards() throws IOException {
    index = dir.resolve("model.safetensors.index.json");
    shard("a.safetensors", "floats", "longs");
    shard("b.safetensors", "ints");
    index(Map.of("longs", "a.safetensors", "ints", "b.safetensors", "floats", "a.safetensors"));
  }

  @Test
  void all_shards_together_give_every_tensor_in_the_order_of_the_index() throws IOException {
    Files.writeString(
        index,
        """
        {"metadata": {"total_size": 12345, "made_by": "hand"},
         "weight_map": {"ints": "b.safetensors", "longs": "a.safetensors",
                        "floats": "a.safetensors"}}""");
    NamedTensors read = ShardedSafetensors.read(index);
    Map<String, INDArray> expected = new LinkedHashMap<>();
    for (String name : new String[] {"ints", "longs", "floats"}) {
      expected.put(name, SAMPLES.get(name));
    }
    assertSameBits(read, NamedTensors.of(expected));
    assertThat(read.metadata())
        .containsEntry("total_size", "12345")
        .containsEntry("made_by", "hand")
        .containsEntry("format", "pt");
  }

  @Test
  void some_tensors_can_be_read_alone() throws IOException {
    assertThat(ShardedSafetensors.read(index, "ints"::equals).names()).containsExactly("ints");
  }

  @Test
  void a_shard_may_be_a_link_to_another_place() throws IOException {
    Path elsewhere = Files.createDirectory(dir.resolve("blobs")).resolve("1234");
    Files.move(dir.resolve("b.safetensors"), elsewhere);
    Files.createSymbolicLink(dir.resolve("b.safetensors"), elsewhere);
    assertThat(ShardedSafetensors.read(index).size()).isEqualTo(3);
  }

  @Nested
  class Refused_are {
    @Test
    void missing_shards() throws IOException {
      Files.delete(dir.resolve("a.safetensors"));
      assertThat(failure()).hasMessageContainingAll("shards are missing", "[a.safetensors]");
    }

    @Test
    void tensors_that_their_shard_lacks() throws IOException {
      index(
          Map.of(
              "longs", "b.safetensors",
              "ints", "b.safetensors",
              "floats", "a.safetensors",
              "other", "a.safetensors"));
      assertThat(failure())
          .hasMessageContainingAll("longs (not in b.safetensors)", "other (not in a.safetensors)");
    }

    @Test
    void tensors_that_the_index_does_not_list() throws IOException {
      index(Map.of("longs", "a.safetensors", "ints", "b.safetensors"));
      assertThat(failure()).hasMessageContaining("floats (in a.safetensors)");
    }

    @Test
    void tensors_in_two_shards() throws IOException {
      shard("b.safetensors", "ints", "longs");
      assertThat(failure()).hasMessageContaining("longs (in ");
    }

    @Test
    void a_name_twice_in_the_index() throws IOException {
      Files.writeString(index, "{\"weight_map\": {\"ints\": \"b\", \"ints\": \"a\"}}");
      assertThat(failure()).hasMessageContaining("'ints' appears twice");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"../a", "/etc/passwd", "sub/a", "..", ".", "", "C:a", "a\\\\b", "a\\u0000"})
    void file_names_that_lead_elsewhere(String file) throws IOException {
      Files.writeString(index, "{\"weight_map\": {\"ints\": \"" + file + "\"}}");
      assertThat(failure()).hasMessageContaining("plain file names");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "[]",
          "{}",
          "{\"weight_map\": []}",
          "{\"weight_map\": {\"a\": 1}}",
          "{\"weight_map\": {}, \"x\": 1}"
        })
    void indices_of_another_form(String json) throws IOException {
      Files.writeString(index, json);
      assertThat(failure().source()).isEqualTo(index.toString());
    }
  }

  private MalformedFileException failure() {
    return catchThrowableOfType(MalformedFileException.class, () -> ShardedSafetensors.read(index));
  }

  private void shard(String file, String... names) throws IOException {
    Map<String, INDArray> tensors = new LinkedHashMap<>();
    for (String name : names) {
      tensors.put(name, SAMPLES.get(name));
    }
    Safetensors.write(dir.resolve(file), NamedTensors.of(tensors, Map.of("format", "pt")));
  }

  private void index(Map<String, String> files) throws IOException {
    StringBuilder map = new StringBuilder();
    files.forEach(
        (t, f) -> map.append(map.isEmpty() ? "" : ",").append("\"%s\":\"%s\"".formatted(t, f)));
    Files.writeString(index, "{\"weight_map\":{" + map + "}}");
  }
}
