package dev.circuitscope.core.io.torch;

import static dev.circuitscope.core.io.TensorFixtures.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.io.SampleTensors;
import dev.circuitscope.core.io.TensorFixtures;
import dev.circuitscope.core.io.zip.ZipBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchHostileTest {
  private static final byte[] EIGHT_FLOATS = new byte[32];

  @Test
  void both_layouts_keep_every_bit() throws IOException {
    NamedTensors tensors = SampleTensors.all(9);
    assertSameBits(read(TorchFiles.zip(tensors)).tensors(), tensors);
    assertSameBits(read(TorchFiles.legacy(tensors)).tensors(), tensors);
  }

  @Test
  void a_file_is_read_like_bytes_and_only_as_far_as_wanted(@TempDir Path dir) throws IOException {
    NamedTensors tensors = SampleTensors.all(10);
    for (byte[] bytes : List.of(TorchFiles.zip(tensors), TorchFiles.legacy(tensors))) {
      Path file = Files.write(dir.resolve("x.pt"), bytes);
      assertSameBits(TorchCheckpoint.read(file), tensors);
      assertThat(TorchCheckpoint.read(file, "longs"::equals).names()).containsExactly("longs");
    }
  }

  @Nested
  class A_tensor {
    @ParameterizedTest
    @CsvSource(
        delimiter = ';',
        value = {
          "0; 8; 1",
          "7; 1; 1",
          "8; 0; 1",
          "0; 2 4; 4 1",
          "0; 4 2; 1 4",
          "0; 3 3; 1 1",
          "3; 5 2; 0 2",
        })
    void may_be_any_view_within_its_storage(long offset, String shape, String stride)
        throws IOException {
      assertThat(read(view(offset, shape, stride)).tensors().size()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = ';',
        value = {
          "0; 9; 1; not within its storage",
          "9; 0; 1; not within its storage",
          "1; 8; 1; not within its storage",
          "0; 3; 4; not within its storage",
          "-1; 1; 1; not be negative",
          "0; -1; 1; not be negative",
          "7; 3; -1; not be negative",
          "0; 2 2; 1; 2 axes and 1 strides",
          "0; 4611686018427387904 4; 0 0; overflow",
          "0; 3; 4611686018427387904; overflow",
          "4611686018427387904; 1; 1; announced",
          "0; 1000000; 0; repeat their storages too much",
        })
    void is_refused_otherwise(long offset, String shape, String stride, String problem) {
      String expected = offset > 1L << 60 ? "tensor 'w'" : problem;
      assertThat(failure(view(offset, shape, stride))).hasMessageContaining(expected);
    }

    @Test
    void needs_its_storage_with_the_announced_size() {
      byte[] pickle = dictionary(floats(8), 0, new long[] {8}, new long[] {1});
      assertThat(failure(TorchFiles.zip(pickle, List.of(new byte[28]))))
          .hasMessageContainingAll("storage '0'", "28 bytes", "8 elements");
      assertThat(failure(TorchFiles.zip(pickle, List.of())))
          .hasMessageContaining("storage '0' is not in the archive");
      assertThat(failure(TorchFiles.legacy(pickle, List.of(8L), List.of(new byte[28]))))
          .hasMessageContaining("28 bytes follow");
      assertThat(failure(TorchFiles.legacy(pickle, List.of(7L), List.of(new byte[28]))))
          .hasMessageContaining("8 are announced");
      assertThat(failure(TorchFiles.legacy(pickle, List.of(), List.of())))
          .hasMessageContaining("storage '0' is not in the file");
    }

    @Test
    void that_overlaps_others_too_often_is_refused() {
      PickleBytes pickle = PickleBytes.protocol(2).op('}', '(');
      for (int i = 0; i < 3000; i++) {
        pickle.text("w" + i).tensor(floats(20_000), i, new long[] {10_000}, new long[] {1});
      }
      byte[] file = TorchFiles.zip(pickle.op('u').stop().bytes(), List.of(new byte[80_000]));
      assertThat(failure(file)).hasMessageContaining("overlap or repeat");
    }
  }

  @Nested
  class A_pickle_that_wants_to_run_something {
    @ParameterizedTest
    @ValueSource(strings = {"os", "posix", "nt", "subprocess", "builtins", "java.lang.Runtime"})
    void is_only_noted(String module) throws IOException {
      PickleBytes call =
          PickleBytes.protocol(4).op('}').text("x").global(module, "system").text("touch x");
      byte[] file = TorchFiles.zip(call.op(0x85, 'R', 's').stop().bytes(), List.of());
      TorchContents contents = read(file);
      assertThat(contents.skippedClasses()).containsExactly(module + ".system");
      assertThat(contents.tensors().metadata()).containsEntry("x.args.0", "touch x");
    }

    @Test
    void may_name_it_by_any_instruction() throws IOException {
      byte[] inst = new PickleBytes().op('(', 'i').line("os").line("b").bytes();
      PickleBytes all = PickleBytes.protocol(4).op(']', '(');
      all.text("os").text("a").op(0x93, ')', 'R').raw(inst);
      all.op('(').global("os", "c").op('o').global("os", "d").op(')', 0x81);
      all.global("os", "e").op(')', '}', 0x92).global("os", "f").op(')', 'R', '}', 'b');
      all.global("os", "g").op(')', 'R', ')', 'R').op('e').stop();
      assertThat(read(TorchFiles.zip(all.bytes(), List.of())).skippedClasses())
          .containsExactly("os.a", "os.b", "os.c", "os.d", "os.e", "os.f", "os.g");
    }
  }

  @Nested
  class A_pickle_without_bounds {
    @Test
    void that_contains_itself_is_read() throws IOException {
      byte[] loop = PickleBytes.protocol(2).op(']', 'q', 0, 'h', 0, 'a').stop().bytes();
      assertThat(read(TorchFiles.zip(loop, List.of())).tensors().size()).isZero();
    }

    @Test
    void that_nests_too_deep_is_refused() {
      PickleBytes deep = PickleBytes.protocol(2);
      for (int i = 0; i < 100_000; i++) {
        deep.op(']');
      }
      for (int i = 0; i < 99_999; i++) {
        deep.op('a');
      }
      assertThat(failure(TorchFiles.zip(deep.stop().bytes(), List.of())))
          .hasMessageContaining("nested deeper than 200");
    }

    @Test
    void that_unfolds_into_billions_is_refused() {
      PickleBytes laughs = PickleBytes.protocol(2).op(']', 'q', 0, '0');
      for (int i = 1; i < 60; i++) {
        laughs.op(']', 'q', i, 'h', i - 1, 'a', 'h', i - 1, 'a', '0');
      }
      laughs.op('h', 59);
      assertThat(failure(TorchFiles.zip(laughs.stop().bytes(), List.of())))
          .hasMessageContaining("unfolds into too many values");
    }

    @Test
    void that_copies_lists_without_end_is_refused() {
      PickleBytes copies = PickleBytes.protocol(2).op('(');
      for (int i = 0; i < 1000; i++) {
        copies.op('K', 1);
      }
      copies.op('t', 'q', 0, '0').global("torch", "Size").op('q', 1, '0', '(');
      for (int i = 0; i < 1000; i++) {
        copies.op('h', 1, 'h', 0, 0x85, 'R');
      }
      assertThat(failure(TorchFiles.zip(copies.op('t').stop().bytes(), List.of())))
          .hasMessageContaining("copies lists");
    }

    @Test
    void keeps_the_limits_it_is_given() {
      TorchLimits few = new TorchLimits(10, 3, 2, 2, 4, 5, 7);
      assertThat(failure(PickleBytes.protocol(2).op('N', '0').bytes(), 12, few))
          .hasMessageContaining("more than 10 instructions");
      assertThat(failure(new PickleBytes().op('N').bytes(), 4, few))
          .hasMessageContaining("more than 3 values");
      assertThat(failure(new PickleBytes().op('N', 0x94).bytes(), 3, few))
          .hasMessageContaining("more than 2 remembered");
      assertThat(failure(new PickleBytes().text("12345").bytes(), 1, few))
          .hasMessageContaining("a length of 5 bytes; at most 4");
      assertThatIllegalArgumentException().isThrownBy(() -> new TorchLimits(1, 1, 1, 501, 1, 1, 1));
    }
  }

  @Nested
  class Other_files {
    @Test
    void are_told_apart() {
      assertThat(failure(new byte[0])).hasMessageContaining("no PyTorch checkpoint");
      assertThat(failure("hello".getBytes())).hasMessageContaining("no PyTorch checkpoint");
      assertThat(failure(PickleBytes.protocol(2).op('}').stop().bytes()))
          .hasMessageContaining("not one that PyTorch saved");
      assertThat(failure(new ZipBytes().stored("x.npy", new byte[3]).bytes()))
          .hasMessageContaining("0 members are called FOLDER/data.pkl");
    }

    @Test
    void cut_anywhere_are_refused() {
      for (String name : List.of("torch-module.pt", "torch-module-legacy.pth")) {
        byte[] whole = TensorFixtures.file(name);
        for (int size = 0; size < whole.length; size++) {
          assertThat(failure(Arrays.copyOf(whole, size))).as("%s, %d", name, size).isNotNull();
        }
      }
    }
  }

  private static PickleBytes floats(long size) {
    return new PickleBytes().storage("FloatStorage", "0", size, false);
  }

  private static byte[] view(long offset, String shape, String stride) {
    byte[] pickle = dictionary(floats(8), offset, longs(shape), longs(stride));
    return TorchFiles.zip(pickle, List.of(EIGHT_FLOATS));
  }

  private static byte[] dictionary(PickleBytes storage, long offset, long[] shape, long[] stride) {
    PickleBytes pickle = PickleBytes.protocol(2).op('}').text("w");
    return pickle.tensor(storage, offset, shape, stride).op('s').stop().bytes();
  }

  private static long[] longs(String text) {
    return Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
  }

  private static TorchContents read(byte[] file) throws IOException {
    return TorchCheckpoint.read(file, "x.pt", TorchLimits.defaults());
  }

  private static MalformedFileException failure(byte[] file) {
    return catchThrowableOfType(MalformedFileException.class, () -> read(file));
  }

  private static MalformedFileException failure(byte[] part, int times, TorchLimits limits) {
    PickleBytes pickle = new PickleBytes();
    for (int i = 0; i < times; i++) {
      pickle.raw(part);
    }
    byte[] file = TorchFiles.zip(pickle.stop().bytes(), List.of());
    return catchThrowableOfType(
        MalformedFileException.class, () -> TorchCheckpoint.read(file, "x.pt", limits));
  }
}
