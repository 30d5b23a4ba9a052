package dev.circuitscope.circuits.ngrams;

import dev.circuitscope.core.text.Phrase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Finds the clearest {@link SkipTrigramBug} of some heads. */
final class BugSearch {

  /** Sources of each head that are held against a text. */
  private static final int SOURCES = 256;

  /** Destinations and outs of each. */
  private static final int WIDTH = 8;

  private final TrigramStrength strength;
  private final TrigramFilter filter;
  private final TokenNames names;
  private final SourceScan scan;

  /** Shows every head. */
  interface Heads {
    void forEach(Consumer<TrigramCircuit> reader);
  }

  BugSearch(TrigramStrength strength, TrigramFilter filter, TokenNames names) {
    this.strength = strength;
    this.filter = filter;
    this.names = names;
    // The weakest of a source's two best destinations and outs is its second and its second.
    this.scan = new SourceScan(strength, filter, (p, e) -> strength.of(p[1], e[1]));
  }

  Optional<SkipTrigramBug> byWeights(Heads heads) {
    List<SkipTrigramBug> best = new ArrayList<>();
    heads.forEach(
        circuit -> {
          double least = best.stream().mapToDouble(SkipTrigramBug::clearness).max().orElse(0);
          for (SourceScan.Found found : scan.best(circuit, 1, least)) {
            SourceCandidates of = new SourceCandidates(circuit, filter, found.source());
            List<TokenValue> b = of.destinations(2);
            List<TokenValue> c = of.outs(2);
            best.add(
                SkipTrigramBug.of(
                    circuit,
                    new Phrase(found.source(), b.get(0).token(), c.get(0).token()),
                    new Phrase(found.source(), b.get(1).token(), c.get(1).token()),
                    strength));
          }
        });
    return clearest(best);
  }

  Optional<SkipTrigramBug> byText(Heads heads, int[][] text) {
    List<SkipTrigramBug> best = new ArrayList<>();
    heads.forEach(
        circuit -> {
          List<Phrase> candidates = new ArrayList<>();
          for (SourceScan.Found found : scan.best(circuit, SOURCES, 0)) {
            candidates.addAll(phrases(circuit, found.source()));
          }
          SkipTrigramCounts counts = SkipTrigramCounts.of(text, candidates);
          crossings(circuit, candidates, counts).ifPresent(best::add);
        });
    return clearest(best);
  }

  /** Every phrase of a source's top destinations and outs that the head raises. */
  private List<Phrase> phrases(TrigramCircuit circuit, int source) {
    SourceCandidates of = new SourceCandidates(circuit, filter, source);
    List<Phrase> phrases = new ArrayList<>();
    List<TokenValue> outs = of.outs(WIDTH);
    for (TokenValue b : of.destinations(WIDTH)) {
      for (TokenValue c : outs) {
        if (strength.of(b.value(), c.value()) > 0) {
          phrases.add(new Phrase(source, b.token(), c.token()));
        }
      }
    }
    return phrases;
  }

  /** Pairs of phrases that occur and cross into phrases that do not: the clearest of this head. */
  private Optional<SkipTrigramBug> crossings(
      TrigramCircuit circuit, List<Phrase> candidates, SkipTrigramCounts counts) {
    Set<Phrase> raised = new HashSet<>(candidates);
    List<SkipTrigramBug> bugs = new ArrayList<>();
    List<Phrase> seen = candidates.stream().filter(p -> counts.count(p) > 0).toList();
    for (int i = 0; i < seen.size(); i++) {
      for (int j = i + 1; j < seen.size() && seen.get(j).source() == seen.get(i).source(); j++) {
        Phrase first = seen.get(i);
        Phrase second = seen.get(j);
        boolean crosses =
            first.destination() != second.destination() && first.out() != second.out();
        if (crosses && unseen(SkipTrigramBug.phrases(first, second), raised, counts)) {
          bugs.add(SkipTrigramBug.of(circuit, first, second, strength).with(counts));
        }
      }
    }
    return clearest(bugs);
  }

  private static boolean unseen(List<Phrase> four, Set<Phrase> raised, SkipTrigramCounts counts) {
    return four.subList(2, 4).stream().allMatch(p -> raised.contains(p) && counts.count(p) == 0);
  }

  private Optional<SkipTrigramBug> clearest(List<SkipTrigramBug> bugs) {
    return bugs.stream()
        .max(Comparator.comparingDouble(SkipTrigramBug::clearness))
        .map(bug -> bug.with(names));
  }
}
