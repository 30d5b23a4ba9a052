package dev.circuitscope.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.function.IntToDoubleFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The files of {@code tensors/}, what is in them, and a comparison of every bit. */
public final class TensorFixtures {
  private TensorFixtures() {}

  public static byte[] file(String name) {
    try (InputStream in = TensorFixtures.class.getResourceAsStream("/tensors/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Element i of the array [2, 3, 4] that the fixtures hold for a NumPy type code. */
  public static IntToDoubleFunction values(String code) {
    return switch (code.charAt(0)) {
      case 'f' -> i -> (i - 7) * 0.375;
      case 'i' -> i -> (i - 7) * 5;
      case 'u' -> i -> i * 9;
      default -> i -> i % 3 == 0 ? 1 : 0;
    };
  }

  public static DataType typeOf(String code) {
    return switch (code) {
      case "f8" -> DataType.DOUBLE;
      case "f4", "f2", "bf16" -> DataType.FLOAT;
      case "i8", "u8", "u4" -> DataType.LONG;
      case "i4", "u2" -> DataType.INT;
      case "i2" -> DataType.SHORT;
      case "i1" -> DataType.BYTE;
      case "u1" -> DataType.UBYTE;
      case "b1" -> DataType.BOOL;
      default -> throw new IllegalArgumentException(code);
    };
  }

  /** Reads the elements by their indices, so that the array's own strides matter. */
  public static void assertValues(INDArray array, String code) {
    assertThat(array.dataType()).as(code).isEqualTo(typeOf(code));
    assertThat(array.shape()).as(code).containsExactly(2, 3, 4);
    IntToDoubleFunction expected = values(code.equals("bf16") ? "f4" : code);
    for (int i = 0; i < 24; i++) {
      assertThat(array.getDouble(i / 12, i / 4 % 3, i % 4))
          .as("%s, element %d", code, i)
          .isEqualTo(expected.applyAsDouble(i));
    }
  }

  /** The elements in row-major order as bytes. */
  public static byte[] bits(INDArray array) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      TensorBytes.write(array, Channels.newChannel(out));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  public static void assertSameBits(NamedTensors actual, NamedTensors expected) {
    assertThat(actual.names()).containsExactlyElementsOf(expected.names());
    for (String name : expected.names()) {
      assertThat(actual.get(name).dataType()).as(name).isEqualTo(expected.get(name).dataType());
      assertThat(actual.get(name).shape()).as(name).isEqualTo(expected.get(name).shape());
      assertThat(bits(actual.get(name))).as(name).isEqualTo(bits(expected.get(name)));
    }
  }
}
