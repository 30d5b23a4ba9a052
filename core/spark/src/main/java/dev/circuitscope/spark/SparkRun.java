package dev.circuitscope.spark;

import dev.circuitscope.core.sweep.FinishedCell;
import dev.circuitscope.core.sweep.SweepExecutor;
import dev.circuitscope.core.sweep.SweepJob;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * One job with a partition for each cell. A thread of its own waits for Spark, so that the calling
 * thread is free to keep what finishes and to notice that it is interrupted.
 */
final class SparkRun {

  private static final long CANCEL_AGAIN_MILLIS = 100;

  /** Says that no more cells will come. */
  private static final String END = "";

  private final SparkContext context;
  private final SweepJob job;
  private final int[] cells;
  private final String group = "circuitscope-sweep-" + UUID.randomUUID();
  private final BlockingQueue<String> finished = new LinkedBlockingQueue<>();

  /** What ended the job early; written before the end is announced. */
  private Throwable broken;

  SparkRun(SparkContext context, SweepJob job, int[] cells) {
    this.context = context;
    this.job = job;
    this.cells = cells;
  }

  void run(SweepExecutor.Sink sink) throws InterruptedException, IOException {
    Thread waiter = new Thread(this::submit, "circuitscope-sweep " + job.name());
    waiter.setDaemon(true);
    waiter.start();
    try {
      for (String line; !(line = finished.take()).isEmpty(); ) {
        keep(line, sink);
      }
    } catch (InterruptedException e) {
      cancel(waiter);
      for (String line; !(line = finished.poll()).isEmpty(); ) {
        keep(line, sink);
      }
      throw e;
    } finally {
      cancel(waiter);
    }
    if (broken != null) {
      throw new IllegalStateException(
          "Spark gave sweep '%s' up: %s; run it again to go on from the cells that finished"
              .formatted(job.name(), firstLine(broken)),
          broken);
    }
  }

  /** Spark's messages go on with traces of the executors. */
  private static String firstLine(Throwable thrown) {
    return thrown.toString().lines().findFirst().orElseThrow();
  }

  private void keep(String line, SweepExecutor.Sink sink) throws IOException {
    sink.accept(FinishedCell.parse(line, "a cell of sweep '" + job.name() + "' from Spark"));
  }

  private void submit() {
    try {
      List<Integer> indices = Arrays.stream(cells).boxed().toList();
      RDD<Integer> partitions =
          JavaSparkContext.fromSparkContext(context).parallelize(indices, cells.length).rdd();
      context.setJobGroup(group, "sweep " + job.name(), true);
      context.runJob(
          partitions, new CellFunction(job), new Arrivals(), ClassTag$.MODULE$.apply(String.class));
    } catch (Throwable e) {
      broken = e;
    } finally {
      finished.add(END);
    }
  }

  /** Again and again, because a job that is not submitted yet cannot be cancelled. */
  private void cancel(Thread waiter) {
    boolean interrupted = false;
    while (waiter.isAlive()) {
      if (!context.isStopped()) {
        context.cancelJobGroup(group);
      }
      try {
        waiter.join(CANCEL_AGAIN_MILLIS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Called on the driver, for each cell as it arrives. */
  private final class Arrivals extends AbstractFunction2<Object, String, BoxedUnit> {
    @Override
    public BoxedUnit apply(Object partition, String line) {
      finished.add(line);
      return BoxedUnit.UNIT;
    }
  }
}
