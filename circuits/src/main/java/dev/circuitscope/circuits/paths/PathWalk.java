package dev.circuitscope.circuits.paths;

import dev.circuitscope.core.hook.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Every path into the stream before a layer, depth first, each computed from the one that it goes
 * on from when it is asked for.
 *
 * @param origins where the paths begin
 * @param layer that they end before
 * @param order heads on the longest
 */
record PathWalk(List<Origin> origins, int layer, int order) {

  /**
   * What one path has written.
   *
   * @param path the heads on the way
   * @param streams [pos, d_model] for each origin
   */
  record Step(HeadPath path, List<INDArray> streams) {}

  Stream<Step> steps() {
    List<INDArray> direct = origins.stream().map(origin -> origin.before(layer)).toList();
    return from(new Step(HeadPath.DIRECT, direct));
  }

  private Stream<Step> from(Step step) {
    return Stream.concat(Stream.of(step), next(step).flatMap(this::from));
  }

  private Stream<Step> next(Step step) {
    HeadPath path = step.path();
    if (path.order() >= order) {
      return Stream.empty();
    }
    int first = path.order() == 0 ? 0 : path.heads().get(path.order() - 1).layer() + 1;
    FrozenRun run = origins.get(0).run();
    return IntStream.range(first, layer)
        .boxed()
        .flatMap(l -> run.heads(l).stream())
        .map(head -> new Step(path.then(head), streams(step, head)));
  }

  private List<INDArray> streams(Step step, Head head) {
    List<INDArray> streams = new ArrayList<>();
    for (int i = 0; i < origins.size(); i++) {
      Origin origin = origins.get(i);
      streams.add(
          step.path().order() == 0
              ? origin.start(head)
              : origin.run().through(head, step.streams().get(i)));
    }
    return streams;
  }
}
