package dev.circuitscope.circuits.learning.pertoken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.point;

import dev.circuitscope.circuits.heads.HeadScores;
import dev.circuitscope.circuits.known.KnownCircuits;
import dev.circuitscope.circuits.known.KnownModel;
import dev.circuitscope.circuits.known.KnownSettings;
import dev.circuitscope.circuits.known.Role;
import dev.circuitscope.circuits.learning.PhaseChange;
import dev.circuitscope.circuits.learning.snapshots.TrainingMoment;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.SampleMean;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.Hook;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class LossDirectionTest {

  @Nested
  class Vectors {

    @Test
    void theDirectionIsTheUnitVectorOfTheMove() {
      LossDirection move = LossDirection.between(new double[] {5, 5, 1}, new double[] {2, 9, 1});
      assertThat(move.distance()).isEqualTo(5);
      assertThat(move.unit()).containsExactly(-0.6, 0.8, 0);
      assertThat(move.dot(new double[] {2, 9, 1}, new double[] {3, 9, 7}))
          .isCloseTo(-0.6, within(1e-15));
      assertThat(move.toJson().get("unit").getAsJsonArray()).hasSize(3);
      assertThat(move.toString()).contains("3 per-token losses, 5.0000");
    }

    @Test
    void acrossAChangeItGoesFromItsStartToItsEnd() {
      List<TrainingMoment> moments =
          List.of(new TrainingMoment(0, 0), new TrainingMoment(10, 10), new TrainingMoment(20, 20));
      double[][] losses = {{9, 9}, {5, 5}, {2, 9}};
      TransformerConfig shape =
          TransformerConfig.attentionOnly(1).heads(1).dModel(4).vocab(5).context(6).build();
      LossTrajectory run = new LossTrajectory("run", moments, losses, Provenance.ofWeights(shape));
      PhaseChange change = new PhaseChange(10, 20, 20, 15, 1, 0, 0.5);
      assertThat(LossDirection.across(run, change).unit()).containsExactly(-0.6, 0.8);
      PhaseChange elsewhere = new PhaseChange(10, 20, 30, 15, 1, 0, 0.5);
      assertThatThrownBy(() -> LossDirection.across(run, elsewhere))
          .hasMessageContaining("no losses at step 30");
    }

    @Test
    void vectorsOfOtherTokensAndModelsThatAreTheSameAreRefused() {
      double[] two = {1, 2};
      double[] three = {1, 2, 3};
      assertThatThrownBy(() -> LossDirection.between(two, three)).hasMessageContaining("3 and 2");
      assertThatThrownBy(() -> LossDirection.between(two, two)).hasMessageContaining("move by 0");
      LossDirection move = LossDirection.between(two, new double[] {2, 2});
      assertThatThrownBy(() -> move.dot(three, three)).hasMessageContaining("same probe");
    }
  }

  @Nested
  class ScoresOfHeads {

    private final Transformer model =
        Transformer.create(
            TransformerConfig.attentionOnly(3).heads(2).dModel(12).vocab(9).context(12).build(),
            5L);
    private final TokenProbe probe = TokenProbe.draw(TokenProbeTest.texts(200, 12, 9, 1L), 2L);
    private final LossDirection direction =
        LossDirection.between(
            probe.losses(Transformer.create(model.config(), 6L)), probe.losses(model));

    @Test
    void areTheDotProductsWithWhatEachAblationAdds() {
      HeadScores full = direction.scores(model, probe, HeadAblation.full());
      double[] plain = probe.losses(model);
      for (Head head : full.ranking()) {
        INDArray all = model.lossPerToken(probe.tokens(), Hooks.zeroHead(head));
        double[] terms = new double[200];
        double sum = 0;
        for (int e = 0; e < 200; e++) {
          terms[e] = direction.unit()[e] * (all.getFloat(e, probe.positions()[e]) - plain[e]);
          sum += terms[e];
        }
        assertThat(full.score(head)).isCloseTo(sum, within(1e-5));
        assertThat(full.standardError(head))
            .isCloseTo(200 * SampleMean.of(terms).standardError(), within(1e-5));
      }
      assertThat(full.samples()).isEqualTo(200);
    }

    @Test
    void withMlpsAndWithHooksOfOnesOwnAreThoseOfWholeRunsToo() {
      Transformer other =
          Transformer.create(
              TransformerConfig.withMlps(2).heads(2).dModel(12).vocab(9).context(12).build(), 5L);
      HeadAblation halved =
          (any, tokens) ->
              head ->
                  Hooks.at(
                      HookPoint.z(head.layer()),
                      (z, at) -> {
                        z.get(all(), all(), point(head.head()), all()).muli(0.5);
                        return z;
                      });
      for (Transformer any : List.of(model, other)) {
        double[] plain = probe.losses(any);
        for (HeadAblation ablation : List.of(HeadAblation.full(), halved)) {
          HeadScores scores = direction.scores(any, probe, ablation);
          for (Head head : scores.ranking()) {
            double[] ablated = new double[200];
            Hooks hooks = ablation.prepare(any, probe.tokens()).without(head);
            INDArray losses = any.lossPerToken(probe.tokens(), hooks);
            for (int e = 0; e < 200; e++) {
              ablated[e] = losses.getFloat(e, probe.positions()[e]);
            }
            assertThat(scores.score(head)).isCloseTo(direction.dot(plain, ablated), within(1e-5));
          }
        }
      }
    }

    @Test
    void withPatternsPreservedUseThoseOfTheModelAsItIs() {
      HeadScores preserved = direction.scores(model, probe, HeadAblation.patternPreserving());
      HeadScores full = direction.scores(model, probe, HeadAblation.full());
      double[] plain = probe.losses(model);
      try (Run clean = model.runWithCache(probe.tokens())) {
        for (Head head : preserved.ranking()) {
          Hooks hooks = Hooks.zeroHead(head);
          for (int layer = 0; layer < 3; layer++) {
            INDArray pattern = clean.cache().get(HookPoint.pattern(layer));
            hooks = hooks.and(Hooks.at(HookPoint.pattern(layer), Hook.replaceWith(pattern)));
          }
          INDArray all = model.lossPerToken(probe.tokens(), hooks);
          double[] ablated = new double[200];
          for (int e = 0; e < 200; e++) {
            ablated[e] = all.getFloat(e, probe.positions()[e]);
          }
          assertThat(preserved.score(head))
              .as("%s", head)
              .isCloseTo(direction.dot(plain, ablated), within(1e-5));
        }
      }
      assertThat(preserved.score(2, 1)).isEqualTo(full.score(2, 1));
      assertThat(preserved.score(0, 1)).isNotEqualTo(full.score(0, 1));
    }

    @Test
    void headsTakenOutTogetherKeepThePatternsOfTheModelAsItIs() {
      List<Head> both = List.of(new Head(0, 1), new Head(1, 0));
      double[] losses = probe.losses(model, HeadAblation.patternPreserving(), both);
      try (Run clean = model.runWithCache(probe.tokens())) {
        Hooks hooks = Hooks.zeroHead(0, 1).and(Hooks.zeroHead(1, 0));
        for (int layer = 0; layer < 3; layer++) {
          INDArray pattern = clean.cache().get(HookPoint.pattern(layer));
          hooks = hooks.and(Hooks.replace(HookPoint.pattern(layer), pattern));
        }
        INDArray all = model.lossPerToken(probe.tokens(), hooks);
        for (int e = 0; e < 200; e++) {
          assertThat(losses[e]).isCloseTo(all.getFloat(e, probe.positions()[e]), within(2e-6));
        }
      }
      assertThatThrownBy(() -> probe.losses(model, HeadAblation.full(), List.of()))
          .hasMessageContaining("empty");
    }

    @Test
    void theirMeasurementTellsItsProgressAndCanBeInterrupted() {
      List<String> progress = new ArrayList<>();
      direction.scores(
          model, probe, HeadAblation.full(), (done, all) -> progress.add(done + "/" + all));
      assertThat(progress).containsExactly("128/200", "200/200");
      ProbeProgress interrupting = (done, all) -> Thread.currentThread().interrupt();
      assertThatThrownBy(() -> direction.scores(model, probe, HeadAblation.full(), interrupting))
          .isInstanceOf(CancellationException.class)
          .hasMessageContaining("128 of 200");
      assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void anotherProbeIsRefused() {
      TokenProbe other = TokenProbe.draw(TokenProbeTest.texts(3, 12, 9, 1L), 2L);
      assertThatThrownBy(() -> direction.scores(model, other, HeadAblation.full()))
          .hasMessageContaining("200 losses, not of 3");
    }
  }

  @Test
  void ofAnInductionCircuitTheInductionHeadIsTheMostNegative() {
    KnownSettings settings =
        KnownSettings.of(30, 40)
            .heads(3)
            .layers(3)
            .place(Role.PREVIOUS_TOKEN, 0, 1)
            .place(Role.INDUCTION, 2, 2)
            .noise(0.01, 3L);
    KnownModel known = KnownCircuits.induction(settings);
    Transformer before = KnownCircuits.zero(settings).model();
    TokenProbe probe = TokenProbe.draw(known.repeats(4L).withSequences(64).draw().tokens(), 5L);
    LossDirection change = LossDirection.between(probe.losses(before), probe.losses(known.model()));
    HeadScores scores = change.scores(known.model(), probe, HeadAblation.patternPreserving());
    List<Head> ranking = scores.ranking();
    Head last = ranking.get(ranking.size() - 1);
    assertThat(last).isEqualTo(known.head(Role.INDUCTION));
    assertThat(scores.score(last)).isLessThan(-0.99 * change.distance());
    assertThat(scores.score(ranking.get(ranking.size() - 2)))
        .isGreaterThan(0.05 * scores.score(last));
  }
}
