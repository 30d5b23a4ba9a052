package dev.circuitscope.circuits.patching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.known.KnownCircuits;
import dev.circuitscope.circuits.known.KnownModel;
import dev.circuitscope.circuits.known.KnownSettings;
import dev.circuitscope.circuits.known.Role;
import dev.circuitscope.circuits.paths.FrozenRun;
import dev.circuitscope.circuits.paths.PathExpansion;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.reference.ReferenceRun;
import dev.circuitscope.core.reference.ReferenceTransformer;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

class AblationTest {

  private final Transformer model = PatchedModels.withMlps(Normalization.LN);
  private final int[][] tokens = PatchedModels.tokens(model, 3, 6, 1L);
  private final int[][] others = PatchedModels.tokens(model, 5, 6, 2L);

  @Nested
  @DisplayName("what is put in place of activations")
  class Replacements {

    @Test
    @DisplayName("zeroing a head is what Hooks.zeroHead does")
    void zeroHead() {
      INDArray ablated = run(Ablation.zero(Units.heads(new Head(1, 2))));
      assertThat(ablated.toString()).isNotEmpty();
      assertSame(ablated, model.run(tokens, Hooks.zeroHead(1, 2)));
    }

    @Test
    @DisplayName("neurons at positions are zeroed there and nowhere else")
    void zeroNeurons() {
      Ablation ablation = Ablation.zero(Units.neurons(0, 1, 4).atPositions(2, 5));
      Hooks byHand =
          Hooks.at(
              HookPoint.mlpPost(0),
              (x, at) -> {
                for (int b = 0; b < 3; b++) {
                  for (int t : new int[] {2, 5}) {
                    x.putScalar(b, t, 1, 0);
                    x.putScalar(b, t, 4, 0);
                  }
                }
                return x;
              });
      assertSame(run(ablation), model.run(tokens, byHand));
    }

    @Test
    @DisplayName("means are those of the reference sequences, by position or over all")
    void means() {
      INDArray z = model.runWithCache(others).cache().get(HookPoint.z(0));
      for (MeanOver over : MeanOver.values()) {
        INDArray mean = over == MeanOver.SEQUENCES ? z.mean(0) : z.mean(0, 1);
        Hooks byHand =
            Hooks.at(
                HookPoint.z(0),
                (x, at) -> {
                  for (int b = 0; b < 3; b++) {
                    for (int t = 0; t < 6; t++) {
                      for (int d = 0; d < x.size(3); d++) {
                        x.putScalar(
                            new int[] {b, t, 1, d},
                            over == MeanOver.SEQUENCES
                                ? mean.getDouble(t, 1, d)
                                : mean.getDouble(1, d));
                      }
                    }
                  }
                  return x;
                });
        INDArray ablated = run(Ablation.mean(Units.heads(new Head(0, 1)), others, over));
        assertClose(ablated, model.run(tokens, byHand), 1e-5);
      }
    }

    @Test
    @DisplayName("resampling from one sequence patches its activations in")
    void resample() {
      int[][] one = {others[3]};
      INDArray z = model.runWithCache(one).cache().get(HookPoint.z(1));
      Hooks byHand =
          Hooks.at(
              HookPoint.z(1),
              (x, at) -> {
                for (int b = 0; b < 3; b++) {
                  x.get(point(b), all(), point(0), all()).assign(z.get(point(0), all(), point(0)));
                }
                return x;
              });
      Ablation ablation = Ablation.resample(Units.heads(new Head(1, 0)), one, 9L);
      assertClose(run(ablation), model.run(tokens, byHand), 1e-6);
    }

