package dev.circuitscope.circuits.paths;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.circuits.sampling.Provenance;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The strongest terms of an expansion of logits, and what is left.
 *
 * <pre>{@code
 * PathTable table = PathExpansion.of(run, 2).table(10, PathRanking.EFFECT);
 * PathTable mean  = PathTable.mean(FrozenRuns.of(model, sequences), PathOptions.upTo(2), 10,
 *     PathRanking.SHARE);
 * }</pre>
 *
 * @param order heads on the longest path that was listed
 * @param terms how many were listed
 * @param ranking by which number the strongest were chosen
 * @param strongest of the listed terms, the strongest first
 * @param remainder all paths of higher orders together
 * @param total the logits themselves
 * @param provenance the model's shape and the sequences; of several sequences the numbers are means
 */
public record PathTable(
    int order,
    BigInteger terms,
    PathRanking ranking,
    List<PathTerm> strongest,
    LogitSize remainder,
    LogitSize total,
    Provenance provenance) {

  private static final int MOST_PATHS = 100_000;

  /**
   * Copies the list.
   *
   * @param order heads on the longest path that was listed
   * @param terms how many were listed
   * @param ranking by which number the strongest were chosen
   * @param strongest of the listed terms, the strongest first
   * @param remainder all paths of higher orders together
   * @param total the logits themselves
   * @param provenance the model's shape and the sequences
   */
  public PathTable {
    strongest = List.copyOf(strongest);
  }

  /**
   * Expands the logits of many sequences and averages each term's numbers over them.
   *
   * @param runs of the sequences
   * @param options how far, from which sources, and what effects are on; directions are asked for
   *     example 0 of every sequence
   * @param k how many terms
   * @param ranking by which mean the strongest are chosen, its magnitude
   * @return the table
   * @throws IllegalArgumentException if k is less than 1, or there are more than 100,000 paths
   */
  public static PathTable mean(FrozenRuns runs, PathOptions options, int k, PathRanking ranking) {
    if (k < 1) {
      throw new IllegalArgumentException("ask for at least 1 term, was " + k);
    }
    BigInteger paths = PathExpansion.paths(runs.config(), options.order());
    if (paths.compareTo(BigInteger.valueOf(MOST_PATHS)) > 0) {
      throw new IllegalArgumentException(
          "the mean over sequences keeps every path's numbers, and there are %,d paths; choose a lower order than %d, or take the strongest of single runs (PathExpansion.top)"
              .formatted(paths, options.order()));
    }
    List<Expanded> expanded =
        runs.map(
            (i, run) -> {
              PathExpansion expansion = PathExpansion.of(run, options);
              Map<PathName, LogitSize> sizes = new LinkedHashMap<>();
              expansion
                  .terms()
                  .forEach(
                      term -> sizes.put(new PathName(term.path(), term.source()), term.size()));
              return new Expanded(sizes, expansion.remainder(), expansion.total());
            });
    List<PathTerm> means =
        expanded.get(0).sizes().keySet().stream()
            .map(
                name ->
                    new PathTerm(
                        name.path(),
                        name.source(),
                        LogitSize.mean(expanded.stream().map(e -> e.sizes().get(name)).toList())))
            .sorted(Comparator.comparingDouble(term -> -ranking.magnitude(term)))
            .limit(k)
            .toList();
    return new PathTable(
        options.order(),
        BigInteger.valueOf(expanded.get(0).sizes().size()),
        ranking,
        means,
        LogitSize.mean(expanded.stream().map(Expanded::remainder).toList()),
        LogitSize.mean(expanded.stream().map(Expanded::total).toList()),
        runs.provenance());
  }

  private record PathName(HeadPath path, Optional<Source> source) {}

  private record Expanded(Map<PathName, LogitSize> sizes, LogitSize remainder, LogitSize total) {}

  /**
   * Share of the listed terms that are not among the strongest.
   *
   * @return what is missing to 1
   */
  public double otherShare() {
    return other(LogitSize::share);
  }

  /**
   * Effect of the listed terms that are not among the strongest.
   *
   * @return what is missing to the total
   */
  public double otherEffect() {
    return other(LogitSize::effect);
  }

  private double other(ToDoubleFunction<LogitSize> number) {
    double listed = strongest.stream().mapToDouble(t -> number.applyAsDouble(t.size())).sum();
    return number.applyAsDouble(total) - number.applyAsDouble(remainder) - listed;
  }

  /**
   * Renders the table.
   *
   * @return an object
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("order", order);
    json.addProperty("terms", terms);
    json.addProperty("ranking", ranking.name().toLowerCase(Locale.ROOT));
    JsonArray rows = new JsonArray();
    strongest.forEach(term -> rows.add(term.toJson()));
    json.add("strongest", rows);
    json.add("other_share", JsonNumbers.of(otherShare()));
    json.add("other_effect", JsonNumbers.of(otherEffect()));
    json.add("remainder", remainder.toJson());
    json.add("total", total.toJson());
    json.add("provenance", provenance.toJson());
    return json;
  }

  /** A row for each of the strongest terms, then what is left, then the whole. */
  @Override
  public String toString() {
    int width =
        IntStream.concat(
                strongest.stream().mapToInt(term -> term.label().length()),
                IntStream.of("paths of order > %d".formatted(order).length()))
            .max()
            .orElseThrow();
    String row = "%n%-" + width + "s %9s %9s %9s";
    StringBuilder text = new StringBuilder();
    text.append("%,d terms up to order %d".formatted(terms, order));
    text.append(row.formatted("path", "norm", "share", "effect"));
    strongest.forEach(term -> text.append(row(row, term.label(), term.size())));
    if (terms.compareTo(BigInteger.valueOf(strongest.size())) > 0) {
      LogitSize other = new LogitSize(Double.NaN, otherShare(), otherEffect());
      text.append(row(row, "other terms", other));
    }
    text.append(row(row, "paths of order > " + order, remainder));
    text.append(row(row, "all", total));
    return text.append("%n%s".formatted(provenance)).toString();
  }

  private static String row(String format, String label, LogitSize size) {
    return format.formatted(
        label, number(size.norm()), number(size.share()), number(size.effect()));
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : "%.4f".formatted(value);
  }
}
