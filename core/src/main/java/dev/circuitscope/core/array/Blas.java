package dev.circuitscope.core.array;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.openblas.presets.openblas;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Matrix products through OpenBLAS, each on one thread; {@link Parallel} shares them out.
 *
 * <p>Loading this class sets OpenBLAS to one thread in this JVM, which holds for ND4J's own
 * products too: they load the same library.
 */
public final class Blas {

  private static final int ROW_MAJOR = 101;
  private static final int NO_TRANS = 111;
  private static final int TRANS = 112;

  static {
    Loader.load(openblas_nolapack.class);
    // ND4J sets the number of threads when it starts; let it do so before we do.
    Nd4j.factory().blas();
    singleThreaded();
  }

  private Blas() {}

  /**
   * Makes sure that a product uses one thread, whatever other code in this JVM has set meanwhile.
   * Products that {@link Parallel} shares out would otherwise fight over the cores. Costs well
   * under a microsecond; every run of a model calls it.
   */
  public static void singleThreaded() {
    if (openblas.blas_get_num_threads() != 1) {
      openblas.blas_set_num_threads(1);
    }
  }

  /**
   * C = alpha A B + beta C. With beta 0 the old contents of C are not read.
   *
   * @param alpha scales the product
   * @param a m x k, not modified
   * @param b k x n, not modified
   * @param beta scales what C held before
   * @param c m x n, overwritten, not transposed
   * @throws IllegalArgumentException if the shapes do not fit, with all three
   */
  public static void gemm(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    if (a.width() != b.height()
        || c.rows() != a.height()
        || c.cols() != b.width()
        || c.transposed()) {
      throw new IllegalArgumentException(
          "gemm: " + shape(a) + " times " + shape(b) + " does not fit into " + shape(c));
    }
    if (c.rows() == 0 || c.cols() == 0) {
      return;
    }
    openblas_nolapack.cblas_sgemm(
        ROW_MAJOR,
        a.transposed() ? TRANS : NO_TRANS,
        b.transposed() ? TRANS : NO_TRANS,
        c.rows(),
        c.cols(),
        a.width(),
        alpha,
        a.block().at(a.from()),
        a.stride(),
        b.block().at(b.from()),
        b.stride(),
        beta,
        c.block().at(c.from()),
        c.stride());
  }

  private static String shape(Matrix m) {
    return m.height() + " x " + m.width() + (m.transposed() ? " (transposed)" : "");
  }
}
