package dev.circuitscope.core.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Hooks, captures and caches as values, without a model. */
class HookValuesTest {

  @Nested
  class ComposedHooks {

    private final Hook first = (x, at) -> x;
    private final Hook second = (x, at) -> x;

    @Test
    void applyTheLeftOnesFirstAndLeaveBothPartsAsTheyWere() {
      Hooks left = Hooks.at(HookPoint.z(0), first);
      Hooks right = Hooks.at(HookPoint.z(0), second).and(Hooks.at(HookPoint.q(1), second));
      Hooks both = left.and(right);
      assertThat(both.of(HookPoint.z(0))).containsExactly(first, second);
      assertThat(both.of(HookPoint.q(1))).containsExactly(second);
      assertThat(both.of(HookPoint.k(0))).isEmpty();
      assertThat(left.points()).containsExactly(HookPoint.z(0));
      assertThat(left.of(HookPoint.z(0))).containsExactly(first);
    }

    @Test
    void haveNoneAsTheirNeutralElement() {
      Hooks some = Hooks.at("z0", first);
      assertThat(Hooks.none().and(some).points()).isEqualTo(some.points());
      assertThat(some.and(Hooks.none()).of(HookPoint.z(0))).containsExactly(first);
      assertThat(Hooks.none().points()).isEmpty();
    }
  }

  @Nested
  class AHook {

    @Test
    void asALambdaPassesGradientsOn() {
      Hook hook = (x, at) -> x.add(1);
      INDArray gradient = Nd4j.createFromArray(1f, 2f);
      assertThat(hook.backward(gradient, HookPoint.z(0))).isSameAs(gradient);
    }

    @Test
    void onGradientsLeavesActivationsAlone() {
      Hook hook = Hook.onGradient((g, at) -> g.mul(2));
      INDArray x = Nd4j.createFromArray(1f, 2f);
      assertThat(hook.forward(x, HookPoint.z(0))).isSameAs(x);
      assertThat(hook.backward(x, HookPoint.z(0)).toFloatVector()).containsExactly(2, 4);
    }

    @Test
    void thatIsSymmetricDoesTheSameBothWays() {
      Hook hook = Hook.symmetric((x, at) -> x.mul(3));
      INDArray x = Nd4j.createFromArray(1f, 2f);
      assertThat(hook.forward(x, HookPoint.z(0)).toFloatVector()).containsExactly(3, 6);
      assertThat(hook.backward(x, HookPoint.z(0)).toFloatVector()).containsExactly(3, 6);
    }
  }

  @Nested
  class ACapture {

    @Test
    void ofAllLeavesOutWhatIsComputedOnDemandAndOfEverythingDoesNot() {
      assertThat(Capture.all().keeps(HookPoint.z(0))).isTrue();
      assertThat(Capture.all().keeps(HookPoint.result(0))).isFalse();
      assertThat(Capture.everything().keeps(HookPoint.result(0))).isTrue();
      assertThat(Capture.nothing().keeps(HookPoint.z(0))).isFalse();
    }

    @Test
    void onlyOfSomePointsNamesThem() {
      Capture capture = Capture.only(HookPoint.z(1), HookPoint.q(0));
      assertThat(capture.keeps(HookPoint.z(1))).isTrue();
      assertThat(capture.keeps(HookPoint.z(0))).isFalse();
      assertThat(capture.named()).containsExactlyInAnyOrder(HookPoint.z(1), HookPoint.q(0));
      assertThat(Capture.only().named()).isEmpty();
    }

    @Test
    void byARuleNamesNone() {
      Capture capture = Capture.matching(point -> point.layer() == 2);
      assertThat(capture.keeps(HookPoint.z(2))).isTrue();
      assertThat(capture.named()).isEmpty();
    }
  }

  @Nested
  class ACache {

    private final INDArray z = Nd4j.zeros(1, 2, 3, 4);
    private final AtomicInteger released = new AtomicInteger();
    private final Map<HookPoint, INDArray> kept = new LinkedHashMap<>(Map.of(HookPoint.z(0), z));
    private final ActivationCache cache = new ActivationCache(kept, released::incrementAndGet);

    @Test
    void givesWhatWasKeptByPointNameAndShorthand() {
      assertThat(cache.get(HookPoint.z(0))).isSameAs(z);
      assertThat(cache.get("blocks.0.attn.hook_z")).isSameAs(z);
      assertThat(cache.get("z0")).isSameAs(z);
      assertThat(cache.has(HookPoint.z(0))).isTrue();
      assertThat(cache.has(HookPoint.z(1))).isFalse();
      assertThat(cache.toString()).contains("blocks.0.attn.hook_z", "[1, 2, 3, 4]");
    }

    @Test
    void saysHowToAskForWhatWasNotKept() {
      assertThatThrownBy(() -> cache.get("q0"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Capture.only(HookPoint.parse(\"blocks.0.attn.hook_q\"))")
          .hasMessageContaining("Capture.all()");
      assertThatThrownBy(() -> cache.get("result0")).hasMessageContaining("Capture.everything()");
    }

    @Test
    void doesNotFollowTheMapItWasMadeFrom() {
      kept.clear();
      assertThat(cache.points()).containsExactly(HookPoint.z(0));
    }

    @Test
    void releasesOnceAndRefusesAfterwards() {
      cache.close();
      cache.close();
      assertThat(released).hasValue(1);
      assertThatThrownBy(() -> cache.get("z0"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
  }
}