    @Test
    @DisplayName("heads, neurons and positions go together, whatever takes their place")
    void anyUnits() {
      Units units =
          Units.heads(new Head(0, 1), new Head(0, 3), new Head(1, 2))
              .and(Units.neurons(0, 2, 19))
              .and(Units.neurons(1, 7).atPositions(4));
      int[][] one = {others[3]};
      for (boolean preserving : new boolean[] {false, true}) {
        Run run = model.runWithCache(preserving ? tokens : one);
        for (Ablation ablation :
            List.of(
                Ablation.zero(units),
                Ablation.mean(units, one, MeanOver.SEQUENCES),
                Ablation.resample(units, one, 5L))) {
          boolean zero = ablation.toString().startsWith("zero");
          Hooks byHand = Hooks.none();
          for (int l = 0; l < 2; l++) {
            INDArray z = model.runWithCache(one).cache().get(HookPoint.z(l));
            INDArray mlp = model.runWithCache(one).cache().get(HookPoint.mlpPost(l));
            byHand =
                byHand
                    .and(Hooks.at(HookPoint.z(l), (x, at) -> heads(x, at.layer(), zero, z)))
                    .and(
                        Hooks.at(
                            HookPoint.mlpPost(l), (x, at) -> neurons(x, at.layer(), zero, mlp)));
            if (preserving) {
              byHand =
                  byHand.and(
                      Hooks.replace(HookPoint.pattern(l), run.cache().get(HookPoint.pattern(l))));
            }
          }
          Ablation whole = preserving ? ablation.preservingPatterns() : ablation;
          assertClose(run(whole), model.run(tokens, byHand), 1e-5);
        }
      }
    }

    private INDArray heads(INDArray x, int layer, boolean zero, INDArray from) {
      for (int head : layer == 0 ? new int[] {1, 3} : new int[] {2}) {
        for (int b = 0; b < 3; b++) {
          INDArray to = x.get(point(b), all(), point(head), all());
          to.assign(zero ? to.mul(0) : from.get(point(0), all(), point(head), all()));
        }
      }
      return x;
    }

    private INDArray neurons(INDArray x, int layer, boolean zero, INDArray from) {
      for (int neuron : layer == 0 ? new int[] {2, 19} : new int[] {7}) {
        for (int t = layer == 0 ? 0 : 4; t < (layer == 0 ? 6 : 5); t++) {
          for (int b = 0; b < 3; b++) {
            x.putScalar(b, t, neuron, zero ? 0 : from.getDouble(0, t, neuron));
          }
        }
      }
      return x;
    }

    @Test
    @DisplayName("resampling depends on its seed alone")
    void seeds() {
      Units head = Units.heads(new Head(0, 0));
      INDArray first = run(Ablation.resample(head, others, 3L));
      assertSame(first, run(Ablation.resample(head, others, 3L)));
      assertThat(largestDifference(first, run(Ablation.resample(head, others, 4L))))
          .isGreaterThan(1e-3);
    }

    @Test
    @DisplayName("a mean over the tokens themselves leaves a batch of one as it is")
    void ownMean() {
      int[][] one = {tokens[0]};
      Units all = Units.heads(new Head(0, 0), new Head(1, 3)).and(Units.neurons(1, 0, 3));
      Hooks hooks = Ablation.mean(all, one, MeanOver.SEQUENCES).hooks(model, one);
      assertSame(model.run(one, hooks), model.run(one));
    }
  }

  @Nested
  @DisplayName("patterns forced to those of the unablated run")
  class Patterns {

    @Test
    @DisplayName("give the logits of the float64 run with frozen patterns")
    void asFrozenRun() {
      Transformer plain = PatchedModels.attentionOnly(3, Normalization.NONE);
      int[][] batch = PatchedModels.tokens(plain, 2, 7, 3L);
      Set<Head> gone = Set.of(new Head(0, 1), new Head(1, 0), new Head(1, 3));
      Ablation ablation = Ablation.zero(Units.heads(gone)).preservingPatterns();
      INDArray logits = plain.run(batch, ablation.hooks(plain, batch));
      for (int b = 0; b < 2; b++) {
        INDArray exact = FrozenRun.of(plain, batch[b]).logits(head -> !gone.contains(head));
        assertClose(logits.get(point(b), all(), all()), exact, 1e-4); // float32 beside float64
      }
      INDArray live = plain.run(batch, Ablation.zero(Units.heads(gone)).hooks(plain, batch));
      assertThat(largestDifference(live, logits)).isGreaterThan(1e-3);
    }

