package dev.circuitscope.core.io;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.indexer.ByteIndexer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Moves elements between files and the native memory of arrays, in row-major order whatever the
 * array's strides, a chunk at a time. ND4J's own serialisation gets views and column-major arrays
 * wrong, so addresses are computed here.
 */
public final class TensorBytes {
  static final int CHUNK = 1 << 20;

  static {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new UnsupportedOperationException(
          "tensor files are read on little-endian machines; this one is big-endian");
    }
  }

  private TensorBytes() {}

  /**
   * Reads one tensor into a new row-major array outside any workspace. Offsets rise while it reads
   * unless strides overlap, and nothing is allocated before the tensor is known to be within the
   * source.
   *
   * @param source where the elements are
   * @param tensor their type, place and layout
   * @return the array, of type {@link ElementType#readAs}
   * @throws MalformedFileException if the tensor ends behind the source, or a value does not fit
   * @throws IOException if the source cannot be read
   */
  public static INDArray read(ByteSource source, StoredTensor tensor) throws IOException {
    if (tensor.end() > source.size()) {
      throw new MalformedFileException(
          source.name(),
          source.size(),
          "data end here, but %s reaches up to byte %d; truncated?"
              .formatted(tensor, tensor.end()));
    }
    INDArray array =
        Nd4j.createUninitializedDetached(tensor.type().readAs(), 'c', tensor.shapeArray());
    if (array.isEmpty()) {
      return array;
    }
    if (tensor.isRowMajor()) {
      readRowMajor(source, tensor, memory(array));
    } else {
      new StridedReader(source, tensor, memory(array)).read();
    }
    Reference.reachabilityFence(array);
    return array;
  }

  private static void readRowMajor(ByteSource source, StoredTensor tensor, BytePointer memory)
      throws IOException {
    ElementType type = tensor.type();
    long length = tensor.length();
    int step = (int) Math.min(length, CHUNK / type.bytes());
    ByteBuffer scratch =
        type.isVerbatim() ? null : ByteBuffer.allocate(step * type.bytes()).order(tensor.order());
    for (long first = 0; first < length; first += step) {
      int count = (int) Math.min(step, length - first);
      long at = tensor.offset() + first * type.bytes();
      int width = type.readAs().width();
      ByteBuffer into = window(memory, first * width, count * width);
      if (type.isVerbatim()) {
        source.read(at, into);
        toLittleEndian(into.flip(), type.bytes(), tensor.order());
      } else {
        scratch.clear().limit(count * type.bytes());
        source.read(at, scratch);
        WideningCodec.widen(type, scratch.flip(), into, source.name(), at, type.bytes());
      }
    }
  }

  /** Reverses the bytes of every element between position and limit if they are big-endian. */
  static void toLittleEndian(ByteBuffer elements, int bytes, ByteOrder order) {
    if (order == ByteOrder.LITTLE_ENDIAN || bytes == 1) {
      return;
    }
    for (int i = elements.position(); i < elements.limit(); i += bytes) {
      switch (bytes) {
        case 8 -> elements.putLong(i, Long.reverseBytes(elements.getLong(i)));
        case 4 -> elements.putInt(i, Integer.reverseBytes(elements.getInt(i)));
        default -> elements.putShort(i, Short.reverseBytes(elements.getShort(i)));
      }
    }
  }

  /**
   * Writes an array's elements in row-major order, little-endian.
   *
   * @param array any layout, views included; not modified
   * @param out where to; not closed
   * @throws IllegalArgumentException if the array holds texts
   * @throws IOException if writing fails
   */
  public static void write(INDArray array, WritableByteChannel out) throws IOException {
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
        writeFully(out, window(memory, first * width, count * width));
      }
    } else {
      writeStrided(memory, width, shape, stride, length, out);
    }
    Reference.reachabilityFence(array);
  }

  private static void writeStrided(
      BytePointer memory,
      int width,
      long[] shape,
      long[] stride,
      long length,
      WritableByteChannel out)
      throws IOException {
    long last = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      last += (shape[axis] - 1) * stride[axis];
    }
    ByteIndexer elements = ByteIndexer.create(memory.limit((last + 1) * width));
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    int inner = shape.length - 1;
    long[] index = new long[shape.length];
    for (long row = 0; row < length; row += shape[inner]) {
      long address = 0;
      for (int axis = 0; axis < inner; axis++) {
        address += index[axis] * stride[axis];
      }
      for (long i = 0; i < shape[inner]; i++, address += stride[inner]) {
        if (chunk.remaining() < width) {
          writeFully(out, chunk.flip());
          chunk.clear();
        }
        copyElement(elements, address * width, width, chunk);
      }
      for (int axis = inner - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) {
        index[axis] = 0;
      }
    }
    writeFully(out, chunk.flip());
  }

  private static void writeFully(WritableByteChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private static void copyElement(ByteIndexer memory, long at, int width, ByteBuffer into) {
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
