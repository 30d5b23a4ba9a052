package dev.circuitscope.core.model;

import dev.circuitscope.core.array.Parallel;
import java.util.ArrayList;
import java.util.List;

/** Unlike pieces of work that write to different places, collected to be shared out together. */
final class Jobs {

  private final List<Runnable> jobs = new ArrayList<>();

  void add(Runnable job) {
    jobs.add(job);
  }

  void run() {
    Parallel.forEach(jobs.size(), i -> jobs.get(i).run());
  }
}
