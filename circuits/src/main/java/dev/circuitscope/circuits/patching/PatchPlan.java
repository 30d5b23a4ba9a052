package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Which patches a sweep makes, in the order of its result. */
record PatchPlan(Site site, List<PatchAxis> axes, int[] shape, List<Patch> patches) {

  /** A region of one layer, or of all layers if it is -1. */
  record Patch(int layer, PatchRegion region) {}

  static PatchPlan of(TransformerConfig config, int length, Site site, PatchAxis... axes) {
    if (!site.inBlock()) {
      throw new IllegalArgumentException(
          "cannot sweep %s: it is outside the blocks".formatted(site.path()));
    }
    if (!config.hookPoints().contains(new HookPoint(site, 0))) {
      throw new IllegalArgumentException(
          "cannot sweep %s: the model has no such point; it has %s"
              .formatted(site.path(), config.hookPoints()));
    }
    if (new HashSet<>(List.of(axes)).size() != axes.length) {
      throw new IllegalArgumentException("an axis is named twice in " + List.of(axes));
    }
    int[] shape = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      shape[i] = size(config, length, site, axes[i]);
    }
    List<Patch> patches = List.of(new Patch(-1, PatchRegion.everywhere()));
    for (int i = 0; i < axes.length; i++) {
      List<Patch> more = new ArrayList<>();
      for (Patch patch : patches) {
        for (int index = 0; index < shape[i]; index++) {
          more.add(
              axes[i] == PatchAxis.LAYER
                  ? new Patch(index, patch.region())
                  : new Patch(patch.layer(), patch.region().with(axes[i], index)));
        }
      }
      patches = more;
    }
    return new PatchPlan(site, List.of(axes), shape, List.copyOf(patches));
  }

  private static int size(TransformerConfig config, int length, Site site, PatchAxis axis) {
    if (axis == PatchAxis.LAYER) {
      return config.nLayers();
    }
    int at = axis.of(site);
    if (at < 0) {
      throw new IllegalArgumentException(
          "%s has no axis %s; it has %s".formatted(site.path(), axis.label(), site.axes()));
    }
    return switch (site.axes().get(at)) {
      case "pos", "dest", "src" -> length;
      case "head" -> config.nHeads();
      case "kv_head" -> config.attention().keyValueHeads();
      case "d_mlp" -> config.mlp().orElseThrow().dMlp();
      default -> throw new IllegalStateException("no size of " + axis);
    };
  }
}
