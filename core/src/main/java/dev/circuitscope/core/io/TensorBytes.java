package dev.circuitscope.core.io;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Moves elements between files and the native memory of arrays, in row-major order whatever the
 * array's strides, a chunk at a time. ND4J's own serialisation gets views and column-major arrays
 * wrong, so addresses are computed here.
 */
final class TensorBytes {
  private static final int CHUNK = 1 << 20;

  static {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new UnsupportedOperationException(
          "safetensors files are little-endian; this machine is big-endian and is not supported");
    }
  }

  private TensorBytes() {}

  /** Reads one tensor into a new row-major array outside any workspace. */
  static INDArray read(ByteSource source, long offset, SafetensorsType type, long[] shape)
      throws IOException {
    INDArray array = Nd4j.createUninitializedDetached(type.readAs(), 'c', shape);
    if (array.isEmpty()) {
      return array;
    }
    BytePointer memory = memory(array);
    long length = array.length();
    int step = CHUNK / type.bytes();
    ByteBuffer scratch =
        type.isVerbatim() ? null : ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (long first = 0; first < length; first += step) {
      int count = (int) Math.min(step, length - first);
      long at = offset + first * type.bytes();
      if (type.isVerbatim()) {
        source.read(at, window(memory, first * type.bytes(), count * type.bytes()));
      } else {
        scratch.clear().limit(count * type.bytes());
        source.read(at, scratch);
        ByteBuffer into =
            window(memory, first * type.readAs().width(), count * type.readAs().width());
        WideningCodec.widen(type, scratch.flip(), into, source.name(), at);
      }
    }
    Reference.reachabilityFence(array);
    return array;
  }

  /** Writes an array's elements in row-major order. */
  static void write(INDArray array, FileChannel out) throws IOException {
    if (array.isEmpty()) {
      return;
    }
    BytePointer memory = memory(array);
    int width = array.dataType().width();
    long[] shape = array.shape();
    long[] stride = array.stride();
    long length = array.length();
    if (isRowMajor(shape, stride)) {
      for (long first = 0; first < length; first += CHUNK) {
        int count = (int) Math.min(CHUNK, length - first);
        AtomicFiles.writeFully(out, window(memory, first * width, count * width));
      }
    } else {
      writeStrided(memory, width, shape, stride, length, out);
    }
    Reference.reachabilityFence(array);
  }

  private static void writeStrided(
      BytePointer memory, int width, long[] shape, long[] stride, long length, FileChannel out)
      throws IOException {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    int last = shape.length - 1;
    long[] index = new long[shape.length];
    for (long row = 0; row < length; row += shape[last]) {
      long address = 0;
      for (int axis = 0; axis < last; axis++) {
        address += index[axis] * stride[axis];
      }
      for (long i = 0; i < shape[last]; i++, address += stride[last]) {
        if (chunk.remaining() < width) {
          AtomicFiles.writeFully(out, chunk.flip());
          chunk.clear();
        }
        copyElement(memory, address * width, width, chunk);
      }
      for (int axis = last - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) {
        index[axis] = 0;
      }
    }
    AtomicFiles.writeFully(out, chunk.flip());
  }

  private static void copyElement(BytePointer memory, long at, int width, ByteBuffer into) {
    switch (width) {
      case 8 -> into.putLong(memory.getLong(at));
      case 4 -> into.putInt(memory.getInt(at));
      case 2 -> into.putShort(memory.getShort(at));
      default -> into.put(memory.get(at));
    }
  }

  private static boolean isRowMajor(long[] shape, long[] stride) {
    long expected = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      if (shape[axis] != 1 && stride[axis] != expected) {
        return false;
      }
      expected *= shape[axis];
    }
    return true;
  }

  /** The array's first element, a view's offset included. */
  private static BytePointer memory(INDArray array) {
    if (array.dataType() == DataType.UTF8 || array.dataType() == DataType.COMPRESSED) {
      throw new IllegalArgumentException(
          "tensors of type " + array.dataType() + " have no plain elements");
    }
    return new BytePointer(array.data().addressPointer());
  }

  private static ByteBuffer window(BytePointer memory, long from, int bytes) {
    return new BytePointer(memory)
        .limit(from + bytes)
        .position(from)
        .asByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
