package dev.circuitscope.circuits.ngrams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.algebra.FactoredMatrix;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.TestModels;
import dev.circuitscope.core.text.CharTokenizer;
import dev.circuitscope.core.text.Phrase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SkipTrigramSearchTest {

  private static final List<TrigramCircuit> TWO_HEADS =
      List.of(
          DenseTrigrams.random(new Head(0, 0), 61, 61, 5, 1L),
          DenseTrigrams.random(new Head(0, 1), 61, 61, 5, 100L));

  static List<TrigramFilter> filters() {
    TrigramFilter any = TrigramFilter.any();
    return List.of(
        any,
        any.copying(),
        any.notCopying(),
        any.withSources(3, 50, 7),
        any.destinations(t -> t % 3 == 0).withOuts(1, 2, 60),
        any.notCopying().outs(t -> t < 30).sources(t -> t < 20));
  }

  private static void assertSame(List<SkipTrigram> found, List<SkipTrigram> expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      SkipTrigram f = found.get(i);
      SkipTrigram e = expected.get(i);
      assertThat(f.phrase()).as("triple %d", i).isEqualTo(e.phrase());
      assertThat(f.head()).isEqualTo(e.head());
      assertThat(f.strength()).isCloseTo(e.strength(), within(1e-12));
      assertThat(f.preference()).isCloseTo(e.preference(), within(1e-12));
      assertThat(f.effect()).isCloseTo(e.effect(), within(1e-12));
    }
  }

  private static List<SkipTrigram> cube(TrigramFilter filter, TrigramStrength strength) {
    List<SkipTrigram> all = new ArrayList<>();
    TWO_HEADS.forEach(head -> all.addAll(DenseTrigrams.all(head, filter, strength)));
    all.sort(SkipTrigram.STRONGEST_FIRST);
    return all;
  }

  private static List<SkipTrigram> first(List<SkipTrigram> triples, int k) {
    return triples.subList(0, Math.min(k, triples.size()));
  }

  @Nested
  class The_strongest {

    static List<TrigramFilter> filters() {
      return SkipTrigramSearchTest.filters();
    }

    @ParameterizedTest
    @MethodSource("filters")
    void are_those_of_the_whole_cube(TrigramFilter filter) {
      for (TrigramStrength strength : List.of(TrigramStrength.PRODUCT, TrigramStrength.raise(20))) {
        List<SkipTrigram> expected = cube(filter, strength);
        SkipTrigramSearch search =
            SkipTrigramSearch.of(TWO_HEADS).filter(filter).strength(strength);
        for (int k : new int[] {1, 2, 17, 200}) {
          assertSame(search.strongest(k).triples(), first(expected, k));
        }
      }
    }

    @ParameterizedTest
    @CsvSource({"1", "3"})
    void may_be_limited_for_each_source(int most) {
      Map<String, Integer> taken = new HashMap<>();
      List<SkipTrigram> expected =
          cube(TrigramFilter.any(), TrigramStrength.PRODUCT).stream()
              .filter(t -> taken.merge(t.head() + " " + t.source(), 1, Integer::sum) <= most)
              .toList();
      SkipTrigramSearch search = SkipTrigramSearch.of(TWO_HEADS).perSource(most);
      assertSame(search.strongest(30).triples(), first(expected, 30));
    }

    @Test
    void of_many_sources_are_found_in_several_blocks_and_tiles() {
      TrigramCircuit large = DenseTrigrams.random(new Head(0, 2), 2_500, 1_100, 4, 9L);
      double[][] p = large.preferences().product().toDoubleMatrix();
      double[][] e = large.effects().product().toDoubleMatrix();
      List<SkipTrigram> best =
          SkipTrigramSearch.of(List.of(large)).perSource(1).strongest(2_500).triples();
      assertThat(best).hasSize(2_500);
      for (int i = 0; i < best.size(); i++) {
        SkipTrigram t = best.get(i);
        double mostPreferred = 0;
        for (double[] row : p) {
          mostPreferred = Math.max(mostPreferred, row[t.source()]);
        }
        double mostRaised = Arrays.stream(e[t.source()]).max().orElseThrow();
        assertThat(t.strength()).isCloseTo(mostPreferred * mostRaised, within(1e-11));
        assertThat(t.strength()).isLessThanOrEqualTo(i == 0 ? 1e9 : best.get(i - 1).strength());
      }
      assertSame(
          SkipTrigramSearch.of(List.of(large)).perSource(1).strongest(5).triples(),
          best.subList(0, 5));
    }

    @Test
    void are_fewer_than_asked_for_if_nothing_else_is_raised() {
      TrigramFilter one = TrigramFilter.any().withSources(3).withDestinations(4).withOuts(5, 6);
      List<SkipTrigram> expected = cube(one, TrigramStrength.PRODUCT);
      assertSame(SkipTrigramSearch.of(TWO_HEADS).filter(one).strongest(100).triples(), expected);
      TrigramFilter none = TrigramFilter.any().withSources();
      assertThat(SkipTrigramSearch.of(TWO_HEADS).filter(none).strongest(3).triples()).isEmpty();
    }

    @Test
    void that_do_not_copy_are_found_in_heads_that_mostly_copy() {
      SplittableRandom random = new SplittableRandom(4);
      INDArray raised = DenseTrigrams.matrix(40, 40, 7L);
      for (int token = 0; token < 40; token++) {
        raised.putScalar(token, token, 30 + 100 * random.nextDouble());
      }
      TrigramCircuit copier =
          TrigramCircuit.of(
              new Head(0, 0),
              new FactoredMatrix(DenseTrigrams.matrix(40, 4, 8L), DenseTrigrams.matrix(4, 40, 9L)),
              new FactoredMatrix(raised, Nd4j.eye(40)));
      TrigramFilter filter = TrigramFilter.any().notCopying();
      List<SkipTrigram> expected = DenseTrigrams.all(copier, filter, TrigramStrength.PRODUCT);
      for (int k = 1; k < 6; k++) {
        SkipTrigramSearch search = SkipTrigramSearch.of(List.of(copier)).filter(filter);
        assertSame(search.strongest(k).triples(), first(expected, k));
      }
    }

    @Test
    void are_the_same_bits_for_any_number_of_threads() {
      int threads = Parallel.threads();
      try {
        Parallel.setThreads(1);
        String one = SkipTrigramSearch.of(TWO_HEADS).strongest(50).toJson().toString();
        Parallel.setThreads(3);
        assertThat(SkipTrigramSearch.of(TWO_HEADS).strongest(50).toJson()).hasToString(one);
      } finally {
        Parallel.setThreads(threads);
      }
    }

    @Test
    void of_a_vocabulary_of_one_token_do_not_exist() {
      TrigramCircuit single = DenseTrigrams.random(new Head(0, 0), 1, 1, 2, 3L);
      assertThat(SkipTrigramSearch.of(List.of(single)).strongest(1).triples()).isEmpty();
      assertThat(SkipTrigramSearch.of(List.<TrigramCircuit>of()).strongest(1).triples()).isEmpty();
    }

    @Test
    void among_given_triples_are_theirs_alone() {
      List<Phrase> given = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        given.add(new Phrase(i % 61, (7 * i) % 61, (11 * i + 3) % 61));
      }
      List<SkipTrigram> expected =
          cube(TrigramFilter.any(), TrigramStrength.PRODUCT).stream()
              .filter(t -> given.contains(t.phrase()))
              .toList();
      given.add(new Phrase(61, 0, 0));
      assertSame(
          SkipTrigramSearch.of(TWO_HEADS).strongestAmong(given, 25).triples(), first(expected, 25));
    }
  }

  @Nested
  class A_table {

    @Test
    void has_the_top_destinations_and_outs_of_the_strongest_sources() {
      SourceTable table = SkipTrigramSearch.of(TWO_HEADS).table(7, 4);
      List<SkipTrigram> best = SkipTrigramSearch.of(TWO_HEADS).perSource(1).strongest(7).triples();
      for (int i = 0; i < 7; i++) {
        SourceTable.Row row = table.rows().get(i);
        SkipTrigram t = best.get(i);
        assertThat(row.source()).isEqualTo(t.source());
        assertThat(row.head()).isEqualTo(t.head());
        assertThat(row.strength()).isCloseTo(t.strength(), within(1e-12));
        TrigramCircuit circuit = TWO_HEADS.get(t.head().head());
        assertThat(row.destinations()).isEqualTo(circuit.destinations(t.source(), 4));
        assertThat(row.outs()).isEqualTo(circuit.outs(t.source(), 4));
        assertThat(row.outs().get(0).token()).isEqualTo(t.out());
      }
    }
  }

  @Nested
  class A_circuit {

    private final TrigramCircuit circuit = TWO_HEADS.get(0);

    @Test
    void is_centred_over_sources_and_over_outs() {
      double[][] p = circuit.preferences().product().toDoubleMatrix();
      double[][] e = circuit.effects().product().toDoubleMatrix();
      for (int t = 0; t < 61; t++) {
        assertThat(Arrays.stream(p[t]).sum()).isCloseTo(0, within(1e-12));
        assertThat(Arrays.stream(e[t]).sum()).isCloseTo(0, within(1e-12));
        assertThat(circuit.preference(t, 5)).isCloseTo(p[t][5], within(1e-12));
        assertThat(circuit.effect(t, 60)).isCloseTo(e[t][60], within(1e-12));
      }
    }

    @Test
    void ranks_destinations_sources_and_outs() {
      double[][] p = circuit.preferences().product().toDoubleMatrix();
      double[][] e = circuit.effects().product().toDoubleMatrix();
      double[] column = Arrays.stream(p).mapToDouble(row -> row[9]).toArray();
      assertRanking(circuit.destinations(9, 6), column);
      assertRanking(circuit.sources(9, 6), p[9]);
      assertRanking(circuit.outs(9, 6), e[9]);
    }

    private void assertRanking(List<TokenValue> top, double[] values) {
      int[] order =
          IntStream.range(0, values.length)
              .boxed()
              .sorted(Comparator.comparingDouble((Integer i) -> -values[i]))
              .mapToInt(i -> i)
              .toArray();
      for (int i = 0; i < top.size(); i++) {
        assertThat(top.get(i).token()).isEqualTo(order[i]);
        assertThat(top.get(i).value()).isCloseTo(values[order[i]], within(1e-12));
      }
    }

    @Test
    void refuses_tokens_outside_the_vocabulary_and_tables_that_do_not_fit() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> circuit.preference(61, 0))
          .withMessageContaining("token 61")
          .withMessageContaining("0 to 60");
      assertThatIllegalArgumentException().isThrownBy(() -> circuit.outs(0, -1));
      assertThatIllegalArgumentException().isThrownBy(() -> circuit.withFinalScale(0));
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  TrigramCircuit.of(
                      new Head(0, 0),
                      new FactoredMatrix(Nd4j.ones(3, 2), Nd4j.ones(2, 3)),
                      new FactoredMatrix(Nd4j.ones(4, 2), Nd4j.ones(2, 4))))
          .withMessageContaining("[3, 3]")
          .withMessageContaining("[4, 4]");
    }
  }

  @Nested
  class A_result {

    private final TransformerConfig config =
        TestModels.config(1, Normalization.NONE, Positions.NONE);
    private final Transformer model = Transformer.of(config, TestModels.weights(config, 2L));

    @Test
    void prints_tokens_by_their_text_and_goes_to_json() {
      CharTokenizer tokenizer = CharTokenizer.ofAlphabet("abc\n efgh");
      SkipTrigrams result = SkipTrigramSearch.of(model).named(tokenizer).strongest(3);
      SkipTrigram best = result.triples().get(0);
      TokenNames names = TokenNames.of(tokenizer);
      assertThat(result.toString())
          .contains("preference times effect")
          .contains(best.text(names))
          .contains("the weights");
      JsonObject json = result.toJson();
      JsonObject triple = json.getAsJsonArray("triples").get(0).getAsJsonObject();
      assertThat(triple.get("source").getAsInt()).isEqualTo(best.source());
      assertThat(triple.get("text").getAsString()).isEqualTo(best.text(names));
      assertThat(json.has("provenance")).isTrue();
      assertThat(names.name(2)).isEqualTo("'\\n'");
      assertThat(names.name(99)).isEqualTo("99");
      assertThat(SkipTrigrams.of(model, 3).toString()).contains(best.source() + " ... ");
    }

    @Test
    void covers_the_heads_that_were_asked_for() {
      assertThat(SkipTrigramSearch.of(model).perSource(1).strongest(100).triples())
          .extracting(SkipTrigram::head)
          .contains(new Head(0, 0), new Head(0, 1), new Head(0, 2));
      assertThat(SkipTrigramSearch.of(model).heads(new Head(0, 1)).strongest(9).triples())
          .extracting(SkipTrigram::head)
          .containsOnly(new Head(0, 1));
    }

    @Test
    void has_effects_over_the_final_scale_that_was_given() {
      SkipTrigram plain = SkipTrigrams.of(model, 1).triples().get(0);
      SkipTrigram scaled = SkipTrigramSearch.of(model).finalScale(4).strongest(1).triples().get(0);
      assertThat(scaled.effect()).isCloseTo(plain.effect() / 4, within(1e-12));
    }

    @Test
    void of_a_model_without_layers_is_empty() {
      TransformerConfig none = TestModels.config(0, Normalization.LN, Positions.STANDARD);
      Transformer flat = Transformer.of(none, TestModels.weights(none, 1L));
      assertThat(SkipTrigrams.of(flat, 5).triples()).isEmpty();
    }

    @Test
    void cannot_be_asked_for_with_impossible_numbers() {
      SkipTrigramSearch search = SkipTrigramSearch.of(TWO_HEADS);
      assertThatIllegalArgumentException().isThrownBy(() -> search.strongest(0));
      assertThatIllegalArgumentException().isThrownBy(() -> search.perSource(0));
      assertThatIllegalArgumentException().isThrownBy(() -> search.table(1, 0));
      assertThatIllegalArgumentException().isThrownBy(() -> TrigramStrength.raise(0));
      assertThatIllegalStateException().isThrownBy(() -> search.heads(new Head(0, 0)));
    }
  }
}
