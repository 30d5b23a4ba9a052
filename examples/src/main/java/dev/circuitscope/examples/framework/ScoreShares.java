package dev.circuitscope.examples.framework;

import dev.circuitscope.circuits.paths.HeadPath;
import dev.circuitscope.circuits.paths.ScorePart;
import dev.circuitscope.circuits.paths.ScoreTable;
import dev.circuitscope.circuits.paths.Source;
import dev.circuitscope.core.hook.Head;
import java.util.ArrayList;
import java.util.List;

/**
 * The preferences of a score table with a part for each source of the direct path, and one for each
 * head from all sources: small enough for a heat map.
 *
 * @param parts their names, of queries and keys alike
 * @param preferences [query part][key part]
 * @param total what they sum to
 */
record ScoreShares(List<String> parts, double[][] preferences, double total) {

  static ScoreShares of(ScoreTable table) {
    List<String> names = new ArrayList<>();
    table.queryParts().forEach(part -> add(names, name(part)));
    table.keyParts().forEach(part -> add(names, name(part)));
    double[][] sums = new double[names.size()][names.size()];
    double[][] preferences = table.preferences();
    for (int q = 0; q < table.queryParts().size(); q++) {
      for (int k = 0; k < table.keyParts().size(); k++) {
        int row = names.indexOf(name(table.queryParts().get(q)));
        int column = names.indexOf(name(table.keyParts().get(k)));
        sums[row][column] += preferences[q][k];
      }
    }
    return new ScoreShares(names, sums, table.totalPreference());
  }

  /** Tokens straight into the query, what a head wrote into the key: K-composition with it. */
  double keyComposition(Head head) {
    return preferences[parts.indexOf(direct(Source.TOKENS))][parts.indexOf(head.toString())]
        / total;
  }

  /** The largest share of any term but that one. */
  double largestOther(Head head) {
    int row = parts.indexOf(direct(Source.TOKENS));
    int column = parts.indexOf(head.toString());
    double largest = Double.NEGATIVE_INFINITY;
    for (int q = 0; q < parts.size(); q++) {
      for (int k = 0; k < parts.size(); k++) {
        if (q != row || k != column) {
          largest = Math.max(largest, preferences[q][k] / total);
        }
      }
    }
    return largest;
  }

  /** K-composition with all heads together. */
  double keyComposition() {
    int row = parts.indexOf(direct(Source.TOKENS));
    double sum = 0;
    for (int column = 0; column < parts.size(); column++) {
      if (parts.get(column).matches("L\\d+H\\d+")) {
        sum += preferences[row][column];
      }
    }
    return sum / total;
  }

  private static String name(ScorePart part) {
    if (part.path().isPresent() && part.path().get().equals(HeadPath.DIRECT)) {
      return direct(part.source().orElseThrow());
    }
    return part.path().map(HeadPath::toString).orElse("deeper");
  }

  private static String direct(Source source) {
    return switch (source) {
      case TOKENS -> "token";
      case POSITIONS -> "position";
      case BIASES -> "biases";
      case MLPS -> "MLPs";
    };
  }

  private static void add(List<String> names, String name) {
    if (!names.contains(name)) {
      names.add(name);
    }
  }
}
