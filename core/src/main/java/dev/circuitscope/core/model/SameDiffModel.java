package dev.circuitscope.core.model;

import dev.circuitscope.core.hook.HookPoint;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A transformer as a SameDiff graph, for losses and measurements that the engine does not have.
 * Every hook point is a variable under its name ({@code blocks.0.attn.hook_pattern}), every
 * parameter a trainable variable under its name ({@code blocks.0.attn.W_Q}), beside {@code tokens},
 * {@code logits} and {@code loss}.
 *
 * <pre>{@code
 * SameDiffModel exported = model.toSameDiff(32);              // sequences of 32 tokens
 * SDVariable pattern = exported.variable(HookPoint.pattern(1));
 * SDVariable sharpness = pattern.mul(pattern).mean().rename("sharpness");
 * exported.graph().setLossVariables("sharpness");
 * Map<String, INDArray> slopes =
 *     exported.gradients(tokens, List.of("blocks.1.attn.W_Q", "blocks.0.hook_resid_post"));
 * }</pre>
 *
 * <p>The batch may have any size, sequences the one length that was exported. The graph holds
 * copies of the weights. {@code hook_result}, {@code hook_q_input}, {@code hook_k_input} and {@code
 * hook_v_input} stand beside the path to the logits: they cost nothing unless asked for, losses may
 * use their values, and the logits have no gradient with respect to them.
 */
public final class SameDiffModel {

  private final SameDiff graph;
  private final TransformerConfig config;
  private final int pos;
  private final Map<HookPoint, SDVariable> variables;

  SameDiffModel(
      SameDiff graph, TransformerConfig config, int pos, Map<HookPoint, SDVariable> variables) {
    this.graph = graph;
    this.config = config;
    this.pos = pos;
    this.variables = new TreeMap<>(variables);
  }

  /**
   * The graph, to be extended.
   *
   * @return the graph itself
   */
  public SameDiff graph() {
    return graph;
  }

  /**
   * What the model predicts.
   *
   * @return the variable {@code logits} [batch, pos, d_vocab_out]
   */
  public SDVariable logits() {
    return graph.getVariable(SameDiffExport.LOGITS);
  }

  /**
   * The mean next-token cross-entropy in nats: the graph's loss variable until another is set.
   * Infinite if the model does not predict one of the tokens (d_vocab_out below d_vocab).
   *
   * @return the scalar variable {@code loss}
   * @throws IllegalStateException if sequences have one token, and so no next one
   */
  public SDVariable loss() {
    if (pos < 2) {
      throw new IllegalStateException("a loss needs sequences of at least 2 tokens, got 1");
    }
    return graph.getVariable(SameDiffExport.LOSS);
  }

  /**
   * The activation at a hook point.
   *
   * @param point where
   * @return the variable of that name, with the axes of {@link HookPoint#axes}
   * @throws IllegalArgumentException if the model has no such point, with those it has
   */
  public SDVariable variable(HookPoint point) {
    SDVariable variable = variables.get(point);
    if (variable == null) {
      throw new IllegalArgumentException(
          "the model has no " + point + "; it has " + variables.keySet());
    }
    return variable;
  }

  /**
   * What to feed the graph.
   *
   * @param tokens [batch, pos]
   * @return the placeholder {@code tokens} with its value
   * @throws IllegalArgumentException if the batch is empty or ragged, sequences do not have the
   *     exported length, or a token is outside the vocabulary
   */
  public Map<String, INDArray> tokens(int[][] tokens) {
    Rows rows = Tokens.check(tokens, config);
    if (rows.pos() != pos) {
      throw new IllegalArgumentException(
          "the graph was exported for sequences of "
              + pos
              + " tokens, got "
              + rows.pos()
              + "; export it again with toSameDiff("
              + rows.pos()
              + ")");
    }
    return Map.of(SameDiffExport.TOKENS, Nd4j.createFromArray(tokens));
  }

  /**
   * The values of variables.
   *
   * @param tokens [batch, pos]
   * @param names of variables
   * @return each under its name
   */
  public Map<String, INDArray> output(int[][] tokens, String... names) {
    return graph.output(tokens(tokens), names);
  }

  /**
   * Gradients of the graph's loss variables. Unlike {@link SameDiff#calculateGradients}, building
   * the backward graph prints nothing.
   *
   * @param tokens [batch, pos]
   * @param names of parameters and hook points that the loss depends on
   * @return the gradient with respect to each, under its name
   */
  public Map<String, INDArray> gradients(int[][] tokens, Collection<String> names) {
    Map<String, INDArray> feed = tokens(tokens);
    try (QuietThread quiet = QuietThread.start()) {
      return graph.calculateGradients(feed, names);
    }
  }

  @Override
  public String toString() {
    return "SameDiffModel(%d variables, sequences of %d)".formatted(graph.variables().size(), pos);
  }
}
