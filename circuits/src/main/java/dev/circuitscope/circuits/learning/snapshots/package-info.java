/**
 * A training as the sequence of models that it went through, and tables of what was measured on
 * them.
 *
 * <p>What belongs here: models kept at a schedule, {@linkplain
 * dev.circuitscope.circuits.learning.snapshots.MemorySnapshots in memory} or {@linkplain
 * dev.circuitscope.circuits.learning.snapshots.SnapshotDirectory as files}, {@linkplain
 * dev.circuitscope.circuits.learning.snapshots.SnapshotMeasure any function of a model} to measure
 * on each, and the {@linkplain dev.circuitscope.circuits.learning.snapshots.SnapshotTable table}
 * that comes of it. What does not: training, what is measured, and what curves over a training
 * mean.
 */
package dev.circuitscope.circuits.learning.snapshots;
