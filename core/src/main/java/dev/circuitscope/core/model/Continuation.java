package dev.circuitscope.core.model;

import dev.circuitscope.core.array.BlockPool;
import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Hooks;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs of a model on tokens that follow those in a {@link KeyValueCache}: the whole run's results
 * for the new positions, at the price of these alone. Every run adds its tokens to the cache.
 *
 * <p>Hooks and captures work as in other runs, at every point; what they see are the new positions,
 * [batch, new, ...]. Scores and patterns are [batch, head, new, past + new]. Hooks of earlier runs
 * have left their mark on the cache, and cannot be undone but by {@link KeyValueCache#truncate}.
 *
 * <p>Every run throws {@link IllegalArgumentException} for what other runs refuse, for a batch of
 * another size than the cache's, and for more tokens than it has room for. The cache is then what
 * it was before.
 */
public final class Continuation {

  private final Transformer model;
  private final TransformerConfig config;
  private final KeyValueCache past;

  Continuation(Transformer model, KeyValueCache past) {
    this.model = model;
    this.config = model.config();
    this.past = past;
    past.requireOf(config);
  }

  /**
   * The logits of new positions.
   *
   * @param tokens [batch, new]
   * @return [batch, new, d_vocab_out]
   */
  public INDArray run(int[][] tokens) {
    return run(tokens, Hooks.none());
  }

  /**
   * The logits of new positions, with hooks applied.
   *
   * @param tokens [batch, new]
   * @param hooks what to do at which points
   * @return [batch, new, d_vocab_out]
   */
  public INDArray run(int[][] tokens, Hooks hooks) {
    return runWithCache(tokens, Capture.nothing(), hooks).logits();
  }

  /**
   * The logits and chosen activations of new positions, with hooks applied.
   *
   * @param tokens [batch, new]
   * @param capture which activations to keep; hooks have been applied to them
   * @param hooks what to do at which points
   * @return logits and activations
   */
  public Run runWithCache(int[][] tokens, Capture capture, Hooks hooks) {
    Tape acts = tape(tokens, capture, hooks);
    Rows rows = acts.rows();
    FloatBlock logits = BlockPool.shared().take((long) rows.count() * config.dVocabOut());
    new Network(config, model.weights(), tokens, acts).forward(logits);
    Run run = Run.toLogits(logits, acts);
    past.extend(rows.pos());
    return run;
  }

  /**
   * The logits of the last position alone, which are all that is needed to go on.
   *
   * @param tokens [batch, new]
   * @param hooks what to do at which points
   * @return [batch, d_vocab_out], a new array
   */
  public float[][] next(int[][] tokens, Hooks hooks) {
    Tape acts = tape(tokens, Capture.nothing(), hooks);
    Rows rows = acts.rows();
    FloatBlock logits = BlockPool.shared().take((long) rows.batch() * config.dVocabOut());
    Network network = new Network(config, model.weights(), tokens, acts);
    network.unembedLast(network.through(network.embed(), 0, config.nLayers()), logits);
    float[][] next = new float[rows.batch()][config.dVocabOut()];
    for (int b = 0; b < next.length; b++) {
      logits.read(b * config.dVocabOut(), next[b], 0, config.dVocabOut());
    }
    BlockPool.shared().give(logits);
    acts.finish();
    past.extend(rows.pos());
    return next;
  }

  private Tape tape(int[][] tokens, Capture capture, Hooks hooks) {
    Rows rows = Tokens.check(tokens, config).grouped();
    past.requireRoom(rows);
    HookPoints.require("the model", config::hookPoints, capture, hooks);
    return new Tape(config, rows, capture, hooks, Optional.of(past));
  }
}