    @Test
    @DisplayName("take away the terms of all paths through the heads: in float64 to 1e-10")
    void pathTerms() {
      Transformer plain = PatchedModels.attentionOnly(3, Normalization.NONE);
      int[][] one = PatchedModels.tokens(plain, 1, 7, 3L);
      Set<Head> gone = Set.of(new Head(0, 1), new Head(1, 0), new Head(1, 3));
      FrozenRun run = FrozenRun.of(plain, one[0]);
      PathExpansion paths = PathExpansion.of(run, plain.config().nLayers());
      INDArray left = run.logits();
      double largest = left.amaxNumber().doubleValue();
      assertThat(largest).isGreaterThan(10);
      paths
          .terms()
          .filter(term -> !Collections.disjoint(term.path().heads(), gone))
          .forEach(term -> left.subi(paths.logits(term)));

      INDArray ablated = zeroedInFloat64(plain, one, gone);
      assertThat(largestDifference(ablated, left)).isLessThan(1e-10);
      assertThat(largestDifference(run.logits(head -> !gone.contains(head)), left))
          .isLessThan(1e-10);
      assertThat(largestDifference(run.logits(), left)).isGreaterThan(1);
      Ablation ablation = Ablation.zero(Units.heads(gone)).preservingPatterns();
      assertClose(plain.run(one, ablation.hooks(plain, one)), left, 1e-6 * largest);
    }

    /** z of some heads made zero, with patterns put back, in the float64 forward pass. */
    private INDArray zeroedInFloat64(Transformer plain, int[][] one, Set<Head> gone) {
      ReferenceTransformer reference = ReferenceTransformer.of(plain.config(), plain.weights());
      ReferenceRun whole = reference.run(one);
      int heads = plain.config().nHeads();
      int dHead = plain.config().dHead();
      ReferenceRun run =
          reference.run(
              one,
              (at, x) -> {
                if (at.site() == Site.PATTERN) {
                  return whole.get(at).values();
                }
                double[] y = x.clone();
                for (int i = 0; at.site() == Site.Z && i < y.length; i++) {
                  if (gone.contains(new Head(at.layer(), i / dHead % heads))) {
                    y[i] = 0;
                  }
                }
                return y;
              });
      return Nd4j.createFromArray(run.logits().values())
          .reshape('c', one[0].length, plain.config().dVocabOut());
    }

    @Test
    @DisplayName("keep the patterns of later layers, whatever is ablated")
    void keepPatterns() {
      Ablation ablation = Ablation.zero(Units.heads(new Head(0, 0))).preservingPatterns();
      Hooks hooks = ablation.hooks(model, tokens);
      INDArray[] seen = new INDArray[1];
      model.run(tokens, hooks.and(Hooks.read(HookPoint.pattern(1), (a, at) -> seen[0] = a.dup())));
      assertSame(seen[0], model.runWithCache(tokens).cache().get(HookPoint.pattern(1)));
    }
  }

  @Nested
  @DisplayName("on an induction circuit written by hand")
  class Induction {

    private final KnownModel known = KnownCircuits.induction(KnownSettings.of(30, 32));
    private final int[][] repeats = known.repeats(4L).withSequences(4).draw().tokens();

    @Test
    @DisplayName("taking out either head loses what induction gains, and others nothing")
    void necessity() {
      Metric loss = Metrics.loss(repeats);
      for (Role role : List.of(Role.PREVIOUS_TOKEN, Role.INDUCTION)) {
        Ablation ablation = Ablation.zero(Units.heads(known.head(role)));
        assertThat(ablation.effect(known.model(), repeats, loss).change()).isGreaterThan(0.5);
      }
    }

