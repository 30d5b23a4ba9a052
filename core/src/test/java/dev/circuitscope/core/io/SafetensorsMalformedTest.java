package dev.circuitscope.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

class SafetensorsMalformedTest {
  private static final String GOOD =
      "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";

  @Nested
  class The_header_length {
    @ParameterizedTest
    @ValueSource(longs = {1L << 60, -1, 200_000_000, 57, Long.MAX_VALUE})
    void is_bounded_by_the_file(long length) {
      byte[] file = file(GOOD, 8);
      ByteBuffer.wrap(file)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putLong(length + (length == 57 ? 20 : 0));
      MalformedFileException e = failure(file);
      assertThat(e.offset()).isZero();
      assertThat(e).hasMessageContainingAll("evil.safetensors", "header length", "bytes follow");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7})
    void needs_eight_bytes(int size) {
      assertThat(failure(new byte[size])).hasMessageContaining(size + " bytes");
    }
  }

  @Nested
  class The_header {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "[]                      | must start with '{'",
          "` {}`                  | must start with '{'",
          "``                      | must start with '{'",
          "{                       | not well-formed",
          "{\"a\":1                | not well-formed",
          "{} x                    | not well-formed",
          "{a:1}                   | not well-formed",
          "{\"a\":NaN}             | not well-formed",
          "{/* */}                 | not well-formed",
          "{\"a\":{},\"a\":{}}     | 'a' appears twice",
          "{\"a\":1}               | tensor 'a' must be an object",
          "{\"a\":{}}              | 'dtype' is missing",
          "{\"__metadata__\":1}    | must be an object of texts",
          "{\"__metadata__\":{\"k\":1}} | metadata 'k' must be a text",
        })
    void must_be_well_formed(String json, String problem) {
      MalformedFileException e = failure(file(json == null ? "" : json, 0));
      assertThat(e).hasMessageContaining(problem);
      assertThat(e.offset()).isEqualTo(8);
    }

    @Test
    void is_not_nested_without_bound() {
      String json = "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000);
      assertThat(failure(file(json, 0))).hasMessageContaining("not well-formed");
    }

    @Test
    void must_be_utf8() {
      byte[] file = file(GOOD, 8);
      file[10] = (byte) 0xff;
      MalformedFileException e = failure(file);
      assertThat(e.offset()).isEqualTo(10);
      assertThat(e).hasMessageContaining("not UTF-8");
    }

    @Test
    void may_end_in_spaces() throws IOException {
      NamedTensors read = Safetensors.read(file(GOOD + "     ", 8), "padded");
      assertThat(read.get("w").toFloatVector()).containsExactly(0, 0);
    }
  }

  @Nested
  class A_tensor {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "F8_E4M3 | [2]     | [0,2]   | type F8_E4M3; supported are",
          "F32     | [3]     | [0,8]   | needs 12 bytes, its data_offsets hold 8",
          "F32     | [-2]    | [0,8]   | negative or too large",
          "F32     | [4611686018427387904,4] | [0,8] | negative or too large",
          "F32     | [4294967296,4294967296] | [0,8] | negative or too large",
          "F32     | [2.5]   | [0,8]   | 'shape' must be",
          "F32     | 2       | [0,8]   | 'shape' must be an array",
          "F32     | [2]     | [8,0]   | expected [begin, end]",
          "F32     | [2]     | [-8,0]  | expected [begin, end]",
          "F32     | [2]     | [0]     | expected [begin, end]",
          "F32     | [2]     | [0,16]  | only 8 are there",
          "F32     | [2]     | [0,99999999999999999999] | 'data_offsets' must be",
          "F32     | [1]     | [0,4]   | 4 bytes follow the last tensor",
          "F32     | [1]     | [4,8]   | leaving a hole",
        })
    void must_fit_its_bytes(String dtype, String shape, String offsets, String problem) {
      String json =
          "{\"w\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}"
              .formatted(dtype, shape, offsets);
      MalformedFileException e = failure(file(json, 8));
      assertThat(e).hasMessageContaining(problem);
      assertThat(e.offset()).isGreaterThanOrEqualTo(8);
    }

    @Test
    void has_no_unknown_fields() {
      String json = "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"scale\":2}}";
      assertThat(failure(file(json, 8))).hasMessageContaining("unknown fields [scale]");
    }

    @Test
    void has_a_bounded_number_of_axes() {
      String shape = "[2" + ",1".repeat(40) + "]";
      assertThat(failure(file(GOOD.replace("[2]", shape), 8))).hasMessageContaining("41 axes");
    }

    @Test
    void does_not_overlap_another() {
      String json =
          "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
              + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}";
      assertThat(failure(file(json, 12))).hasMessageContainingAll("'b'", "overlapping");
    }

    @Test
    void of_booleans_holds_only_zero_and_one() {
      byte[] file = file("{\"w\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[0,3]}}", 3);
      file[file.length - 1] = 2;
      MalformedFileException e = failure(file);
      assertThat(e.offset()).isEqualTo(file.length - 1);
      assertThat(e).hasMessageContaining("neither 0 nor 1");
    }
  }

  @Test
  void a_file_cut_anywhere_is_refused(@TempDir java.nio.file.Path dir) throws IOException {
    java.nio.file.Path path = dir.resolve("whole.safetensors");
    Safetensors.write(path, NamedTensors.of(Map.of("w", Nd4j.ones(5)), Map.of("k", "v")));
    byte[] whole = java.nio.file.Files.readAllBytes(path);
    for (int size = 0; size < whole.length; size++) {
      byte[] cut = Arrays.copyOf(whole, size);
      assertThatExceptionOfType(MalformedFileException.class)
          .as("first %d bytes", size)
          .isThrownBy(() -> Safetensors.read(cut, "cut"));
    }
  }

  private static MalformedFileException failure(byte[] file) {
    return catchThrowableOfType(
        MalformedFileException.class, () -> Safetensors.read(file, "evil.safetensors"));
  }

  private static byte[] file(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }
}
