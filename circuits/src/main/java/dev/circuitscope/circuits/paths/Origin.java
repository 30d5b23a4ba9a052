package dev.circuitscope.circuits.paths;

import dev.circuitscope.core.hook.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the paths of an expansion begin: one source, or all sources together.
 *
 * @param run they are of
 * @param source which; all if empty
 */
record Origin(LinearRun run, Optional<Source> source) {

  /** One for each source, or one for all of them. */
  static List<Origin> of(LinearRun run, boolean bySource) {
    List<Origin> origins = new ArrayList<>();
    if (bySource) {
      run.sources().forEach(source -> origins.add(new Origin(run, Optional.of(source))));
    } else {
      origins.add(new Origin(run, Optional.empty()));
    }
    return origins;
  }

  /** What has entered the stream before a layer, [pos, d_model]. */
  DoubleMatrix before(int layer) {
    return source.isPresent() ? run.source(source.get(), layer) : run.direct(layer);
  }

  /** What the first head of a path writes, [pos, d_model]. */
  DoubleMatrix start(Head head) {
    DoubleMatrix x = run.through(head, before(head.layer()));
    return constants() ? x.addInPlace(run.constant(head)) : x;
  }

  /** What a path adds to the end of the stream, [pos, d_model]. */
  DoubleMatrix contribution(HeadPath path) {
    List<Head> heads = path.heads();
    if (heads.isEmpty()) {
      return before(run.config().nLayers());
    }
    DoubleMatrix x = start(heads.get(0));
    for (Head head : heads.subList(1, heads.size())) {
      x = run.through(head, x);
    }
    return x;
  }

  /** Whether the constants of heads and of the unembedding belong to it. */
  boolean constants() {
    return source.isEmpty() || source.get() == Source.BIASES;
  }
}
