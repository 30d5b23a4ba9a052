package dev.circuitscope.core.plot;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Every picture in one line.
 *
 * <pre>{@code
 * Charts.lines("Training", "step", "loss (nats/token)", Series.of("loss", steps, losses))
 *     .save(Path.of("loss.png"));
 * Charts.heads(scores, "Induction score").save(Path.of("induction.svg"));
 * Charts.attention(pattern, tokens, "L1H4").save(Path.of("L1H4.png"));
 * }</pre>
 *
 * <p>For other choices take the builder behind the line: {@link LinePlot}, {@link HeatMap}, {@link
 * HeadGrid}, {@link AttentionPlot}, {@link ScatterPlot}, {@link Histogram}, {@link ComplexPlane},
 * {@link LayeredGraph}, {@link FeaturePolygon}, {@link GramPlot}, {@link FeatureNorms}, {@link
 * NeuronBars}.
 */
public final class Charts {

  private Charts() {}

  /**
   * Lines over common axes.
   *
   * @param title the title
   * @param x the name of the x axis, with its unit
   * @param y the name of the y axis, with its unit
   * @param series the lines, at least one, each with its own name
   * @return the figure
   * @throws IllegalArgumentException if there is no line or two have the same name
   */
  public static Figure lines(String title, String x, String y, Series... series) {
    return new LinePlot(title).x(x).y(y).add(series).figure();
  }

  /**
   * One line over 0, 1, 2 and so on.
   *
   * @param title the title
   * @param x the name of the x axis, with its unit
   * @param y the name of the y axis, with its unit
   * @param values the line's y values, at least one
   * @return the figure
   * @throws IllegalArgumentException if there is no finite value
   */
  public static Figure line(String title, String x, String y, double[] values) {
    return lines(title, x, y, Series.of(y, values));
  }

  /**
   * Points over two axes.
   *
   * @param title the title
   * @param x the name of the x axis, with its unit
   * @param y the name of the y axis, with its unit
   * @param groups the points, at least one group, each with its own name
   * @return the figure
   * @throws IllegalArgumentException if there is no group or two have the same name
   */
  public static Figure scatter(String title, String x, String y, Series... groups) {
    ScatterPlot plot = new ScatterPlot(title).x(x).y(y);
    for (Series group : groups) {
      plot.points(group);
    }
    return plot.figure();
  }

  /**
   * How often values of a sample fall where.
   *
   * @param title the title
   * @param x what the values are, with their unit
   * @param values at least one, all finite
   * @return the figure
   * @throws IllegalArgumentException if there is no value, or one is not finite
   */
  public static Figure histogram(String title, String x, double... values) {
    return new Histogram(title).x(x).sample(title, values).figure();
  }

  /**
   * Complex numbers, such as the eigenvalues of a circuit, around the origin.
   *
   * @param real their real parts
   * @param imaginary their imaginary parts
   * @param title the title
   * @return the figure, with a linear scale
   * @throws IllegalArgumentException if there are not as many real as imaginary parts, or one is
   *     not finite
   */
  public static Figure complexPlane(double[] real, double[] imaginary, String title) {
    return new ComplexPlane(title).panel("", real, imaginary).figure();
  }

  /**
   * Connections between the heads of a model, such as composition scores.
   *
   * @param weights [layer][head][later layer][later head]; only positive ones between a layer and a
   *     later one are drawn
   * @param title the title, which also says what the thickness of edges means
   * @return the figure
   * @throws IllegalArgumentException if there is no head, or a weight that is not finite
   */
  public static Figure headGraph(double[][][][] weights, String title) {
    LayeredGraph graph = new LayeredGraph(title).meaning(title);
    for (int layer = 0; layer < weights.length; layer++) {
      List<String> heads = new ArrayList<>();
      for (int head = 0; head < weights[layer].length; head++) {
        heads.add("L" + layer + "H" + head);
      }
      graph.layer("layer " + layer, heads);
    }
    for (int l1 = 0; l1 < weights.length; l1++) {
      for (int h1 = 0; h1 < weights[l1].length; h1++) {
        for (int l2 = l1 + 1; l2 < weights.length; l2++) {
          for (int h2 = 0; h2 < weights[l2].length; h2++) {
            graph.edge("L" + l1 + "H" + h1, "L" + l2 + "H" + h2, "weight", weights[l1][h1][l2][h2]);
          }
        }
      }
    }
    return graph.figure();
  }

