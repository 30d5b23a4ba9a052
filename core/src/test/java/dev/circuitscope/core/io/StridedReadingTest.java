package dev.circuitscope.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Elements are compared with what the definition of {@link StoredTensor} says, one by one. */
class StridedReadingTest {
  @ParameterizedTest
  @EnumSource
  void every_type_is_read_by_its_strides_in_both_byte_orders(ElementType type) throws IOException {
    SplittableRandom random = new SplittableRandom(type.ordinal());
    for (int round = 0; round < 200; round++) {
      byte[] content = content(type, 400, random);
      StoredTensor tensor = tensor(type, content.length, random);
      INDArray array = TensorBytes.read(ByteSource.of(content, "test"), tensor);
      assertThat(array.dataType()).isEqualTo(type.readAs());
      assertThat(array.shape()).isEqualTo(tensor.shapeArray());
      compare(array, tensor, content);
    }
  }

  @Test
  void tensors_larger_than_the_window_are_read_whole() throws IOException {
    byte[] content = new byte[4 * 1500 * 1100];
    ByteBuffer values = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 1500 * 1100; i++) {
      values.putInt(4 * i, i);
    }
    ByteSource source = ByteSource.of(content, "test");
    List<Long> shape = List.of(1100L, 1500L);
    for (List<Long> stride : List.of(List.of(1L, 1100L), List.of(1L, 0L), List.of(300L, 880L))) {
      StoredTensor tensor =
          new StoredTensor(ElementType.I32, ByteOrder.LITTLE_ENDIAN, 0, shape, stride);
      INDArray array = TensorBytes.read(source, tensor);
      for (int i = 0; i < 1100; i += 7) {
        for (int j = 0; j < 1500; j += 11) {
          assertThat(array.getInt(i, j)).isEqualTo(i * stride.get(0) + j * stride.get(1));
        }
      }
    }
  }

  @Test
  void a_wrong_value_is_reported_where_it_lies() {
    byte[] content = {0, 1, 0, 1, 7, 1};
    StoredTensor tensor =
        new StoredTensor(
            ElementType.BOOL, ByteOrder.LITTLE_ENDIAN, 0, List.of(2L, 3L), List.of(1L, 2L));
    assertThatThrownBy(() -> TensorBytes.read(ByteSource.of(content, "test"), tensor))
        .isInstanceOfSatisfying(
            MalformedFileException.class, e -> assertThat(e.offset()).isEqualTo(4));
  }

  @Test
  void a_tensor_behind_the_end_is_refused_before_memory_is_allocated() {
    StoredTensor tensor =
        StoredTensor.rowMajor(ElementType.F32, ByteOrder.LITTLE_ENDIAN, 0, 1L << 40);
    assertThatThrownBy(() -> TensorBytes.read(ByteSource.of(new byte[16], "test"), tensor))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("reaches up to byte 4398046511104");
  }

  @Test
  void sizes_that_overflow_are_refused() {
    long huge = 1L << 62;
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> StoredTensor.rowMajor(ElementType.F32, ByteOrder.LITTLE_ENDIAN, 0, huge, 4));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StoredTensor.rowMajor(ElementType.F64, ByteOrder.LITTLE_ENDIAN, 0, huge));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StoredTensor.rowMajor(ElementType.U8, ByteOrder.LITTLE_ENDIAN, -1, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> StoredTensor.rowMajor(ElementType.U8, ByteOrder.LITTLE_ENDIAN, 0, new long[33]));
  }

  private static StoredTensor tensor(ElementType type, int bytes, SplittableRandom random) {
    while (true) {
      List<Long> shape = new ArrayList<>();
      List<Long> stride = new ArrayList<>();
      for (int axis = random.nextInt(5); axis > 0; axis--) {
        shape.add(1L + random.nextInt(4));
        stride.add((long) random.nextInt(random.nextBoolean() ? 5 : 90));
      }
      ByteOrder order = random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
      StoredTensor tensor = new StoredTensor(type, order, random.nextInt(20), shape, stride);
      if (tensor.end() <= bytes) {
        return tensor;
      }
    }
  }

  private static byte[] content(ElementType type, int bytes, SplittableRandom random) {
    byte[] content = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      // Booleans are 0 or 1; unsigned 64-bit values need their upper bit clear in either order.
      content[i] = (byte) random.nextInt(type == ElementType.BOOL ? 2 : 128);
    }
    return content;
  }

  private static void compare(INDArray array, StoredTensor tensor, byte[] content) {
    ByteBuffer bytes = ByteBuffer.wrap(content).order(tensor.order());
    long[] index = new long[tensor.shape().size()];
    for (long i = 0; i < tensor.length(); i++) {
      long rest = i;
      long element = 0;
      for (int axis = index.length - 1; axis >= 0; axis--) {
        index[axis] = rest % tensor.shape().get(axis);
        rest /= tensor.shape().get(axis);
        element += index[axis] * tensor.stride().get(axis);
      }
      int at = (int) (tensor.offset() + element * tensor.type().bytes());
      if (tensor.type() == ElementType.I64 || tensor.type() == ElementType.U64) {
        assertThat(index.length == 0 ? array.getLong(0) : array.getLong(index))
            .isEqualTo(bytes.getLong(at));
      } else {
        Double found = index.length == 0 ? array.getDouble(0) : array.getDouble(index);
        Double expected = element(tensor.type(), bytes, at); // boxed: NaN equals NaN
        assertThat(found).isEqualTo(expected);
      }
    }
  }

  private static double element(ElementType type, ByteBuffer bytes, int at) {
    return switch (type) {
      case F64 -> bytes.getDouble(at);
      case F32 -> bytes.getFloat(at);
      case F16 -> half(bytes.getShort(at) & 0xffff);
      case BF16 -> Float.intBitsToFloat(bytes.getShort(at) << 16);
      case I32 -> bytes.getInt(at);
      case I16 -> bytes.getShort(at);
      case U32 -> bytes.getInt(at) & 0xffffffffL;
      case U16 -> bytes.getShort(at) & 0xffff;
      case U8 -> bytes.get(at) & 0xff;
      default -> bytes.get(at);
    };
  }

  /** (-1)^s * 2^(e-15) * (1 + f/1024), or 2^-14 * f/1024 when e is 0. */
  private static double half(int bits) {
    int exponent = bits >> 10 & 31;
    double fraction = (bits & 1023) / 1024.0;
    if (exponent == 31) {
      return fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    }
    return exponent == 0
        ? Math.pow(2, -14) * fraction
        : Math.pow(2, exponent - 15) * (1 + fraction);
  }
}
