package dev.circuitscope.core.array;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * The one thread pool of the library.
 *
 * <p>Work is cut into tasks by its shape, never by the number of threads, and each task writes a
 * part of the result that no other task writes. Results are therefore the same bits for any number
 * of threads.
 *
 * <p>The size is the system property {@code circuitscope.threads}, else the number of processors;
 * {@link #setThreads} changes it. A call from inside a task, or while another thread's call is
 * under way, runs its tasks in the calling thread.
 *
 * <pre>{@code
 * Parallel.forEach(8, i -> out[i] = f(i));
 * }</pre>
 */
public final class Parallel {

  /** How long a thread spins for the others before it sleeps; short loops come in bursts. */
  private static final int SPINS = 1_000;

  private static final ReentrantLock CALLER = new ReentrantLock();

  /** Set in threads whose loops keep to them. */
  private static final ThreadLocal<Boolean> ALONE = new ThreadLocal<>();

  private static volatile Team team = new Team(initialThreads());

  private Parallel() {}

  /**
   * Runs {@code body} for every index from 0 to {@code tasks - 1}, in any order, and returns when
   * all are done.
   *
   * @param tasks the number of tasks; none if 0
   * @param body what to run; it must write only what belongs to its index
   * @throws RuntimeException the first exception that a task threw, after all tasks have stopped
   */
  public static void forEach(int tasks, IntConsumer body) {
    if (tasks > 1
        && team.size > 1
        && ALONE.get() == null
        && !CALLER.isHeldByCurrentThread()
        && CALLER.tryLock()) {
      try {
        team.run(tasks, body);
      } finally {
        CALLER.unlock();
      }
    } else {
      for (int i = 0; i < tasks; i++) {
        body.accept(i);
      }
    }
  }

  /**
   * Runs work whose loops keep to the calling thread: for a thread that was given one core, as a
   * task on a cluster is, beside others that were given theirs.
   *
   * @param <T> type of what comes out
   * @param work what to run
   * @return what it returns
   */
  public static <T> T inThisThread(Supplier<T> work) {
    Boolean before = ALONE.get();
    ALONE.set(true);
    try {
      return work.get();
    } finally {
      if (before == null) {
        ALONE.remove();
      }
    }
  }

  /**
   * The number of threads that share the tasks of a loop, the calling one included.
   *
   * @return at least 1
   */
  public static int threads() {
    return team.size;
  }

  /**
   * Sets the number of threads, once running loops have ended.
   *
   * @param threads at least 1
   * @throws IllegalArgumentException if {@code threads} is less than 1
   */
  public static void setThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, was " + threads);
    }
    CALLER.lock();
    try {
      if (threads != team.size) {
        team.stop();
        team = new Team(threads);
      }
    } finally {
      CALLER.unlock();
    }
  }

  private static int initialThreads() {
    return Math.max(
        1, Integer.getInteger("circuitscope.threads", Runtime.getRuntime().availableProcessors()));
  }

  /** One loop: its tasks are handed out by a counter, and it ends when all are accounted for. */
  private static final class Loop {
    final int tasks;
    final IntConsumer body;
    final Thread caller = Thread.currentThread();
    final AtomicInteger next = new AtomicInteger();
    final AtomicInteger done = new AtomicInteger();
    final AtomicReference<Throwable> failure = new AtomicReference<>();

    Loop(int tasks, IntConsumer body) {
      this.tasks = tasks;
      this.body = body;
    }

    void work() {
      for (int i; (i = next.getAndIncrement()) < tasks; ) {
        if (failure.get() == null) {
          try {
            body.accept(i);
          } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
          }
        }
        if (done.incrementAndGet() == tasks) {
          LockSupport.unpark(caller);
        }
      }
    }

    /** Spins briefly, then sleeps: on a busy machine the worker may need this very core. */
    void await() {
      for (int spin = 0; done.get() < tasks; spin++) {
        if (spin < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
    }
  }

  private static final class Team {
    final int size;
    final Thread[] workers;
    volatile Loop loop;
    volatile boolean stopped;

    Team(int size) {
      this.size = size;
      this.workers = new Thread[size - 1];
      for (int i = 0; i < workers.length; i++) {
        workers[i] = new Thread(this::serve, "circuitscope-" + (i + 1));
        workers[i].setDaemon(true);
        workers[i].start();
      }
    }

    void run(int tasks, IntConsumer body) {
      Loop mine = new Loop(tasks, body);
      loop = mine;
      for (Thread worker : workers) {
        LockSupport.unpark(worker);
      }
      mine.work();
      mine.await();
      rethrow(mine.failure.get());
    }

    void serve() {
      Loop done = null;
      while (!stopped) {
        Loop current = loop;
        for (int spin = 0; current == done && spin < SPINS; spin++) {
          Thread.onSpinWait();
          current = loop;
        }
        if (current == done) {
          LockSupport.park(this);
          continue;
        }
        done = current;
        current.work();
      }
    }

    void stop() {
      stopped = true;
      for (Thread worker : workers) {
        LockSupport.unpark(worker);
      }
    }

    private static void rethrow(Throwable failure) {
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure instanceof Error e) {
        throw e;
      }
    }
  }
}
