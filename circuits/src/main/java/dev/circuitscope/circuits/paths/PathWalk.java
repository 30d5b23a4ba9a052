package dev.circuitscope.circuits.paths;

import dev.circuitscope.core.hook.Head;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Every path into the stream before a layer, depth first, each computed from the one that it goes
 * on from, when it is asked for. An iterator and not nested flat maps, which would compute a whole
 * branch before they hand out its first path.
 */
final class PathWalk implements Iterator<PathWalk.Step> {

  private final List<Origin> origins;
  private final int layer;
  private final int order;
  private final Deque<Branch> branches = new ArrayDeque<>();
  private Step next;

  private PathWalk(List<Origin> origins, int layer, int order) {
    this.origins = origins;
    this.layer = layer;
    this.order = order;
    enter(new Step(HeadPath.DIRECT, origins.stream().map(origin -> origin.before(layer)).toList()));
  }

  /**
   * All paths, as they are asked for.
   *
   * @param origins where they begin
   * @param layer that they end before
   * @param order heads on the longest
   */
  static Stream<Step> steps(List<Origin> origins, int layer, int order) {
    PathWalk walk = new PathWalk(origins, layer, order);
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(walk, Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }

  /**
   * What one path has written.
   *
   * @param path the heads on the way
   * @param streams [pos, d_model] for each origin
   */
  record Step(HeadPath path, List<DoubleMatrix> streams) {}

  /** A path and the heads by which it has yet to go on. */
  private record Branch(Step step, Iterator<Head> heads) {}

  @Override
  public boolean hasNext() {
    while (next == null && !branches.isEmpty()) {
      Branch branch = branches.peek();
      if (branch.heads().hasNext()) {
        Head head = branch.heads().next();
        enter(new Step(branch.step().path().then(head), streams(branch.step(), head)));
      } else {
        branches.pop();
      }
    }
    return next != null;
  }

  @Override
  public Step next() {
    if (!hasNext()) {
      throw new NoSuchElementException("there are no more paths");
    }
    Step step = next;
    next = null;
    return step;
  }

  private void enter(Step step) {
    next = step;
    HeadPath path = step.path();
    if (path.order() < order) {
      int first = path.order() == 0 ? 0 : path.heads().get(path.order() - 1).layer() + 1;
      branches.push(
          new Branch(
              step,
              IntStream.range(first, layer)
                  .boxed()
                  .flatMap(l -> origins.get(0).run().heads(l).stream())
                  .iterator()));
    }
  }

  private List<DoubleMatrix> streams(Step step, Head head) {
    List<DoubleMatrix> streams = new ArrayList<>();
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
