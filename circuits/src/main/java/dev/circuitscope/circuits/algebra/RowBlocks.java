package dev.circuitscope.circuits.algebra;

import dev.circuitscope.core.array.Blas;
import dev.circuitscope.core.array.Parallel;
import java.lang.ref.Reference;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The product A B in blocks of rows, each through one call of dgemm into memory that the next block
 * uses again. Blocks are cut by shape, so that an entry has the same bits whatever the number of
 * threads.
 */
final class RowBlocks {

  private static final int ROW_MAJOR = 101;
  private static final int NO_TRANS = 111;

  /** 32 MB of float64 for each thread. */
  private static final int ELEMENTS = 1 << 22;

  /** With more, dgemm is no faster. */
  private static final int MOST_ROWS = 128;

  private final int rows;
  private final int inner;
  private final int columns;
  private final int height;
  private final INDArray a;
  private final INDArray b;

  RowBlocks(FactoredMatrix m) {
    this.rows = m.rows();
    this.inner = m.inner();
    this.columns = m.columns();
    this.height = Math.max(1, Math.min(MOST_ROWS, ELEMENTS / columns));
    // views have strides of their own, and begin somewhere in their buffer
    this.a = m.a().dup('c');
    this.b = m.b().dup('c');
  }

  /** Some rows that follow each other. */
  final class Block {

    private final int from;
    private final int count;
    private final DoublePointer product;

    private Block(int from, int count, DoublePointer product) {
      this.from = from;
      this.count = count;
      this.product = product;
    }

    /** Shows the rows from the first to the last. */
    void forEach(RowVisitor visitor) {
      double[] row = new double[columns];
      for (int r = 0; r < count; r++) {
        product.position((long) r * columns).get(row);
        visitor.visit(from + r, row);
      }
      product.position(0);
    }
  }

  /** Visits every block, several at once. */
  void forEach(Consumer<Block> visitor) {
    DoublePointer left = new DoublePointer(a.data().addressPointer());
    DoublePointer right = new DoublePointer(b.data().addressPointer());
    ConcurrentLinkedQueue<DoublePointer> free = new ConcurrentLinkedQueue<>();
    try {
      Parallel.forEach(
          (rows + height - 1) / height,
          block -> {
            DoublePointer used = free.poll();
            DoublePointer product =
                used == null ? new DoublePointer((long) height * columns) : used;
            int from = block * height;
            int count = Math.min(height, rows - from);
            multiply(left.getPointer((long) from * inner), count, right, product);
            visitor.accept(new Block(from, count, product));
            free.add(product);
          });
    } finally {
      free.forEach(DoublePointer::deallocate);
    }
    Reference.reachabilityFence(this);
  }

  private void multiply(DoublePointer left, int n, DoublePointer right, DoublePointer product) {
    Blas.singleThreaded();
    openblas_nolapack.cblas_dgemm(
        ROW_MAJOR, NO_TRANS, NO_TRANS, n, columns, inner, 1, left, inner, right, columns, 0,
        product, columns);
  }
}
