package dev.circuitscope.core.model;

import dev.circuitscope.core.array.Parallel;
import java.util.ArrayList;
import java.util.List;

/**
 * The work of a pass in its order, put off until somebody needs the results: a hook, or the end of
 * the pass. Examples do not depend on each other, so each then goes through all that is planned at
 * once, with its data in the cache and nobody to wait for; a batch too small for that shares out
 * each stage instead. Either way the same tasks run, and give the same bits.
 */
final class Plan {

  /** One of a stage's tasks for an example. */
  interface Task {
    void accept(int example, int task);
  }

  private record Stage(int tasks, Task body) {

    void example(int example) {
      for (int task = 0; task < tasks; task++) {
        body.accept(example, task);
      }
    }
  }

  private final int examples;
  private final List<Stage> stages = new ArrayList<>();

  Plan(int examples) {
    this.examples = examples;
  }

  /** A stage of so many tasks for each example; they write to different places. */
  void add(int tasks, Task body) {
    stages.add(new Stage(tasks, body));
  }

  /** Does what has been planned. */
  void run() {
    List<Stage> planned = List.copyOf(stages);
    stages.clear();
    if (examples % Parallel.threads() == 0 || examples >= 4 * Parallel.threads()) {
      Parallel.forEach(examples, example -> planned.forEach(stage -> stage.example(example)));
    } else {
      for (Stage stage : planned) {
        Parallel.forEach(
            examples * stage.tasks,
            task -> stage.body.accept(task / stage.tasks, task % stage.tasks));
      }
    }
  }
}
