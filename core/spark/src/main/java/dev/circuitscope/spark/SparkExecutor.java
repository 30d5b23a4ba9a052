package dev.circuitscope.spark;

import dev.circuitscope.core.sweep.SweepExecutor;
import dev.circuitscope.core.sweep.SweepJob;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.Objects;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Runs the cells of a sweep on Apache Spark, each as a task of one job, on any master.
 *
 * <pre>{@code
 * try (var spark = new JavaSparkContext(new SparkConf().setAppName("phase diagram"))) {
 *   SweepResults<Row> results =
 *       Sweep.of("phase diagram", grid, Row.class, cell -> train(cell))
 *           .file(Path.of("phase-diagram.jsonl"))
 *           .executor(SparkExecutor.of(spark))
 *           .run();
 * }
 * }</pre>
 *
 * <p>Cells come back as they finish and go into the sweep's file on the driver, so a driver that is
 * killed is resumed as any sweep is, on Spark or with another executor. The rows are the same bits
 * as on one machine if the machines compute alike. Two things are checked: executors must have the
 * driver's version of the library, and vector instructions if it has them. Spark gives its
 * executors {@code --add-modules=jdk.incubator.vector} by itself; a driver started by {@code java}
 * needs it, too.
 *
 * <p>The task, what it captured and the axes' values go to the executors by Java's serialization,
 * and the classes they are of must be there ({@code spark.jars}); a lambda typed into JShell can
 * run on {@code local[*]} only. A task that has one core ({@code spark.task.cpus} of 1, as is
 * usual) keeps its loops to its thread; one that has several may use all threads of {@code
 * circuitscope.threads}.
 *
 * <p>A cell that throws is recorded as failed. A cell that takes its executor down is tried again
 * by Spark as {@code spark.task.maxFailures} has it, and then ends the run; finished cells are in
 * the file.
 */
public final class SparkExecutor implements SweepExecutor {

  private final SparkContext context;

  private SparkExecutor(SparkContext context) {
    this.context = Objects.requireNonNull(context, "context");
  }

  /**
   * An executor on a running Spark.
   *
   * @param context stays open
   * @return the executor
   */
  public static SparkExecutor of(JavaSparkContext context) {
    return new SparkExecutor(context.sc());
  }

  /**
   * An executor on a running Spark, such as that of a SparkSession.
   *
   * @param context {@code session.sparkContext()}; stays open
   * @return the executor
   */
  public static SparkExecutor of(SparkContext context) {
    return new SparkExecutor(context);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the task or a value cannot be sent, naming the class
   * @throws IllegalStateException if Spark gives the job up
   */
  @Override
  public void run(SweepJob job, int[] cells, Sink sink) throws InterruptedException, IOException {
    requireSerializable(job);
    if (cells.length > 0) {
      new SparkRun(context, job, cells).run(sink);
    }
  }

  private static void requireSerializable(SweepJob job) throws IOException {
    try (ObjectOutputStream out = new ObjectOutputStream(OutputStream.nullOutputStream())) {
      out.writeObject(job);
    } catch (NotSerializableException e) {
      throw new IllegalArgumentException(
          ("cannot send sweep '%s' to Spark: %s is not java.io.Serializable; make it so, or let the"
                  + " task make it anew from the cell's values")
              .formatted(job.name(), e.getMessage()),
          e);
    }
  }
}
