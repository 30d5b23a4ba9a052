package dev.circuitscope.spark;

import dev.circuitscope.core.Library;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.sweep.SweepJob;
import java.io.Serializable;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/** What runs on an executor: the cell of a partition, as a line. */
final class CellFunction extends AbstractFunction2<TaskContext, Iterator<Integer>, String>
    implements Serializable {

  private static final long serialVersionUID = 1L;
  private static final String VECTORS = "jdk.incubator.vector";

  private final SweepJob job;

  /** The driver's. */
  private final String version = Library.version();

  private final boolean vectors = hasVectors();

  CellFunction(SweepJob job) {
    this.job = job;
  }

  @Override
  public String apply(TaskContext task, Iterator<Integer> cells) {
    requireSameAsDriver();
    int cell = cells.next();
    return task.cpus() == 1
        ? Parallel.inThisThread(() -> job.run(cell).line())
        : job.run(cell).line();
  }

  /** The kernels without vector instructions round otherwise. */
  private void requireSameAsDriver() {
    if (!version.equals(Library.version())) {
      throw new IllegalStateException(
          "the driver has version %s of the library and this executor %s; give both the same jars"
              .formatted(version, Library.version()));
    }
    if (vectors != hasVectors()) {
      throw new IllegalStateException(
          "the driver computes %s vector instructions and this executor %s; start both with %s"
              .formatted(with(vectors), with(!vectors), "--add-modules=" + VECTORS));
    }
  }

  private static boolean hasVectors() {
    return ModuleLayer.boot().findModule(VECTORS).isPresent();
  }

  private static String with(boolean has) {
    return has ? "with" : "without";
  }
}
