package dev.circuitscope.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class WideningCodecTest {
  /** Against (-1)^s * 2^(e-15) * (1 + f/1024), or 2^-14 * f/1024 when e is 0. */
  @Test
  void every_half_has_the_value_of_its_definition() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      int exponent = bits >> 10 & 31;
      double fraction = (bits & 1023) / 1024.0;
      double expected =
          exponent == 31
              ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
              : exponent == 0
                  ? Math.pow(2, -14) * fraction
                  : Math.pow(2, exponent - 15) * (1 + fraction);
      double signed = bits >> 15 == 1 ? -expected : expected;
      Double actual = (double) WideningCodec.halfToFloat((short) bits);
      assertThat(actual).isEqualTo((Double) signed); // boxed: NaN and -0.0 are told apart
    }
  }

  @Test
  void bfloat16_is_the_upper_half_of_a_float() throws Exception {
    ByteBuffer out = widen(ElementType.BF16, 0x3fc0, 0xc000, 0x7f80);
    assertThat(out.getFloat(0)).isEqualTo(1.5f);
    assertThat(out.getFloat(4)).isEqualTo(-2f);
    assertThat(out.getFloat(8)).isInfinite();
  }

  @Test
  void unsigned_numbers_stay_positive() throws Exception {
    assertThat(widen(ElementType.U16, 0xffff).getInt(0)).isEqualTo(65535);
    assertThat(widen(ElementType.U32, 0xffff, 0xffff).getLong(0)).isEqualTo(4294967295L);
    assertThat(widen(ElementType.U64, 5, 0, 0, 0).getLong(0)).isEqualTo(5);
    assertThatThrownBy(() -> widen(ElementType.U64, 0, 0, 0, 0x8000))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("9223372036854775808");
  }

  private static ByteBuffer widen(ElementType type, int... shorts) throws MalformedFileException {
    ByteBuffer in = ByteBuffer.allocate(2 * shorts.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : shorts) {
      in.putShort((short) value);
    }
    ByteBuffer out = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    WideningCodec.widen(type, in.flip(), out, "test", 0, type.bytes());
    return out;
  }
}
