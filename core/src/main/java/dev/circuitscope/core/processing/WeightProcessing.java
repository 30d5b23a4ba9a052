package dev.circuitscope.core.processing;

import dev.circuitscope.core.model.Transformer;

/**
 * The four rewritings that make weights easier to read and leave every log-probability as it is.
 * Each returns a new model that remembers it ({@link Transformer#processing}); none changes the one
 * it was given. Their conditions are exact: what would change predictions is refused.
 *
 * <pre>{@code
 * Transformer readable = WeightProcessing.foldLayerNorm(model);
 * readable = WeightProcessing.centerWritingWeights(readable);
 * readable = WeightProcessing.centerUnembedding(readable);
 * readable = WeightProcessing.foldValueBiases(readable);
 * readable.processing();   // [fold_ln, center_writing_weights, center_unembed, fold_value_biases]
 * }</pre>
 *
 * <p>A tied unembedding becomes weights of its own where it would no longer be the embedding's
 * transpose: the new model's configuration says so. The numbers are computed in float64 and rounded
 * to float32 at the end of each call.
 */
public final class WeightProcessing {

  private WeightProcessing() {}

  /**
   * Moves the trained scale and offset of every normalisation into the weights that read it: LN
   * becomes LNPre, RMS becomes RMSPre.
   *
   * <pre>
   * (n * w + b) W + c = n (w W) + (b W + c)       n the normalised input, w scaling W's rows
   * </pre>
   *
   * Where n has mean 0, that is after LN, the columns of the new W lose their mean as well: what
   * they had in common n cannot reach. ln1 goes into W_Q, W_K, W_V, ln2 into W_in and W_gate,
   * ln_final into W_U, and solu_ln's mlp.ln into W_out. A gated solu_ln's scale goes into W_in,
   * which its output is multiplied by.
   *
   * @param model any model; one without trained normalisation is returned itself
   * @return a new model with LNPre or RMSPre. Value biases that had been folded are so no longer,
   *     because b_V takes up an offset, and the model no longer says so
   * @throws IllegalArgumentException if a gated MLP reads an offset other than 0 (there is no bias
   *     at the gate or the linear factor that could take it up), or a shortformer's queries and
   *     keys read their positions beside the normalised stream (positions do not pass through w)
   */
  public static Transformer foldLayerNorm(Transformer model) {
    return FoldLayerNorm.of(model);
  }

  /**
   * Takes the mean off every vector that is written to the residual stream: rows of W_E, W_O, W_out
   * and, with standard positions, W_pos; b_O and b_out. LayerNorm takes the mean off whatever it
   * reads, so nothing sees it.
   *
   * @param model with LN or LNPre
   * @return a new model; a tied unembedding has become weights of its own
   * @throws IllegalArgumentException if the model has RMSNorm or no normalisation, and so reads the
   *     mean
   */
  public static Transformer centerWritingWeights(Transformer model) {
    return Centering.ofWritingWeights(model);
  }

  /**
   * Takes the mean over the vocabulary off every row of W_U and off b_U. That adds the same to all
   * logits of a position, which the softmax does not see.
   *
   * @param model any model
   * @return a new model whose logits have mean 0; a tied unembedding has become weights of its own
   */
  public static Transformer centerUnembedding(Transformer model) {
    return Centering.ofUnembedding(model);
  }

  /**
   * Moves b_V through W_O into b_O: attention patterns sum to 1 over the sources, so that each head
   * adds b_V W_O at every destination.
   *
   * @param model any model
   * @return a new model with b_V = 0
   */
  public static Transformer foldValueBiases(Transformer model) {
    return FoldValueBiases.of(model);
  }
}
