package dev.circuitscope.circuits.ngrams;

import java.util.ArrayList;
import java.util.List;

/** The skip-trigrams of one source in one head. */
final class SourceCandidates {

  private final TrigramCircuit circuit;
  private final TrigramFilter filter;
  private final int source;

  SourceCandidates(TrigramCircuit circuit, TrigramFilter filter, int source) {
    this.circuit = circuit;
    this.filter = filter;
    this.source = source;
  }

  List<TokenValue> destinations(int k) {
    return TokenValue.top(circuit.preferencesFor(source), k, filter.destinations());
  }

  List<TokenValue> outs(int k) {
    return TokenValue.top(circuit.effectsOf(source), k, out -> filter.acceptsOut(source, out));
  }

  /** The strongest of them, above 0. */
  List<SkipTrigram> strongest(TrigramStrength strength, int k) {
    List<TokenValue> destinations = destinations(k);
    List<TokenValue> outs = outs(k);
    List<SkipTrigram> found = new ArrayList<>();
    // Triple (i, j) has (i + 1)(j + 1) - 1 others that are at least as strong.
    for (int i = 0; i < destinations.size(); i++) {
      for (int j = 0; j < outs.size() && (i + 1L) * (j + 1L) <= k; j++) {
        SkipTrigram triple =
            circuit.trigram(source, destinations.get(i).token(), outs.get(j).token(), strength);
        if (triple.strength() > 0) {
          found.add(triple);
        }
      }
    }
    found.sort(SkipTrigram.STRONGEST_FIRST);
    return found.subList(0, Math.min(k, found.size()));
  }

  SourceTable.Row row(TrigramStrength strength, int width) {
    List<TokenValue> destinations = destinations(width);
    List<TokenValue> outs = outs(width);
    double best =
        destinations.isEmpty() || outs.isEmpty()
            ? 0
            : strength.of(destinations.get(0).value(), outs.get(0).value());
    return new SourceTable.Row(circuit.head(), source, destinations, outs, best);
  }
}
