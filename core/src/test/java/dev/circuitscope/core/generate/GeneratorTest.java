package dev.circuitscope.core.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.AttentionDirection;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.TestModels;
import dev.circuitscope.core.text.ByteTokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

@DisplayName("A generator")
class GeneratorTest {

  private static final Sampling RANDOM = Sampling.random(7L);

  private static final TransformerConfig BYTES =
      TransformerConfig.withMlps(2).heads(2).dModel(16).vocab(257).context(40).build();

  private static Transformer model(TransformerConfig config) {
    return Transformer.of(config, TestModels.weights(config, 41L));
  }

  static Stream<TransformerConfig> writers() {
    return TestModels.family()
        .filter(c -> c.attention().direction() == AttentionDirection.CAUSAL)
        .filter(c -> c.dVocabOut() <= c.dVocab() && c.nCtx() > 2);
  }

  @ParameterizedTest
  @MethodSource("writers")
  void writesTheSameWithAndWithoutCache(TransformerConfig config) {
    Generator generator = Generator.of(model(config));
    int[][] prompts = TestModels.tokens(config, 3, 2, 42L);
    for (Sampling sampling :
        List.of(Sampling.greedy(), RANDOM, RANDOM.withTopK(4), RANDOM.withTopP(0.7))) {
      GenerationOptions options = GenerationOptions.of(config.nCtx()).withSampling(sampling);
      List<Generation> cached = generator.generate(prompts, options);
      assertThat(cached).isEqualTo(generator.generate(prompts, options.withoutCache()));
      assertThat(cached).allMatch(g -> g.tokens().length == config.nCtx());
    }
  }

  @Test
  void takesTheMostLikelyTokenOfAWholeRunEachTime() {
    Transformer model = model(BYTES);
    int[] tokens = {3, 1, 4, 1, 5};
    Generation generation = Generator.of(model).generate(tokens, GenerationOptions.of(10));
    for (int step = 0; step < 10; step++) {
      INDArray logits = model.run(new int[][] {tokens});
      double[] last = new double[257];
      for (int t = 0; t < 257; t++) {
        last[t] = logits.getDouble(0, tokens.length - 1, t);
      }
      int best = 0;
      double sum = 0;
      for (int t = 0; t < 257; t++) {
        best = last[t] > last[best] ? t : best;
        sum += Math.exp(last[t]);
      }
      assertThat(generation.newTokens().get(step)).isEqualTo(best);
      assertThat(generation.logProbabilities().get(step))
          .isCloseTo(last[best] - Math.log(sum), within(1e-9));
      tokens = Arrays.copyOf(tokens, tokens.length + 1);
      tokens[tokens.length - 1] = best;
    }
    assertThat(generation.tokens()).isEqualTo(tokens);
    assertThat(generation.stopReason()).isEqualTo(StopReason.MAX_NEW_TOKENS);
    assertThat(generation.text()).isEmpty();
  }

  @Nested
  @DisplayName("of a batch")
  class OfABatch {

    private final Generator generator = Generator.of(model(BYTES));
    private final int[][] prompts = {{1, 2}, {3, 4}, {1, 2}};
    private final GenerationOptions options = GenerationOptions.of(20).withSampling(RANDOM);

    @Test
    void writesEachTextAsIfItWereAlone() {
      List<Generation> batch = generator.generate(prompts, options);
      for (int b = 0; b < 3; b++) {
        assertThat(generator.generate(prompts[b], options.fromExample(b))).isEqualTo(batch.get(b));
      }
      assertThat(batch.get(0).newTokens()).isNotEqualTo(batch.get(2).newTokens());
      assertThat(generator.generate(prompts, options)).isEqualTo(batch);
    }

    @Test
    void goesOnWithTheOthersWhenOneStops() {
      List<Generation> free = generator.generate(prompts, options);
      int stop = free.get(1).newTokens().get(4);
      List<Generation> batch = generator.generate(prompts, options.stoppingAt(stop));
      int first = free.get(1).newTokens().indexOf(stop);
      assertThat(batch.get(1).newTokens()).isEqualTo(free.get(1).newTokens().subList(0, first + 1));
      assertThat(batch.get(1).stopReason()).isEqualTo(StopReason.STOP_TOKEN);
      for (int b : new int[] {0, 2}) {
        int at = free.get(b).newTokens().indexOf(stop);
        assertThat(batch.get(b).newTokens())
            .isEqualTo(free.get(b).newTokens().subList(0, at < 0 ? 20 : at + 1));
      }
    }
  }

  @Test
  void stopsWhenTheContextIsFull() {
    Generator generator = Generator.of(model(BYTES));
    Generation generation = generator.generate(new int[38], GenerationOptions.of(5));
    assertThat(generation.tokens()).hasSize(40);
    assertThat(generation.stopReason()).isEqualTo(StopReason.CONTEXT_FULL);
    Generation full = generator.generate(new int[40], GenerationOptions.of(5));
    assertThat(full.newTokens()).isEmpty();
    assertThat(full.stopReason()).isEqualTo(StopReason.CONTEXT_FULL);
    Generation exact = generator.generate(new int[38], GenerationOptions.of(2));
    assertThat(exact.stopReason()).isEqualTo(StopReason.MAX_NEW_TOKENS);
    Generation nothing = generator.generate(new int[40], GenerationOptions.of(0));
    assertThat(nothing.stopReason()).isEqualTo(StopReason.MAX_NEW_TOKENS);
    assertThat(generator.generate(new int[1], GenerationOptions.of(Integer.MAX_VALUE)).tokens())
        .hasSize(40);
  }

