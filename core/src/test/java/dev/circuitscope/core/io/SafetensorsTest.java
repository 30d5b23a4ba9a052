package dev.circuitscope.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class SafetensorsTest {
  @TempDir Path dir;

  @Nested
  class Reading_a_file_made_elsewhere {
    /** Values and names as Python's struct and json modules read them from the same file. */
    @Test
    void gives_the_same_values_types_and_shapes() throws IOException {
      NamedTensors file = golden("attn-only-1l-ln");
      assertThat(file.size()).isEqualTo(94);
      assertThat(file.names()).startsWith("tokens", "weights.embed.W_E");
      assertThat(file.metadata()).containsEntry("seed", "2").containsKey("config");
      assertThat(file.get("tokens").dataType()).isEqualTo(DataType.LONG);
      assertThat(file.get("tokens").shape()).containsExactly(2, 15);
      assertThat(file.get("tokens").getLong(0, 2)).isEqualTo(13);
      assertThat(file.get("tokens").getLong(1, 13)).isEqualTo(22);
      INDArray wO = file.get("weights.blocks.0.attn.W_O");
      assertThat(wO.dataType()).isEqualTo(DataType.FLOAT);
      assertThat(wO.shape()).containsExactly(4, 8, 32);
      assertThat(wO.getFloat(0, 0, 1)).isEqualTo(0.21575899422168732f);
      assertThat(wO.getFloat(3, 7, 31)).isEqualTo(-0.08129584044218063f);
      INDArray losses = file.get("loss_per_token");
      assertThat(losses.dataType()).isEqualTo(DataType.DOUBLE);
      assertThat(losses.getDouble(0, 0)).isEqualTo(2.1923252991254936);
      assertThat(losses.getDouble(1, 13)).isEqualTo(5.892803862383278);
    }

    /** The loss is recomputed from logits and tokens: they only agree if every layout is right. */
    @ParameterizedTest
    @ValueSource(strings = {"attn-only-1l-ln", "attn-only-2l-shortformer", "attn-only-3l-lnpre"})
    void gives_logits_whose_cross_entropy_is_the_stored_loss(String name) throws IOException {
      NamedTensors file = golden(name);
      INDArray logits = file.get("logits");
      INDArray tokens = file.get("tokens");
      double total = 0;
      for (int b = 0; b < 2; b++) {
        for (int pos = 0; pos < 14; pos++) {
          double sum = 0;
          for (int v = 0; v < 30; v++) {
            sum += Math.exp(logits.getDouble(b, pos, v));
          }
          total += Math.log(sum) - logits.getDouble(b, pos, tokens.getLong(b, pos + 1));
        }
      }
      assertThat(total / 28).isCloseTo(file.get("loss").getDouble(0), within(1e-6));
    }
  }

  @Nested
  class A_round_trip {
    @ParameterizedTest
    @EnumSource(
        value = DataType.class,
        names = {"FLOAT", "DOUBLE", "LONG", "INT", "SHORT", "BYTE", "UBYTE", "BOOL"})
    void keeps_type_shape_and_values(DataType type) throws IOException {
      INDArray array = Nd4j.createFromArray(0, 1, 1, 0, 1, 1).castTo(type).reshape(2, 3);
      INDArray back = roundTrip(array);
      assertThat(back.dataType()).isEqualTo(type);
      assertSameElements(back, array);
    }

    @ParameterizedTest
    @EnumSource(
        value = DataType.class,
        names = {"HALF", "BFLOAT16"})
    void widens_half_precision_to_float(DataType type) throws IOException {
      INDArray back = roundTrip(Nd4j.createFromArray(1.5f, -0.25f, 1024f).castTo(type));
      assertThat(back.dataType()).isEqualTo(DataType.FLOAT);
      assertThat(back.toFloatVector()).containsExactly(1.5f, -0.25f, 1024f);
    }

    static Stream<INDArray> layouts() {
      INDArray x = Nd4j.arange(120).castTo(DataType.DOUBLE).reshape('c', 2, 3, 4, 5);
      return Stream.of(
          x,
          x.dup('f'),
          x.permute(3, 1, 0, 2),
          x.get(
              NDArrayIndex.all(),
              NDArrayIndex.point(1),
              NDArrayIndex.interval(1, 2, 4),
              NDArrayIndex.interval(2, 4)),
          x.slice(1).slice(2),
          x.reshape(24, 5).getColumn(3),
          x.reshape(24, 5).transpose(),
          x.reshape(24, 5).getRow(7).getScalar(4),
          x.reshape(1, 120, 1).permute(2, 1, 0));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void keeps_the_logical_order_of_views_and_strided_arrays(INDArray array) throws IOException {
      assertSameElements(roundTrip(array), array);
    }

    @Test
    void keeps_strided_arrays_larger_than_one_chunk() throws IOException {
      INDArray array = Nd4j.arange(600_000).castTo(DataType.INT).reshape(600, 1000).transpose();
      INDArray back = roundTrip(array);
      assertThat(back.shape()).containsExactly(1000, 600);
      assertThat(back.getInt(0, 0)).isZero();
      assertThat(back.getInt(999, 599)).isEqualTo(599_999);
      for (int i = 0; i < 1000; i += 37) {
        assertThat(back.getInt(i, 17)).isEqualTo(17_000 + i);
      }
    }

    @Test
    void keeps_values_that_equality_of_arrays_overlooks() throws IOException {
      float[] values = {
        Float.MIN_VALUE, -0f, Float.NaN, Float.POSITIVE_INFINITY, 1e-30f, 1 + Math.ulp(1f)
      };
      float[] back = roundTrip(Nd4j.createFromArray(values)).toFloatVector();
      for (int i = 0; i < values.length; i++) {
        assertThat(Float.floatToRawIntBits(back[i])).isEqualTo(Float.floatToRawIntBits(values[i]));
      }
    }

    @Test
    void keeps_scalars_and_tensors_without_elements() throws IOException {
      assertThat(roundTrip(Nd4j.scalar(7L)).getLong(0)).isEqualTo(7);
      assertThat(roundTrip(Nd4j.scalar(7L)).rank()).isZero();
      assertThat(roundTrip(Nd4j.create(DataType.FLOAT, 0, 3)).shape()).containsExactly(0, 3);
    }

    @Test
    void keeps_order_of_names_and_metadata_with_any_character() throws IOException {
      Map<String, INDArray> tensors = new LinkedHashMap<>();
      for (String name : List.of("z", "a", "\"quoted\\", "häd→\n")) {
        tensors.put(name, Nd4j.scalar(1f));
      }
      Path file = dir.resolve("names.safetensors");
      Safetensors.write(file, NamedTensors.of(tensors, Map.of("k", "{\"a\": \"<é>\"}")));
      NamedTensors back = Safetensors.read(file);
      assertThat(back.names()).containsExactlyElementsOf(tensors.keySet());
      assertThat(back.metadata()).containsExactly(Map.entry("k", "{\"a\": \"<é>\"}"));
    }

    @Test
    void keeps_a_file_without_tensors() throws IOException {
      Path file = dir.resolve("none.safetensors");
      Safetensors.write(file, NamedTensors.of(Map.of()));
      assertThat(Safetensors.read(file).size()).isZero();
    }
  }

  @Nested
  class Large_files {
    @Test
    void are_read_beyond_two_gigabytes_without_reading_what_is_not_wanted() throws IOException {
      long big = 3L << 30;
      byte[] header =
          """
          {"big":{"dtype":"U8","shape":[%d],"data_offsets":[0,%d]},\
          "tail":{"dtype":"F32","shape":[2],"data_offsets":[%d,%d]}}"""
              .formatted(big, big, big, big + 8)
              .getBytes(StandardCharsets.UTF_8);
      Path file = dir.resolve("sparse.safetensors");
      try (FileChannel out =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        out.write(little(8).putLong(header.length).flip());
        out.write(ByteBuffer.wrap(header));
        out.write(little(8).putFloat(2.5f).putFloat(-1f).flip(), 8 + header.length + big);
      }
      assertThat(Safetensors.readHeader(file).tensors().get("big").shape()).containsExactly(big);
      NamedTensors tail = Safetensors.read(file, "tail"::equals);
      assertThat(tail.names()).containsExactly("tail");
      assertThat(tail.get("tail").toFloatVector()).containsExactly(2.5f, -1f);
    }
  }

  @Nested
  class Writing {
    @Test
    void that_fails_midway_leaves_the_old_file_and_nothing_else() throws IOException {
      Path file = dir.resolve("model.safetensors");
      Safetensors.write(file, NamedTensors.of(Map.of("old", Nd4j.scalar(1f))));
      Map<String, TensorSource> tensors = new LinkedHashMap<>();
      tensors.put("first", TensorSource.of(Nd4j.ones(DataType.FLOAT, 1000)));
      tensors.put(
          "second",
          new TensorSource(
              DataType.FLOAT,
              List.of(3L),
              () -> {
                throw new IllegalStateException("no more");
              }));
      assertThatThrownBy(() -> Safetensors.write(file, tensors, Map.of())).hasMessage("no more");
      assertThat(Safetensors.read(file).names()).containsExactly("old");
      assertThat(files()).containsExactly("model.safetensors");
    }

    @Test
    void refuses_a_source_that_delivers_another_shape() throws IOException {
      TensorSource wrong =
          new TensorSource(DataType.FLOAT, List.of(4L), () -> Nd4j.ones(DataType.FLOAT, 2, 2));
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> Safetensors.write(dir.resolve("x.safetensors"), Map.of("w", wrong), Map.of()))
          .withMessageContainingAll("'w'", "[4]", "[2, 2]");
      assertThat(files()).isEmpty();
    }

    @Test
    void refuses_texts_and_the_array_without_shape() {
      Path file = dir.resolve("x.safetensors");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Safetensors.write(file, one(Nd4j.create(List.of("a"), 1))))
          .withMessageContaining("UTF8");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Safetensors.write(file, one(Nd4j.empty(DataType.FLOAT))))
          .withMessageContaining("without an element");
      assertThat(files()).isEmpty();
    }
  }

  private static NamedTensors golden(String name) throws IOException {
    try (InputStream in =
        SafetensorsTest.class.getResourceAsStream("/golden/" + name + ".safetensors")) {
      return Safetensors.read(in, name);
    }
  }

  private INDArray roundTrip(INDArray array) throws IOException {
    Path file = dir.resolve("array.safetensors");
    Safetensors.write(file, one(array));
    INDArray back = Safetensors.read(file).get("x");
    if (back.rank() > 0 && !back.isEmpty()) {
      assertThat(back.ordering()).isEqualTo('c');
    }
    return back;
  }

  private static NamedTensors one(INDArray array) {
    return NamedTensors.of(Map.of("x", array));
  }

  /** Element by element through index arithmetic of the array itself. */
  private static void assertSameElements(INDArray actual, INDArray expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    long[] shape = expected.shape();
    for (long i = 0; i < expected.length(); i++) {
      long[] index = new long[shape.length];
      long rest = i;
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        index[axis] = rest % shape[axis];
        rest /= shape[axis];
      }
      double found = index.length == 0 ? actual.getDouble(0) : actual.getDouble(index);
      double wanted = index.length == 0 ? expected.getDouble(0) : expected.getDouble(index);
      assertThat(found).as("element %d", i).isEqualTo(wanted);
    }
  }

  private List<String> files() {
    try (Stream<Path> paths = Files.list(dir)) {
      return paths.map(path -> path.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
