package dev.circuitscope.examples.framework;

import dev.circuitscope.circuits.algebra.CompositionScores;
import dev.circuitscope.circuits.algebra.HeadPair;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.plot.Figure;
import dev.circuitscope.core.plot.HeatMap;
import dev.circuitscope.core.plot.LayeredGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Pictures of how the heads of two layers read each other. */
final class CompositionFigures {

  private static final int EDGES = 24;

  private CompositionFigures() {}

  /** Later heads down the side, earlier ones along the bottom, a map for each kind. */
  static Figure heatMaps(CompositionStudy study) {
    double limit = 0;
    for (CompositionScores scores : study.all()) {
      for (HeadPair pair : scores.ranking()) {
        limit = Math.max(limit, Math.abs(scores.adjusted(pair)));
      }
    }
    List<Figure> maps = new ArrayList<>();
    for (CompositionScores scores : study.all()) {
      int heads = scores.provenance().model().nHeads();
      double[][] values = new double[heads][heads];
      for (HeadPair pair : scores.ranking()) {
        values[pair.later().head()][pair.earlier().head()] = scores.adjusted(pair);
      }
      maps.add(
          HeatMap.of(values)
              .title(scores.kind() + "-composition")
              .rows("reads", names(1, heads))
              .columns("writes", names(0, heads))
              .meaning("score above that of random heads")
              .signed(limit == 0 ? 1 : limit)
              .figure());
    }
    return Figure.grid(maps.size(), maps.toArray(Figure[]::new));
  }

  /** Heads as nodes, coloured by their induction score, and the strongest compositions as edges. */
  static Figure graph(FrameworkResult result) {
    CompositionStudy study = result.composition();
    double[][] induction = result.induction().scores().prefixMatching().values();
    LayeredGraph graph =
        new LayeredGraph("The strongest compositions of the 2-layer model's heads")
            .kinds("Q-composition", "K-composition", "V-composition")
            .meaning("score above that of random heads");
    for (int layer = 0; layer < induction.length; layer++) {
      graph.layer("layer " + layer, names(layer, induction[layer].length));
    }
    for (CompositionScores scores : study.all()) {
      for (HeadPair pair : scores.ranking()) {
        graph.edge(
            pair.earlier().toString(),
            pair.later().toString(),
            scores.kind() + "-composition",
            scores.adjusted(pair));
      }
    }
    return graph
        .strongest(EDGES)
        .values("attention to tokens that came after earlier copies (prefix matching)", induction)
        .figure();
  }

  private static List<String> names(int layer, int heads) {
    return IntStream.range(0, heads).mapToObj(h -> new Head(layer, h).toString()).toList();
  }
}
