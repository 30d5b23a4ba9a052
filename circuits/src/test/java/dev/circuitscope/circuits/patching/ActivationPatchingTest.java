package dev.circuitscope.circuits.patching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.known.KnownCircuits;
import dev.circuitscope.circuits.known.KnownModel;
import dev.circuitscope.circuits.known.KnownSettings;
import dev.circuitscope.circuits.known.Role;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.Hook;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.AttentionDirection;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Rotary;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.TransformerConfigBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class ActivationPatchingTest {

  static Stream<Transformer> models() {
    return Stream.concat(
        PatchedModels.someKinds(), Stream.of(PatchedModels.withMlps(Normalization.LN)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  @DisplayName("a sweep has the bits of one plain run for each patch, at every site")
  void asPlainRuns(Transformer model) {
    int[][] clean = PatchedModels.tokens(model, 2, 4, 1L);
    int[][] corrupted = PatchedModels.tokens(model, 2, 4, 2L);
    Metric metric = PatchedModels.linear(model, 2, 4, 17L);
    ActivationPatching patching = ActivationPatching.of(model, clean, corrupted, metric);
    for (Site site : Site.values()) {
      if (site.inBlock() && model.config().hookPoints().contains(new HookPoint(site, 0))) {
        requirePlainRuns(patching, site, axes(site, List.of(PatchAxis.values())));
        requirePlainRuns(patching, site, axes(site, List.of(PatchAxis.LAYER, PatchAxis.HEAD)));
        requirePlainRuns(patching, site, axes(site, List.of(PatchAxis.POS)));
      }
    }
  }

  static Stream<Transformer> kinds() {
    TransformerConfigBuilder base =
        TransformerConfig.attentionOnly(3).heads(2).dModel(8).vocab(11).context(40);
    return Stream.of(
            base.build(),
            base.build().toBuilder().smearedKeys(true).positions(Positions.SHORTFORMER).build(),
            base.build().toBuilder().rotary(Rotary.of(4)).keyValueHeads(1).build(),
            base.build().toBuilder().direction(AttentionDirection.BIDIRECTIONAL).build())
        .map(PatchedModels::of);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  @DisplayName("so it does when its patches are too many for one run, whatever the attention")
  void inManyRuns(Transformer model) {
    int[][] clean = PatchedModels.tokens(model, 3, 37, 1L);
    int[][] corrupted = PatchedModels.tokens(model, 3, 37, 2L);
    // 4096 rows a run, so some 36 patches; positions, heads and layers make 222
    ActivationPatching patching =
        ActivationPatching.of(model, clean, corrupted, Metrics.loss(clean)).noising();
    requirePlainRuns(patching, Site.Z, PatchAxis.LAYER, PatchAxis.HEAD, PatchAxis.POS);
    requirePlainRuns(patching, Site.K, PatchAxis.POS, PatchAxis.LAYER);
  }

  private static void requirePlainRuns(ActivationPatching patching, Site site, PatchAxis... axes) {
    PatchGrid grid = patching.sweep(site, axes);
    PatchPair pair = patching.pair();
    // a hook at the results makes the plain run sum heads one by one, at positions left alone too
    double tolerance = site == Site.RESULT ? 1e-6 : 0;
    int[] at = new int[axes.length];
    // a run for each patch, which starts where that patch does
    PatchPlan plan = PatchPlan.of(pair.model().config(), pair.length(), site, axes);
    assertThat(SweepRun.values(pair, patching.direction(), 1, plan, 1))
        .as("%s along %s", site, Arrays.toString(axes))
        .containsExactly(grid.values(), within(tolerance));

    Capture capture = Capture.matching(p -> p.site() == site);
    int[][] from = pair.source(patching.direction());
    int[][] into = pair.base(patching.direction());
    try (Run source = pair.model().runWithCache(from, capture, Hooks.none())) {
      for (double value : grid.values()) {
        Hooks hooks = byHand(pair.model().config().nLayers(), source, site, axes, at.clone());
        assertThat(value)
            .as("%s at %s along %s", site, Arrays.toString(at), Arrays.toString(axes))
            .isCloseTo(pair.metric().of(pair.model().run(into, hooks)), within(tolerance));
        next(at, grid.shape());
      }
    }
  }

  @Nested
  @DisplayName("on two layers with MLPs")
  class Grids {
    private final Transformer model = PatchedModels.withMlps(Normalization.LN);
    private final int[][] clean = PatchedModels.tokens(model, 3, 6, 1L);
    private final int[][] corrupted = PatchedModels.tokens(model, 3, 6, 2L);
    private final Metric metric = Metrics.logitDifference(new int[] {1, 2, 3}, new int[] {4, 5, 6});
    private final ActivationPatching patching =
        ActivationPatching.of(model, clean, corrupted, metric);

    @Test
    @DisplayName("all of the first residual stream makes the run clean")
    void everything() {
      PatchGrid grid = patching.sweep(Site.RESID_PRE, PatchAxis.LAYER);
      assertThat(grid.normalized(0)).isCloseTo(1, within(1e-6));
      assertThat(grid.normalized(1)).isCloseTo(1, within(1e-6));
      PatchGrid back = patching.noising().sweep(Site.RESID_PRE, PatchAxis.LAYER);
      assertThat(back.normalized(0)).isCloseTo(0, within(1e-6));
    }

    @Test
    @DisplayName("the last position of the last residual stream is all that its metric reads")
    void lastPosition() {
      PatchGrid grid = patching.sweep(Site.RESID_POST, PatchAxis.LAYER, PatchAxis.POS);
      assertThat(grid.shape()).containsExactly(2, 6);
      assertThat(grid.normalized(1, 5)).isCloseTo(1, within(1e-6));
      assertThat(grid.normalized(1, 4)).isZero();
    }

    @Test
    @DisplayName("without a layer axis every layer is patched at once")
    void allLayers() {
      PatchGrid grid = patching.sweep(Site.Z);
      INDArray[] z = new INDArray[2];
      for (int l = 0; l < 2; l++) {
        z[l] = model.runWithCache(clean).cache().get(HookPoint.z(l));
      }
      Hooks both = Hooks.replace(HookPoint.z(0), z[0]).and(Hooks.replace(HookPoint.z(1), z[1]));
      assertThat(grid.at()).isCloseTo(metric.of(model.run(corrupted, both)), within(1e-6));
    }

    @Test
    @DisplayName("axes come in the order in which they are named")
    void order() {
      PatchGrid a = patching.sweep(Site.Q, PatchAxis.LAYER, PatchAxis.HEAD, PatchAxis.POS);
      PatchGrid b = patching.sweep(Site.Q, PatchAxis.POS, PatchAxis.LAYER, PatchAxis.HEAD);
      assertThat(a.at(1, 3, 4)).isCloseTo(b.at(4, 1, 3), within(1e-9));
      assertThat(a.toString()).contains("attn.hook_q [layer, head, pos]", "normalised");
      assertThat(a.toJson().getAsJsonArray("values")).hasSize(2 * 4 * 6);
      assertThat(a.toJson().get("direction").getAsString()).isEqualTo("DENOISING");
    }

    @Test
    @DisplayName("no strength leaves the run as it is")
    void noStrength() {
      PatchGrid grid = patching.withStrength(0).sweep(Site.Z, PatchAxis.LAYER, PatchAxis.HEAD);
      assertThat(Arrays.stream(grid.effects()).map(Math::abs).max()).hasValue(0);
    }

    @Test
    @DisplayName("half the strength goes half the way, and masked scores stay masked")
    void halfStrength() {
      HookPoint point = HookPoint.attnScores(1);
      INDArray from =
          model.runWithCache(clean, Capture.only(point), Hooks.none()).cache().get(point);
      Hooks byHand =
          Hooks.at(
              point,
              (x, at) -> {
                for (long i = 0; i < x.length(); i++) {
                  double old = x.getDouble(i);
                  if (Double.isFinite(old)) {
                    x.putScalar(i, (old + from.getDouble(i)) / 2);
                  }
                }
                return x;
              });
      PatchGrid grid = patching.withStrength(0.5).sweep(Site.ATTN_SCORES, PatchAxis.LAYER);
      assertThat(grid.at(1)).isCloseTo(metric.of(model.run(corrupted, byHand)), within(1e-6));
    }

    @Test
    @DisplayName("bad input is refused")
    void refusals() {
      assertThatThrownBy(() -> patching.sweep(Site.RESID_PRE, PatchAxis.HEAD))
          .hasMessageContaining("hook_resid_pre has no axis head");
      assertThatThrownBy(() -> patching.sweep(Site.EMBED)).hasMessageContaining("outside");
      assertThatThrownBy(() -> patching.sweep(Site.ROT_Q)).hasMessageContaining("no such point");
      assertThatThrownBy(() -> patching.sweep(Site.Z, PatchAxis.HEAD, PatchAxis.HEAD))
          .hasMessageContaining("named twice");
      int[][] shorter = PatchedModels.tokens(model, 3, 5, 2L);
      assertThatThrownBy(() -> ActivationPatching.of(model, clean, shorter, metric))
          .hasMessageContaining("clean is [3, 6], corrupted is [3, 5]");
      int[][] fewer = PatchedModels.tokens(model, 2, 6, 2L);
      assertThatThrownBy(() -> ActivationPatching.of(model, clean, fewer, metric))
          .hasMessageContaining("corrupted is [2, 6]");
      ActivationPatching nan = ActivationPatching.of(model, clean, corrupted, x -> Double.NaN);
      assertThatThrownBy(() -> nan.sweep(Site.Z, PatchAxis.LAYER)).hasMessageContaining("NaN");
      assertThatThrownBy(() -> patching.withStrength(Double.NaN)).hasMessageContaining("finite");
    }
  }

  @Test
  @DisplayName("finds the two heads of an induction circuit, and where they work")
  void induction() {
    KnownModel known =
        KnownCircuits.induction(
            KnownSettings.of(20, 16).heads(3).place(Role.INDUCTION, 1, 2).noise(0.001, 3L));
    int start = known.settings().start();
    // after 5 comes 7, and so again at the end; in the corrupted run 5 has not occurred
    int[][] clean = {{start, 3, 5, 7, 9, 11, 5}};
    int[][] corrupted = {{start, 3, 6, 7, 9, 11, 5}};
    Metric metric = Metrics.logitDifference(new int[] {7}, new int[] {9});
    PatchGrid grid =
        ActivationPatching.of(known.model(), clean, corrupted, metric)
            .sweep(Site.Z, PatchAxis.LAYER, PatchAxis.HEAD, PatchAxis.POS);
    Head previous = known.head(Role.PREVIOUS_TOKEN);
    Head induction = known.head(Role.INDUCTION);
    // the token after the one that differs carries its trace; the last position reads it
    assertThat(grid.normalized(previous.layer(), previous.head(), 3)).isGreaterThan(0.8);
    assertThat(grid.normalized(induction.layer(), induction.head(), 6)).isGreaterThan(0.8);
    double[] others = grid.normalized();
    assertThat(Stream.of(others).flatMap(x -> Arrays.stream(x).boxed()))
        .filteredOn(x -> Math.abs(x) > 0.2)
        .hasSize(2);
  }

  /** The axes that a site has. */
  private static PatchAxis[] axes(Site site, List<PatchAxis> wanted) {
    return wanted.stream()
        .filter(axis -> axis == PatchAxis.LAYER || axis.of(site) > 0)
        .toArray(PatchAxis[]::new);
  }

  /** Hooks for one patch; in all layers if there is no axis for them. */
  private static Hooks byHand(int layers, Run source, Site site, PatchAxis[] axes, int[] at) {
    int chosen = List.of(axes).indexOf(PatchAxis.LAYER);
    Hooks hooks = Hooks.none();
    for (int layer = 0; layer < layers; layer++) {
      if (chosen < 0 || at[chosen] == layer) {
        HookPoint point = new HookPoint(site, layer);
        INDArray from = source.cache().get(point);
        Hook patch =
            (x, p) -> {
              copy(x, from, axes, at, site, new long[x.rank()], 0);
              return x;
            };
        hooks = hooks.and(Hooks.at(point, patch));
      }
    }
    return hooks;
  }

  private static void copy(
      INDArray x, INDArray y, PatchAxis[] axes, int[] at, Site site, long[] i, int axis) {
    if (axis == i.length) {
      x.putScalar(i, y.getDouble(i));
      return;
    }
    for (int a = 0; a < axes.length; a++) {
      if (axes[a] != PatchAxis.LAYER && axes[a].of(site) == axis) {
        i[axis] = at[a];
        copy(x, y, axes, at, site, i, axis + 1);
        return;
      }
    }
    for (i[axis] = 0; i[axis] < x.size(axis); i[axis]++) {
      copy(x, y, axes, at, site, i, axis + 1);
    }
  }

  private static void next(int[] at, int[] shape) {
    for (int axis = at.length - 1; axis >= 0; axis--) {
      if (++at[axis] < shape[axis]) {
        return;
      }
      at[axis] = 0;
    }
  }
}
