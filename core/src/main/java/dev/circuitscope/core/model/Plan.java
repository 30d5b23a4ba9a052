package dev.circuitscope.core.model;

import dev.circuitscope.core.array.Parallel;
import java.util.ArrayList;
import java.util.List;

/**
 * The work of a pass in its order, put off until somebody needs the results: a hook, or the end of
 * the pass. Groups of examples do not depend on each other, so each then goes through all that is
 * planned at once, with its data in the cache and nobody to wait for; a batch too small for that
 * shares out each stage instead. Either way the same tasks run, and give the same bits.
 */
final class Plan {

  /** One of a stage's tasks for an example, or a group of examples. */
  interface Task {
    void accept(int example, int task);
  }

  private record Stage(int tasks, Task body) {

    void group(int group) {
      for (int task = 0; task < tasks; task++) {
        body.accept(group, task);
      }
    }
  }

  private final int groups;
  private final List<Stage> stages = new ArrayList<>();

  Plan(int groups) {
    this.groups = groups;
  }

  /** A stage of so many tasks for each group; they write to different places. */
  void add(int tasks, Task body) {
    stages.add(new Stage(tasks, body));
  }

  /** Does what has been planned. */
  void run() {
    List<Stage> planned = List.copyOf(stages);
    stages.clear();
    if (groups % Parallel.threads() == 0 || groups >= 4 * Parallel.threads()) {
      Parallel.forEach(groups, group -> planned.forEach(stage -> stage.group(group)));
    } else {
      for (Stage stage : planned) {
        Parallel.forEach(
            groups * stage.tasks,
            task -> stage.body.accept(task / stage.tasks, task % stage.tasks));
      }
    }
  }
}
