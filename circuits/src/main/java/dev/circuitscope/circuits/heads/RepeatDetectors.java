package dev.circuitscope.circuits.heads;

import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.RepeatSampling;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.text.RepeatedSequences;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The detectors of this package, and how they run over repeated sequences. */
final class RepeatDetectors {

  private static final int[] NOWHERE = {};

  private RepeatDetectors() {}

  /** Which positions of which sequences ask. */
  @FunctionalInterface
  interface Queries {
    boolean asks(int sequence, int position);
  }

  static HeadDetector induction(RepeatedSequences repeats) {
    for (int period : repeats.period()) {
      if (period < 2) {
        throw new IllegalArgumentException(
            "induction scores need blocks of at least 2 tokens: in a block of 1, the token after the earlier copy is the current one");
      }
    }
    return new HeadDetector(
        "induction",
        "attention from a repeated token to the token after its previous copy",
        (sequence, tokens) ->
            targets(
                tokens,
                dest ->
                    repeats.isRepeat(sequence, dest)
                        ? new int[] {repeats.inductionTarget(sequence, dest)}
                        : NOWHERE));
  }

  static HeadDetector prefixMatching(RepeatedSequences repeats) {
    return prefixMatching(repeats::isRepeat);
  }

  static HeadDetector prefixMatching(Queries queries) {
    return new HeadDetector(
        "prefix matching",
        "attention to all tokens that follow an earlier occurrence of the current token",
        (sequence, tokens) ->
            targets(
                tokens,
                dest ->
                    queries.asks(sequence, dest)
                        ? earlier(tokens, dest).map(src -> src + 1).toArray()
                        : NOWHERE));
  }

  static HeadDetector duplicateToken(RepeatedSequences repeats) {
    return duplicateToken(repeats::isRepeat);
  }

  static HeadDetector duplicateToken(Queries queries) {
    return new HeadDetector(
        "duplicate token",
        "attention to all earlier occurrences of the current token",
        (sequence, tokens) ->
            targets(
                tokens,
                dest -> queries.asks(sequence, dest) ? earlier(tokens, dest).toArray() : NOWHERE));
  }

  static HeadDetector previousToken() {
    return new HeadDetector(
        "previous token",
        "attention to the token before the current one",
        (sequence, tokens) -> targets(tokens, dest -> dest > 0 ? new int[] {dest - 1} : NOWHERE));
  }

  static HeadScores score(
      Transformer model,
      RepeatSampling sampling,
      RunSettings settings,
      Function<RepeatedSequences, HeadDetector> detector) {
    RepeatedSequences drawn = sampling.draw();
    Provenance provenance = drawn(model, sampling, drawn, settings);
    List<HeadDetector> detectors = List.of(detector.apply(drawn));
    return HeadDetector.score(model, drawn.tokens(), settings, provenance, detectors).get(0);
  }

  static HeadScores score(
      Transformer model,
      RepeatedSequences given,
      RunSettings settings,
      Function<RepeatedSequences, HeadDetector> detector) {
    List<HeadDetector> detectors = List.of(detector.apply(given));
    Provenance provenance = given(model, given, settings);
    return HeadDetector.score(model, given.tokens(), settings, provenance, detectors).get(0);
  }

  static Provenance drawn(
      Transformer model, RepeatSampling sampling, RepeatedSequences drawn, RunSettings settings) {
    return Provenance.of(
        model.config(),
        drawn.tokens(),
        sampling.repeats().toString(),
        OptionalLong.of(sampling.seed()),
        settings);
  }

  static Provenance given(Transformer model, RepeatedSequences given, RunSettings settings) {
    return Provenance.of(
        model.config(), given.tokens(), "given repeats", OptionalLong.empty(), settings);
  }

  private interface TargetsOf {
    int[] at(int dest);
  }

  private static int[][] targets(int[] tokens, TargetsOf targets) {
    int[][] all = new int[tokens.length][];
    for (int dest = 0; dest < tokens.length; dest++) {
      all[dest] = targets.at(dest);
    }
    return all;
  }

  private static IntStream earlier(int[] tokens, int dest) {
    return IntStream.range(0, dest).filter(src -> tokens[src] == tokens[dest]);
  }
}
