package dev.circuitscope.circuits.ngrams;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.core.text.Phrase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Two skip-trigrams of one head with the same source, and the two that the head makes of them
 * whether it should or not (A Mathematical Framework for Transformer Circuits, section
 * "Skip-Trigram Bugs"). What a head does is f(a, b, c) = f1(a, b) f2(a, c): raising {@code keep ...
 * in -> mind} and {@code keep ... at -> bay} raises {@code keep ... in -> bay} and {@code keep ...
 * at -> mind}.
 *
 * <p>By {@linkplain TrigramStrength#PRODUCT the product} the strengths of the first two have the
 * same product as those of the other two.
 *
 * <pre>{@code
 * SkipTrigramBug bug =
 *     SkipTrigramBug.of(
 *         TrigramCircuit.of(model, new Head(0, 0)),
 *         new Phrase(keep, in, mind), new Phrase(keep, at, bay), TrigramStrength.PRODUCT);
 * bug.firstCross();                                                      // keep ... in -> bay
 * Optional<SkipTrigramBug> worst = SkipTrigramSearch.of(model).clearestBug(text);
 * }</pre>
 *
 * @param first a skip-trigram a ... b -> c
 * @param second one of the same source, a ... b' -> c'
 * @param firstCross a ... b -> c'
 * @param secondCross a ... b' -> c
 * @param counts how often these four occur in a text, in this order; empty if none was given
 * @param names of the tokens
 */
public record SkipTrigramBug(
    SkipTrigram first,
    SkipTrigram second,
    SkipTrigram firstCross,
    SkipTrigram secondCross,
    List<Long> counts,
    TokenNames names) {

  /**
   * Checks that the last two are the first two crossed.
   *
   * @param first a skip-trigram a ... b -> c
   * @param second one of the same source, a ... b' -> c'
   * @param firstCross a ... b -> c'
   * @param secondCross a ... b' -> c
   * @param counts how often these four occur in a text; empty if none was given
   * @param names of the tokens
   * @throws IllegalArgumentException if they are not
   */
  public SkipTrigramBug {
    counts = List.copyOf(counts);
    Objects.requireNonNull(names, "names");
    boolean crossed =
        firstCross.phrase().equals(cross(first.phrase(), second.phrase()))
            && secondCross.phrase().equals(cross(second.phrase(), first.phrase()));
    if (!crossed || !counts.isEmpty() && counts.size() != 4) {
      throw new IllegalArgumentException(
          "skip-trigram bug: %s and %s do not cross into %s and %s, with 4 counts or none"
              .formatted(first, second, firstCross, secondCross));
    }
  }

  /**
   * Crosses two skip-trigrams of a head.
   *
   * @param circuit of the head
   * @param first a ... b -> c
   * @param second a ... b' -> c'
   * @param strength how preference and effect make one number
   * @return all four
   * @throws IllegalArgumentException if they have not the same source, or have the same destination
   *     or out, so that there is nothing to cross
   */
  public static SkipTrigramBug of(
      TrigramCircuit circuit, Phrase first, Phrase second, TrigramStrength strength) {
    if (first.source() != second.source()
        || first.destination() == second.destination()
        || first.out() == second.out()) {
      throw new IllegalArgumentException(
          "skip-trigram bug: %s and %s must have one source, two destinations and two outs"
              .formatted(first, second));
    }
    return new SkipTrigramBug(
        trigram(circuit, first, strength),
        trigram(circuit, second, strength),
        trigram(circuit, cross(first, second), strength),
        trigram(circuit, cross(second, first), strength),
        List.of(),
        TokenNames.ids());
  }

  /**
   * All four.
   *
   * @return the two, then the two that they cross into
   */
  public List<SkipTrigram> triples() {
    return List.of(first, second, firstCross, secondCross);
  }

  /**
   * How strong the weakest of the four is.
   *
   * @return 0 if one of them is not raised
   */
  public double clearness() {
    return Collections.min(triples().stream().map(SkipTrigram::strength).toList());
  }

  /**
   * The same with counts.
   *
   * @param counted in a text, for all four phrases
   * @return a new result
   */
  public SkipTrigramBug with(SkipTrigramCounts counted) {
    List<Long> four = triples().stream().map(t -> counted.count(t.phrase())).toList();
    return new SkipTrigramBug(first, second, firstCross, secondCross, four, names);
  }

  /**
   * The same with other names of tokens.
   *
   * @param other names
   * @return a new result
   */
  public SkipTrigramBug with(TokenNames other) {
    return new SkipTrigramBug(first, second, firstCross, secondCross, counts, other);
  }

  /**
   * Renders the result.
   *
   * @return an object with the four triples and their counts
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    List<String> keys = List.of("first", "second", "first_cross", "second_cross");
    for (int i = 0; i < keys.size(); i++) {
      json.add(keys.get(i), triples().get(i).toJson(names));
    }
    json.addProperty("clearness", clearness());
    JsonArray list = new JsonArray();
    counts.forEach(list::add);
    json.add("counts", list);
    return json;
  }

  /** A line for each of the four. */
  @Override
  public String toString() {
    List<String> lines = new ArrayList<>();
    lines.add("skip-trigram bug of %s: the first two make the last two".formatted(first.head()));
    lines.add(
        "%9s %9s %9s  %-6s %s"
            .formatted("strength", "pref.", "effect", "head", "source ... destination -> out"));
    for (int i = 0; i < 4; i++) {
      String seen = counts.isEmpty() ? "" : "  (%d times in the text)".formatted(counts.get(i));
      lines.add(triples().get(i).line(names) + seen);
    }
    return String.join(System.lineSeparator(), lines);
  }

  static List<Phrase> phrases(Phrase first, Phrase second) {
    return Stream.of(first, second, cross(first, second), cross(second, first)).toList();
  }

  private static Phrase cross(Phrase destination, Phrase out) {
    return new Phrase(destination.source(), destination.destination(), out.out());
  }

  private static SkipTrigram trigram(
      TrigramCircuit circuit, Phrase phrase, TrigramStrength strength) {
    return circuit.trigram(phrase.source(), phrase.destination(), phrase.out(), strength);
  }
}
