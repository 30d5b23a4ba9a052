package dev.circuitscope.core.array;

/**
 * A matrix inside a {@link FloatBlock}: a view, no elements of its own. With a stride larger than
 * its width it is one head's share of an interleaved [pos, head, d_head] activation.
 *
 * @param block where the elements are
 * @param from the first element
 * @param rows the number of rows as stored
 * @param cols the number of columns as stored
 * @param stride how far apart consecutive stored rows are, at least {@code cols}
 * @param transposed whether products read it transposed
 */
public record Matrix(
    FloatBlock block, int from, int rows, int cols, int stride, boolean transposed) {

  /**
   * Checks that the matrix lies inside its block.
   *
   * @param block where the elements are
   * @param from the first element
   * @param rows the number of rows as stored
   * @param cols the number of columns as stored
   * @param stride how far apart consecutive stored rows are, at least {@code cols}
   * @param transposed whether products read it transposed
   */
  public Matrix {
    if (rows < 0 || cols < 0 || stride < cols || from < 0) {
      throw new IllegalArgumentException(
          "no matrix: from " + from + ", " + rows + " x " + cols + ", stride " + stride);
    }
    if (rows > 0 && from + (rows - 1L) * stride + cols > block.length()) {
      throw new IllegalArgumentException(
          "a "
              + rows
              + " x "
              + cols
              + " matrix of stride "
              + stride
              + " from "
              + from
              + " leaves its block of "
              + block.length());
    }
  }

  /**
   * The transpose, as a view.
   *
   * @return the same elements, read the other way
   */
  public Matrix t() {
    return new Matrix(block, from, rows, cols, stride, !transposed);
  }

  /**
   * A range of stored rows, as a view.
   *
   * @param first the first row
   * @param end the row after the last
   * @return the rows
   */
  public Matrix rows(int first, int end) {
    return new Matrix(block, from + first * stride, end - first, cols, stride, transposed);
  }

  /**
   * A range of stored columns, as a view.
   *
   * @param first the first column
   * @param end the column after the last
   * @return the columns
   */
  public Matrix cols(int first, int end) {
    return new Matrix(block, from + first, rows, end - first, stride, transposed);
  }

  int height() {
    return transposed ? cols : rows;
  }

  int width() {
    return transposed ? rows : cols;
  }

  /**
   * Copies the elements to a tile, row after row without gaps.
   *
   * @param tile receives rows x cols elements from index 0
   */
  public void read(float[] tile) {
    if (stride == cols) {
      block.read(from, tile, 0, rows * cols);
    } else {
      for (int r = 0; r < rows; r++) {
        block.read(from + r * stride, tile, r * cols, cols);
      }
    }
  }

  /**
   * Copies the elements to a tile whose rows may be longer.
   *
   * @param tile receives row r from index r x width on
   * @param width how far apart rows are in the tile, at least {@code cols}
   */
  public void read(float[] tile, int width) {
    if (width == cols) {
      read(tile);
    } else {
      for (int r = 0; r < rows; r++) {
        block.read(from + r * stride, tile, r * width, cols);
      }
    }
  }

  /**
   * Overwrites the elements from a tile whose rows may be longer.
   *
   * @param tile holds row r from index r x width on; not modified
   * @param width how far apart rows are in the tile, at least {@code cols}
   */
  public void write(float[] tile, int width) {
    if (width == cols) {
      write(tile);
    } else {
      for (int r = 0; r < rows; r++) {
        block.write(from + r * stride, tile, r * width, cols);
      }
    }
  }

  /**
   * Overwrites the elements from a tile.
   *
   * @param tile holds rows x cols elements from index 0; not modified
   */
  public void write(float[] tile) {
    if (stride == cols) {
      block.write(from, tile, 0, rows * cols);
    } else {
      for (int r = 0; r < rows; r++) {
        block.write(from + r * stride, tile, r * cols, cols);
      }
    }
  }

  /** Sets every element to 0. */
  public void clear() {
    if (stride == cols) {
      block.clear(from, rows * cols);
    } else {
      for (int r = 0; r < rows; r++) {
        block.clear(from + r * stride, cols);
      }
    }
  }
}
