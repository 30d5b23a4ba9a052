package dev.circuitscope.circuits.known;

import dev.circuitscope.core.text.Phrase;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A model of skip-trigrams, whose tokens have dimensions of their own in any vocabulary. */
final class SkipTrigramModel {

  static final String NAME = "skip-trigrams";

  private static final int WORDS = 5;

  private SkipTrigramModel() {}

  static KnownModel of(KnownSettings settings, List<Phrase> triples) {
    if (triples.isEmpty()) {
      throw new IllegalArgumentException("skip-trigrams: there are none");
    }
    triples.forEach(t -> require(t, settings));
    int start = settings.start();
    int[] marked =
        triples.stream()
            .flatMapToInt(t -> IntStream.of(t.source(), t.destination(), t.out()))
            .map(token -> token < start ? token : token - 1)
            .sorted()
            .distinct()
            .toArray();
    Blueprint plan = new Blueprint(settings, new MarkedCode(settings.vocabulary() - 1, marked));
    for (SkipTrigramPlan.Share share : SkipTrigramPlan.shares(triples, marked)) {
      plan.place(HeadDrafts.skipTrigrams(plan.stream(), share), 0);
    }
    List<Integer> words =
        triples.stream()
            .flatMap(t -> Stream.of(t.source(), t.destination(), t.out()))
            .distinct()
            .toList();
    return new Assembly(plan).words(words).build(NAME);
  }

  /** keep ... in -> mind, keep ... at -> bay. */
  static KnownModel demonstration(KnownSettings settings) {
    if (settings.vocabulary() <= WORDS) {
      throw new IllegalArgumentException(
          "skip-trigrams: keep, in, at, mind, bay and a start token need a vocabulary of %d, was %d"
              .formatted(WORDS + 1, settings.vocabulary()));
    }
    int[] words =
        IntStream.rangeClosed(1, WORDS)
            .map(i -> (settings.start() + i) % settings.vocabulary())
            .toArray();
    return of(
        settings,
        List.of(
            new Phrase(words[0], words[1], words[3]), new Phrase(words[0], words[2], words[4])));
  }

  private static void require(Phrase t, KnownSettings settings) {
    for (int token : new int[] {t.source(), t.destination(), t.out()}) {
      if (token < 0 || token >= settings.vocabulary() || token == settings.start()) {
        throw new IllegalArgumentException(
            "skip-trigram %s: tokens are those of the vocabulary of %d except the start token %d"
                .formatted(t, settings.vocabulary(), settings.start()));
      }
    }
  }
}