    @Test
    @DisplayName("losses rise on the second copy and not on the first")
    void losses() {
      Ablation ablation = Ablation.zero(Units.heads(known.head(Role.INDUCTION)));
      AblatedLosses losses = ablation.losses(known.model(), repeats);
      double[] change = losses.changeByPosition();
      assertThat(change[change.length - 1]).isGreaterThan(0.5);
      assertThat(losses.plain()[0]).hasSize(repeats[0].length - 1);
      AblationEffect effect = ablation.effect(known.model(), repeats, Metrics.loss(repeats));
      double mean = 0;
      for (double c : change) {
        mean += c / change.length;
      }
      assertThat(effect.change()).isCloseTo(mean, within(1e-6));
    }

    @Test
    @DisplayName("with patterns preserved the previous-token head is not missed")
    void previousTokenHeadOnlyMovesKeys() {
      Ablation ablation =
          Ablation.zero(Units.heads(known.head(Role.PREVIOUS_TOKEN))).preservingPatterns();
      double change = ablation.effect(known.model(), repeats, Metrics.loss(repeats)).change();
      assertThat(change).isCloseTo(0, within(1e-3));
    }
  }

  @Nested
  @DisplayName("refuses")
  class Refusals {

    @Test
    void anEmptySetOfHeads() {
      assertThatThrownBy(() -> Units.heads(Set.of())).hasMessageContaining("set of heads is empty");
      assertThatThrownBy(() -> Units.neurons(0)).hasMessageContaining("set of neurons is empty");
      assertThatThrownBy(() -> Units.neurons(0, 1).atPositions())
          .hasMessageContaining("set of positions is empty");
    }

    @Test
    void headsAndLayersThatDoNotExist() {
      assertThatThrownBy(() -> run(Ablation.zero(Units.heads(new Head(0, 9)))))
          .hasMessageContaining("no head 9 at blocks.0.attn.hook_z: it has 4");
      assertThatThrownBy(() -> run(Ablation.zero(Units.heads(new Head(7, 0)))))
          .hasMessageContaining("blocks.7.attn.hook_z");
    }

    @Test
    void referencesOfAnotherLength() {
      int[][] shorter = PatchedModels.tokens(model, 2, 4, 1L);
      Units head = Units.heads(new Head(0, 0));
      assertThatThrownBy(() -> run(Ablation.mean(head, shorter, MeanOver.SEQUENCES)))
          .hasMessageContaining("have 4 tokens, the batch has 6");
      assertThatThrownBy(() -> run(Ablation.resample(head, shorter, 1L)))
          .hasMessageContaining("equally long");
      assertThatThrownBy(() -> Ablation.resample(head, new int[0][], 1L))
          .hasMessageContaining("at least one reference sequence");
    }

    @Test
    void aMetricThatIsNotANumber() {
      Ablation ablation = Ablation.zero(Units.heads(new Head(0, 0)));
      assertThatThrownBy(() -> ablation.effect(model, tokens, logits -> Double.NaN))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("NaN on the unablated run");
    }
  }

  private INDArray run(Ablation ablation) {
    return model.run(tokens, ablation.hooks(model, tokens));
  }

  private static void assertSame(INDArray a, INDArray b) {
    assertThat(largestDifference(a, b)).isZero();
  }

  private static void assertClose(INDArray a, INDArray b, double tolerance) {
    assertThat(largestDifference(a, b)).isLessThan(tolerance);
  }

  static double largestDifference(INDArray a, INDArray b) {
    return PatchedModels.largestDifference(a, b);
  }

  private static INDArrayIndex point(int i) {
    return NDArrayIndex.point(i);
  }

  private static INDArrayIndex all() {
    return NDArrayIndex.all();
  }
}
