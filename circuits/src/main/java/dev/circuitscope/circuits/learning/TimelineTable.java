package dev.circuitscope.circuits.learning;

import dev.circuitscope.circuits.heads.HeadScores;
import dev.circuitscope.circuits.learning.snapshots.SnapshotRow;
import dev.circuitscope.circuits.learning.snapshots.SnapshotTable;
import dev.circuitscope.circuits.learning.snapshots.TrainingMoment;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.SampleMean;
import dev.circuitscope.core.hook.Head;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A timeline as a table, a row for each number. */
final class TimelineTable {

  private final List<SnapshotRow> rows = new ArrayList<>();
  private final Map<String, Provenance> provenance = new HashMap<>();

  private TimelineTable() {}

  static SnapshotTable of(ScoreTimeline timeline) {
    TimelineTable table = new TimelineTable();
    timeline.snapshots().forEach(table::add);
    return new SnapshotTable(table.rows, table.provenance);
  }

  private void add(Snapshot s) {
    TrainingMoment at = new TrainingMoment(s.step(), s.tokensSeen());
    add(at, "loss", s.inContext().loss(), s.inContext().provenance());
    add(at, "in-context learning", s.inContext().score(), s.inContext().provenance());
    add(at, "first copy", s.copyLoss().first(), s.copyLoss().provenance());
    add(at, "second copy", s.copyLoss().second(), s.copyLoss().provenance());
    add(at, "induction", s.heads().induction());
    add(at, "prefix matching", s.heads().prefixMatching());
    add(at, "previous token", s.heads().previousToken());
    add(at, "duplicate token", s.heads().duplicateToken());
  }

  private void add(TrainingMoment at, String measure, SampleMean mean, Provenance source) {
    rows.add(new SnapshotRow(at, measure, Optional.empty(), mean.mean(), mean.standardError()));
    provenance.put(measure, source);
  }

  private void add(TrainingMoment at, String measure, HeadScores scores) {
    for (Head head : scores.ranking().stream().sorted().toList()) {
      rows.add(
          new SnapshotRow(
              at, measure, Optional.of(head), scores.score(head), scores.standardError(head)));
      provenance.put(measure, scores.provenance());
    }
  }
}
