package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.hook.Site;

/** What a sweep of patches goes along, one index after the other. */
public enum PatchAxis {
  /** The blocks of the model. */
  LAYER("layer"),
  /** Positions; of patterns, destinations. */
  POS("pos", "dest"),
  /** Heads; of keys and values, the heads that have their own. */
  HEAD("head", "kv_head"),
  /** Sources, of patterns and scores. */
  SRC("src"),
  /** Neurons of MLPs. */
  NEURON("d_mlp");

  private final String[] names;

  PatchAxis(String... names) {
    this.names = names;
  }

  /**
   * The axis in tables and JSON.
   *
   * @return for example {@code pos}
   */
  public String label() {
    return this == NEURON ? "neuron" : names[0];
  }

  /** Which axis of a site's activations this is, the batch being 0; -1 if it has none. */
  int of(Site site) {
    for (String name : names) {
      int at = site.axes().indexOf(name);
      if (at >= 0) {
        return at;
      }
    }
    return -1;
  }
}