  /**
   * A matrix as coloured cells.
   *
   * @param values [row][column]
   * @param title the title
   * @param meaning what the colours mean
   * @return the figure
   * @throws IllegalArgumentException if the matrix is empty or ragged
   */
  public static Figure heatMap(double[][] values, String title, String meaning) {
    return HeatMap.of(values).title(title).meaning(meaning).figure();
  }

  /**
   * A matrix as coloured cells.
   *
   * @param values [row, column]
   * @param title the title
   * @param meaning what the colours mean
   * @return the figure
   * @throws IllegalArgumentException if the array is not of rank 2
   */
  public static Figure heatMap(INDArray values, String title, String meaning) {
    return HeatMap.of(values).title(title).meaning(meaning).figure();
  }

  /**
   * A score for every attention head.
   *
   * @param scores [layer][head]
   * @param title the title, which also says what the colours mean
   * @return the figure
   * @throws IllegalArgumentException if the matrix is empty or ragged
   */
  public static Figure heads(double[][] scores, String title) {
    return HeadGrid.of(scores).title(title).meaning(title).figure();
  }

  /**
   * A score for every attention head.
   *
   * @param scores [layer, head]
   * @param title the title, which also says what the colours mean
   * @return the figure
   * @throws IllegalArgumentException if the array is not of rank 2
   */
  public static Figure heads(INDArray scores, String title) {
    return HeadGrid.of(scores).title(title).meaning(title).figure();
  }

  /**
   * The causal attention pattern of one head.
   *
   * @param pattern [dest][src]
   * @param tokens the text, token by token
   * @param title the title, such as L0H3
   * @return the figure
   * @throws IllegalArgumentException if the pattern does not fit the tokens or attends ahead
   */
  public static Figure attention(double[][] pattern, List<String> tokens, String title) {
    return new AttentionPlot(tokens).title(title).head("", pattern).figure();
  }

  /**
   * The causal attention pattern of one head.
   *
   * @param pattern [dest, src]
   * @param tokens the text, token by token
   * @param title the title, such as L0H3
   * @return the figure
   * @throws IllegalArgumentException if the pattern does not fit the tokens or attends ahead
   */
  public static Figure attention(INDArray pattern, List<String> tokens, String title) {
    return attention(Matrix.copy("Charts.attention", pattern), tokens, title);
  }

  /**
   * The causal attention patterns of all heads of a layer.
   *
   * @param layer the layer, for the panels' titles
   * @param patterns [head, dest, src]
   * @param tokens the text, token by token
   * @param title the title
   * @return the figure
   * @throws IllegalArgumentException if the patterns do not fit the tokens or attend ahead
   */
  public static Figure attention(int layer, INDArray patterns, List<String> tokens, String title) {
    return new AttentionPlot(tokens).title(title).layer(layer, patterns).figure();
  }

  /**
   * Features as directions in a plane.
   *
   * @param w W, [2][features]
   * @param importance of each feature
   * @param title the title
   * @return the figure
   * @throws IllegalArgumentException if W has not two rows, or the lengths differ
   */
  public static Figure polygon(double[][] w, double[] importance, String title) {
    return new FeaturePolygon(title).panel("", w).importance(importance).figure();
  }

  /**
   * W^T W and the bias of a toy model.
   *
   * @param w W, [hidden][features]
   * @param b the bias of each feature
   * @param title the title
   * @return the figure
   * @throws IllegalArgumentException if b has not one value a feature
   */
  public static Figure gram(double[][] w, double[] b, String title) {
    return new GramPlot(title).panel("", w, b).figure();
  }

  /**
   * How strongly each feature is represented, and how shared its direction is.
   *
   * @param norms ||W_i|| of each feature
   * @param polysemanticity of each feature, from 0 (dedicated) to 1 (shared)
   * @param title the title
   * @return the figure
   * @throws IllegalArgumentException if the lengths differ
   */
  public static Figure norms(double[] norms, double[] polysemanticity, String title) {
    return new FeatureNorms(title).panel("", norms, polysemanticity).figure();
  }
}
