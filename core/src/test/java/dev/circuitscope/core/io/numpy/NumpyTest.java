package dev.circuitscope.core.io.numpy;

import static dev.circuitscope.core.io.TensorFixtures.assertSameBits;
import static dev.circuitscope.core.io.TensorFixtures.assertValues;
import static dev.circuitscope.core.io.TensorFixtures.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.io.SampleTensors;
import dev.circuitscope.core.io.TensorFixtures;
import dev.circuitscope.core.io.zip.ZipLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NumpyTest {
  private static final List<String> CODES =
      List.of("f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "b1");

  @TempDir Path dir;

  @Nested
  class Files_that_NumPy_wrote {
    @ParameterizedTest
    @ValueSource(strings = {"numpy-stored.npz", "numpy-deflated.npz"})
    void give_every_type_byte_order_and_layout(String name) throws IOException {
      NamedTensors arrays = Npz.read(file(name), name, ZipLimits.defaults());
      assertThat(arrays.size()).isEqualTo(12 * 4 + 3);
      for (String code : CODES) {
        for (String layout : List.of("little.C", "little.F", "big.C", "big.F")) {
          assertValues(arrays.get(code + "." + layout), code);
        }
      }
      assertThat(arrays.get("scalar").rank()).isZero();
      assertThat(arrays.get("scalar").getDouble(0)).isEqualTo(2.5);
      assertThat(arrays.get("empty").shape()).containsExactly(0, 3);
      assertThat(arrays.get("vector").toIntVector()).containsExactly(0, 1, 2, 3, 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void may_be_of_any_format_version(int version) throws IOException {
      String name = "numpy-v" + version + ".npy";
      assertValues(Npy.read(file(name), name), "f4");
    }
  }

  @Nested
  class Writing {
    @Test
    void makes_the_bytes_that_NumPy_makes() throws IOException {
      INDArray array = Npy.read(file("numpy-v1.npy"), "v1");
      Path path = dir.resolve("a.npy");
      Npy.write(path, array.permute(2, 0, 1).permute(1, 2, 0));
      assertThat(Files.readAllBytes(path)).isEqualTo(file("numpy-v1.npy"));
    }

    @ParameterizedTest
    @EnumSource
    void an_archive_keeps_every_bit(Npz.Storage storage) throws IOException {
      NamedTensors tensors = SampleTensors.all(5);
      Path path = dir.resolve("a.npz");
      Npz.write(path, tensors, storage);
      assertSameBits(Npz.read(path), tensors);
      byte[] once = Files.readAllBytes(path);
      Npz.write(path, tensors, storage);
      assertThat(Files.readAllBytes(path)).isEqualTo(once);
    }

    @Test
    void a_file_keeps_every_bit_of_every_layout() throws IOException {
      Path path = dir.resolve("a.npy");
      for (Map.Entry<String, INDArray> entry : SampleTensors.all(6).asMap().entrySet()) {
        Npy.write(path, entry.getValue());
        INDArray back = Npy.read(path);
        assertThat(back.shape()).as(entry.getKey()).isEqualTo(entry.getValue().shape());
        assertThat(TensorFixtures.bits(back))
            .as(entry.getKey())
            .isEqualTo(TensorFixtures.bits(entry.getValue()));
      }
    }

    @Test
    void refuses_types_that_NumPy_lacks_and_leaves_nothing() throws IOException {
      INDArray array = Nd4j.createFromArray(1f).castTo(DataType.BFLOAT16);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Npy.write(dir.resolve("a.npy"), array))
          .withMessageContaining("BF16");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  Npz.write(
                      dir.resolve("a.npz"),
                      NamedTensors.of(Map.of("x", array)),
                      Npz.Storage.STORED));
      try (Stream<Path> files = Files.list(dir)) {
        assertThat(files).isEmpty();
      }
    }
  }

  @Nested
  class A_header {
    @ParameterizedTest
    @CsvSource(
        delimiter = ';',
        quoteCharacter = '`',
        value = {
          "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } ; ok",
          "{\"shape\":(2,),\"descr\":\"<f4\",\"fortran_order\":True} ; ok",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (2L,)} ; ok",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (2)}    ; (n,)",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1 1)} ; a comma",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}   ; ends at byte",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}   ; ends at byte",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}  ; a size",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,)} ; a size",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4)} ; overflow",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4611686018427387904, 4)} ; overflow",
          "{'descr': '|f4', 'fortran_order': False, 'shape': (2,)}   ; type '|f4'",
          "{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}   ; type '<c8'",
          "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}    ; pickles",
          "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)} ; structured",
          "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}       ; True or False",
          "{'descr': '<f4', 'fortran_order': False}                  ; are needed",
          "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)} ; twice",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1} ; unknown entry",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} + 1 ; text follows",
          "__import__('os').system('x')                              ; '{' is expected",
          "{'descr': '<f\\x34', 'fortran_order': False, 'shape': (2,)} ; backslashes",
        })
    void is_a_dictionary_of_three_entries(String header, String outcome) throws IOException {
      byte[] file = npy(header, 8);
      if (outcome.equals("ok")) {
        assertThat(Npy.read(file, "x.npy").length()).isEqualTo(2);
      } else {
        assertThat(failure(file)).hasMessageContainingAll("x.npy", outcome);
      }
    }

    @Test
    void of_a_file_that_is_cut_anywhere_is_refused() {
      byte[] whole = file("numpy-v1.npy");
      for (int size = 0; size < whole.length; size++) {
        assertThat(failure(Arrays.copyOf(whole, size))).as("%d bytes", size).isNotNull();
      }
    }

    @Test
    void has_a_known_version_and_a_bounded_length() {
      byte[] file = npy("{}", 0);
      file[6] = 4;
      assertThat(failure(file)).hasMessageContaining("version 4.0");
      file[6] = 2;
      Arrays.fill(file, 8, 12, (byte) 0xff);
      assertThat(failure(file)).hasMessageContaining("4294967295 bytes");
    }
  }

  private static byte[] npy(String header, int dataBytes) {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    byte[] file = new byte[10 + text.length + dataBytes];
    byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, 0};
    System.arraycopy(start, 0, file, 0, 10);
    System.arraycopy(text, 0, file, 10, text.length);
    return file;
  }

  private static MalformedFileException failure(byte[] file) {
    return catchThrowableOfType(MalformedFileException.class, () -> Npy.read(file, "x.npy"));
  }
}