  @Test
  void tellsOfEveryTokenWithTheCharactersItCompletes() {
    Generator generator = Generator.of(model(BYTES), new ByteTokenizer());
    GenerationOptions options = GenerationOptions.of(30).withSampling(RANDOM);
    List<GeneratedToken> seen = new ArrayList<>();
    Generation generation = generator.generate("é", options, seen::add);
    assertThat(generation.prompt()).containsExactly(256, 0xc3, 0xa9);
    assertThat(seen).extracting(GeneratedToken::token).isEqualTo(generation.newTokens());
    assertThat(seen)
        .extracting(GeneratedToken::logProbability)
        .isEqualTo(generation.logProbabilities());
    assertThat(seen).filteredOn(GeneratedToken::last).hasSize(1);
    assertThat(seen.get(29).last()).isTrue();
    String text = String.join("", seen.stream().map(GeneratedToken::text).toList());
    assertThat(generation.text()).contains(text);
    int[] made = generation.newTokens().stream().mapToInt(t -> t).toArray();
    assertThat(text).isEqualTo(new ByteTokenizer().decode(made));
    assertThat(generator.generate("é", options)).isEqualTo(generation);
  }

  @Test
  void givesAStopTokenNoText() {
    Generator generator = Generator.of(model(BYTES), new ByteTokenizer());
    GenerationOptions options = GenerationOptions.of(30).withSampling(RANDOM);
    int first = generator.generate("x", options).newTokens().get(0);
    Generation stopped = generator.generate("x", options.stoppingAt(first));
    assertThat(stopped.newTokens()).containsExactly(first);
    assertThat(stopped.text()).contains("");
  }

  @Test
  void appliesHooksToEveryPass() {
    Generator generator = Generator.of(model(BYTES));
    Hooks hooks = Hooks.zeroHead(0, 0).and(Hooks.at(HookPoint.attnOut(1), (x, at) -> x.mul(3)));
    GenerationOptions options = GenerationOptions.of(20).withSampling(RANDOM).withHooks(hooks);
    Generation hooked = generator.generate(new int[] {1, 2}, options);
    assertThat(hooked).isEqualTo(generator.generate(new int[] {1, 2}, options.withoutCache()));
    assertThat(hooked.newTokens())
        .isNotEqualTo(
            generator.generate(new int[] {1, 2}, options.withHooks(Hooks.none())).newTokens());
  }

  @Test
  void drawsFirstTokensAsOftenAsTheModelSays() {
    TransformerConfig config = TestModels.config(1, Normalization.LN, Positions.STANDARD);
    Transformer model = model(config);
    double[] expected =
        RANDOM.probabilities(model.run(new int[][] {{3, 5}}).slice(0).slice(1).toFloatVector());
    int draws = 4000;
    int[][] prompts = new int[draws][];
    Arrays.fill(prompts, new int[] {3, 5});
    double[] count = new double[expected.length];
    Generator.of(model)
        .generate(prompts, GenerationOptions.of(1).withSampling(RANDOM))
        .forEach(g -> count[g.newTokens().get(0)]++);
    for (int t = 0; t < count.length; t++) {
      double deviation = Math.sqrt(draws * expected[t] * (1 - expected[t]));
      assertThat(count[t]).isCloseTo(draws * expected[t], within(4 * deviation));
    }
  }

  @Test
  void refusesWhatItCannotContinue() {
    Generator generator = Generator.of(model(BYTES));
    GenerationOptions options = GenerationOptions.of(3);
    assertThatThrownBy(() -> generator.generate(new int[0], options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a prompt has at least one token");
    assertThatThrownBy(() -> generator.generate(new int[0][], options))
        .hasMessageContaining("at least one token");
    assertThatThrownBy(() -> generator.generate(new int[][] {{1}, {1, 2}}, options))
        .hasMessageContaining("one length, got 1 and 2 tokens");
    assertThatThrownBy(() -> generator.generate(new int[41], options))
        .hasMessage("a prompt of 41 tokens exceeds the model's context of 40");
    assertThatThrownBy(() -> generator.generate(new int[] {257}, options))
        .hasMessageContaining("token 257");
    assertThatThrownBy(() -> generator.generate("text", options))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("needs a tokenizer");
    assertThatThrownBy(() -> GenerationOptions.of(-1)).hasMessageContaining("was -1");
    Transformer both = model(BYTES.toBuilder().direction(AttentionDirection.BIDIRECTIONAL).build());
    assertThatThrownBy(() -> Generator.of(both))
        .hasMessageContaining("does not write from left to right");
  }
}
