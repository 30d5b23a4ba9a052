package dev.circuitscope.core.array;

import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A run of float32 outside the Java heap: what BLAS works on, and what an {@link INDArray} can show
 * without a copy.
 *
 * <p>Loops do not touch its elements one by one; they {@link #read} a tile into a {@code float[]},
 * work there, and {@link #write} it back.
 */
public final class FloatBlock {

  private static final float[] ZEROS = new float[1 << 14];

  private final FloatPointer pointer;
  private final FloatBuffer view;
  private final int length;

  private FloatBlock(int length) {
    this.pointer = new FloatPointer(Math.max(1, (long) length));
    this.view = pointer.asBuffer();
    this.length = length;
  }

  /**
   * A new block with arbitrary contents.
   *
   * @param length the number of floats, below 2^31
   * @return the block
   * @throws IllegalArgumentException if the length is negative or too large for one block
   */
  public static FloatBlock allocate(long length) {
    if (length < 0 || length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "a block holds at most 2^31 - 9 floats, asked for "
              + length
              + "; use a smaller batch or a shorter sequence");
    }
    return new FloatBlock((int) length);
  }

  /**
   * A new block of zeros.
   *
   * @param length the number of floats, below 2^31
   * @return the block
   */
  public static FloatBlock zeros(long length) {
    FloatBlock block = allocate(length);
    block.clear();
    return block;
  }

  /**
   * A new block with the elements of an array in row-major order.
   *
   * @param source any INDArray of a floating type; not modified, may be a view
   * @return the block
   */
  public static FloatBlock copyOf(INDArray source) {
    FloatBlock block = allocate(source.length());
    block.set(source);
    return block;
  }

  /**
   * The number of floats.
   *
   * @return at least 0
   */
  public int length() {
    return length;
  }

  /**
   * Copies elements into a heap array.
   *
   * @param from the first element
   * @param to receives them
   * @param toFrom where they go
   * @param n how many
   */
  public void read(int from, float[] to, int toFrom, int n) {
    view.get(from, to, toFrom, n);
    Reference.reachabilityFence(this);
  }

  /**
   * Copies elements from a heap array.
   *
   * @param at the first element to overwrite
   * @param from holds the new elements; not modified
   * @param fromAt where they start
   * @param n how many
   */
  public void write(int at, float[] from, int fromAt, int n) {
    view.put(at, from, fromAt, n);
    Reference.reachabilityFence(this);
  }

  /**
   * One element. For tests and messages, not for loops.
   *
   * @param index from 0
   * @return the element
   */
  public float get(int index) {
    float value = view.get(index);
    Reference.reachabilityFence(this);
    return value;
  }

  /** Sets every element to 0. */
  public void clear() {
    clear(0, length);
  }

  /**
   * Sets a run of elements to 0.
   *
   * @param from the first
   * @param n how many
   */
  public void clear(int from, int n) {
    for (int done = 0; done < n; done += ZEROS.length) {
      view.put(from + done, ZEROS, 0, Math.min(ZEROS.length, n - done));
    }
    Reference.reachabilityFence(this);
  }

  /**
   * Copies elements from another block.
   *
   * @param at the first element to overwrite
   * @param source the other block, not modified
   * @param from its first element
   * @param n how many
   */
  public void copy(int at, FloatBlock source, int from, int n) {
    view.put(at, source.view, from, n);
    Reference.reachabilityFence(this);
    Reference.reachabilityFence(source);
  }

  /**
   * Overwrites the block with the elements of an array in row-major order.
   *
   * @param source any INDArray with as many elements as this block; not modified
   * @throws IllegalArgumentException if the number of elements differs
   */
  public void set(INDArray source) {
    if (source.length() != length) {
      throw new IllegalArgumentException(
          "cannot copy an array of " + source.length() + " elements into a block of " + length);
    }
    if (length == 0) {
      return;
    }
    INDArray floats = source.castTo(DataType.FLOAT);
    INDArray rows = isRowMajor(floats) ? floats : floats.dup('c');
    Pointer.memcpy(pointer, rows.data().addressPointer(), (long) length * Float.BYTES);
    Reference.reachabilityFence(rows);
    Reference.reachabilityFence(this);
  }

  /** Whether elements follow each other in memory; an array's ordering alone does not tell. */
  private static boolean isRowMajor(INDArray array) {
    long expected = 1;
    for (int axis = array.rank() - 1; axis >= 0; axis--) {
      if (array.size(axis) != 1 && array.stride(axis) != expected) {
        return false;
      }
      expected *= array.size(axis);
    }
    return true;
  }

  /**
   * All elements, copied to the heap.
   *
   * @return a new array
   */
  public float[] toArray() {
    float[] values = new float[length];
    read(0, values, 0, length);
    return values;
  }

  /**
   * A view of the whole block as an array of the given shape, row-major. Writing to either shows in
   * the other.
   *
   * @param shape its product is the block's length
   * @return a view
   * @throws IllegalArgumentException if the product differs from the length
   */
  public INDArray asArray(long... shape) {
    long product = 1;
    for (long d : shape) {
      product *= d;
    }
    if (product != length) {
      throw new IllegalArgumentException(
          "a block of " + length + " floats cannot be seen as " + Arrays.toString(shape));
    }
    return Nd4j.create(
        Nd4j.createBuffer(pointer, DataType.FLOAT, length, FloatIndexer.create(pointer)),
        shape,
        Nd4j.getStrides(shape, 'c'),
        0,
        'c');
  }

  /**
   * A rows-by-columns matrix that starts at an element; consecutive rows are {@code cols} apart.
   *
   * @param from the first element
   * @param rows the number of rows
   * @param cols the number of columns
   * @return a view
   */
  public Matrix matrix(int from, int rows, int cols) {
    return matrix(from, rows, cols, cols);
  }

  /**
   * A rows-by-columns matrix that starts at an element.
   *
   * @param from the first element
   * @param rows the number of rows
   * @param cols the number of columns
   * @param stride how far apart consecutive rows are
   * @return a view
   */
  public Matrix matrix(int from, int rows, int cols, int stride) {
    return new Matrix(this, from, rows, cols, stride, false);
  }

  FloatPointer at(int offset) {
    return new FloatPointer(pointer).position(offset);
  }
}
