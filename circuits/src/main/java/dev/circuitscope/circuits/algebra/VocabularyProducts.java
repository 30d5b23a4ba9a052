package dev.circuitscope.circuits.algebra;

import dev.circuitscope.core.array.Blas;
import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Matrix;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.model.Transformer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Products with a model's W_E and W_U in float64. The weights are widened a slice of the vocabulary
 * at a time, so that no float64 copy of them is ever whole. Slices and sums are cut by shape, not
 * by the number of threads.
 *
 * <pre>{@code
 * INDArray logits = VocabularyProducts.of(model).unembedded(x);   // x W_U, [rows, d_vocab_out]
 * }</pre>
 */
public final class VocabularyProducts {

  /** Elements of W_E or W_U that one thread has in float64 at a time. */
  private static final int SLICE = 1 << 20;

  /** Sums over the vocabulary are made in as many parts. */
  private static final int PARTS = 8;

  private final int dModel;
  private final Matrix embedding;
  private final Unembedding unembedding;

  private VocabularyProducts(Transformer model) {
    FloatBlock weights = model.weights().block();
    this.dModel = model.config().dModel();
    this.embedding =
        weights.matrix(
            model.weights().layout().get("embed.W_E").offset(), model.config().dVocab(), dModel);
    this.unembedding = Unembedding.of(model);
  }

  /**
   * The products with the weights of a model.
   *
   * @param model whose they are
   * @return a view of its weights
   */
  public static VocabularyProducts of(Transformer model) {
    return new VocabularyProducts(model);
  }

  /**
   * W_E M: a map of every token's embedding.
   *
   * @param m [d_model, k], float64
   * @return [d_vocab, k], new
   */
  public INDArray embedded(INDArray m) {
    return rows(embedding.rows(), m.size(1), (from, end) -> embedding(from, end).mmul(m));
  }

  /**
   * M W_U: rows of the residual stream as logits, without b_U.
   *
   * @param m [k, d_model], float64
   * @return [k, d_vocab_out], new
   */
  public INDArray unembedded(INDArray m) {
    INDArray mT = m.transpose().dup('c');
    int tokens = unembedding.tokens();
    return rows(tokens, m.size(0), (from, end) -> unembedding(from, end).mmul(mT)).transpose();
  }

  /** W_U W_E, [d_model, d_model], of a model that predicts the tokens that it reads. */
  INDArray unembedThenEmbed() {
    return sum((from, end) -> unembedding(from, end).transpose().mmul(embedding(from, end)));
  }

  /** W_E^T W_E, [d_model, d_model]. */
  INDArray embedTwice() {
    return sum(
        (from, end) -> {
          INDArray slice = embedding(from, end);
          return slice.transpose().mmul(slice);
        });
  }

  private interface Slice {
    INDArray of(int from, int end);
  }

  private INDArray rows(int tokens, long width, Slice slice) {
    INDArray all = Nd4j.create(DataType.DOUBLE, tokens, width);
    int height = height();
    Blas.singleThreaded();
    Parallel.forEach(
        (tokens + height - 1) / height,
        i -> {
          int from = i * height;
          int end = Math.min(tokens, from + height);
          all.get(NDArrayIndex.interval(from, end), NDArrayIndex.all()).assign(slice.of(from, end));
        });
    return all;
  }

  private INDArray sum(Slice slice) {
    INDArray[] parts = new INDArray[PARTS];
    int tokens = embedding.rows();
    Blas.singleThreaded();
    Parallel.forEach(
        PARTS,
        part -> {
          int first = (int) ((long) tokens * part / PARTS);
          int last = (int) ((long) tokens * (part + 1) / PARTS);
          INDArray sum = Nd4j.zeros(DataType.DOUBLE, dModel, dModel);
          for (int from = first; from < last; from += height()) {
            sum.addi(slice.of(from, Math.min(last, from + height())));
          }
          parts[part] = sum;
        });
    for (int part = 1; part < PARTS; part++) {
      parts[0].addi(parts[part]);
    }
    return parts[0];
  }

  private int height() {
    return Math.max(1, SLICE / dModel);
  }

  private INDArray embedding(int from, int end) {
    return Doubles.of(embedding.rows(from, end));
  }

  /** W_U^T of some tokens. */
  private INDArray unembedding(int from, int end) {
    Matrix directions = unembedding.matrix();
    return directions.transposed()
        ? Doubles.of(directions.rows(from, end))
        : Doubles.of(directions.cols(from, end)).transpose();
  }
}
