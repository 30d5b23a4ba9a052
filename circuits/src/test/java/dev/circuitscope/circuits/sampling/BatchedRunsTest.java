package dev.circuitscope.circuits.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class BatchedRunsTest {

  private final TransformerConfig config =
      TransformerConfig.attentionOnly(2).heads(3).dModel(12).vocab(20).context(16).build();
  private final Transformer model = Transformer.create(config, 5L);
  private final int[][] tokens =
      RepeatSampling.defaults(config, 1L).withSequences(5).draw().tokens();

  @Test
  void everyPatternOfEveryHeadIsShownOnceWithTheCachesNumbers() {
    AtomicInteger shown = new AtomicInteger();
    BatchedRuns.patterns(
        model,
        tokens,
        RunSettings.plain().inBatchesOf(2),
        (sequence, layer, head, pattern) -> {
          shown.incrementAndGet();
          INDArray all = model.runWithCache(tokens).cache().get(HookPoint.pattern(layer));
          for (int dest = 0; dest < 14; dest++) {
            for (int src = 0; src < 14; src++) {
              assertThat(pattern.at(dest, src)).isEqualTo(all.getFloat(sequence, head, dest, src));
            }
          }
        });
    assertThat(shown).hasValue(5 * 2 * 3);
  }

  @Test
  void lossesAreThoseOfOneRunWhateverTheBatch() {
    float[][] expected = model.lossPerToken(tokens).toFloatMatrix();
    for (int batch : new int[] {1, 2, 5, 9}) {
      assertThat(BatchedRuns.losses(model, tokens, RunSettings.plain().inBatchesOf(batch)))
          .isDeepEqualTo(expected);
    }
    assertThat(BatchedRuns.losses(model, tokens, RunSettings.plain())).isDeepEqualTo(expected);
  }

  @Test
  void batchesOfWideModelsAreSmallAndNeverEmpty() {
    TransformerConfig wide = config.toBuilder().vocab(50_000).context(2048).build();
    assertThat(RunSettings.plain().batchFor(wide, 100)).isBetween(1, 4);
    assertThat(RunSettings.plain().batchFor(wide, 2048)).isEqualTo(1);
    assertThat(RunSettings.plain().batchFor(config, 16)).isGreaterThan(1000);
  }

  @Test
  void noSequencesAreRefusedAsTheModelRefusesThem() {
    assertThatThrownBy(() -> BatchedRuns.losses(model, new int[0][], RunSettings.plain()))
        .hasMessageContaining("the batch is empty");
    assertThatThrownBy(
            () ->
                BatchedRuns.patterns(model, new int[0][], RunSettings.plain(), (b, l, h, p) -> {}))
        .hasMessageContaining("the batch is empty");
  }

  @Test
  void batchesHaveAtLeastOneSequence() {
    assertThatThrownBy(() -> RunSettings.plain().inBatchesOf(0)).hasMessageContaining("was 0");
    assertThatThrownBy(() -> new RunSettings(Hooks.none(), -1)).hasMessageContaining("was -1");
  }

  @Test
  void provenanceTellsTokensSeedsAndHooksApart() {
    RunSettings plain = RunSettings.plain();
    Provenance one = Provenance.of(config, tokens, "text", OptionalLong.of(1), plain);
    assertThat(one).isEqualTo(Provenance.of(config, tokens, "text", OptionalLong.of(1), plain));
    int[][] others = {tokens[1], tokens[0]};
    assertThat(Provenance.of(config, others, "text", OptionalLong.of(1), plain).sha256())
        .isNotEqualTo(one.sha256());
    RunSettings ablated = RunSettings.with(Hooks.zeroHead(1, 2));
    Provenance hooked = Provenance.of(config, tokens, "text", OptionalLong.empty(), ablated);
    assertThat(hooked.hooks()).isEqualTo("blocks.1.attn.hook_z");
    assertThat(hooked.toJson().has("seed")).isFalse();
    assertThat(hooked.toJson().getAsJsonObject("model").get("n_layers").getAsInt()).isEqualTo(2);
    assertThat(one.toString())
        .startsWith("5 sequences of 14 tokens: text, seed 1, SHA-256 ")
        .endsWith("...");
  }

  @Test
  void theHashIsThatOfTheIdsAsBigEndianIntegers() {
    // printf '\0\0\0\1\0\0\0\2' | sha256sum
    assertThat(
            Provenance.of(
                    config, new int[][] {{1}, {2}}, "", OptionalLong.empty(), RunSettings.plain())
                .sha256())
        .isEqualTo("0f585dd518ed0644f3edfd3f7d5012cc9f445c4c9d24e168e694c4d6f36faea6");
  }
}
