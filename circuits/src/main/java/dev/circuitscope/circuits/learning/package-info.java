/**
 * What a model learns in its context, and when in training it learns to.
 *
 * <p>What belongs here: measurements of a model's losses ({@linkplain
 * dev.circuitscope.circuits.learning.InContextLearning in-context learning}, {@linkplain
 * dev.circuitscope.circuits.learning.CopyLoss copying}, {@linkplain
 * dev.circuitscope.circuits.learning.LogIndexSlope by token index}), how measurements {@linkplain
 * dev.circuitscope.circuits.learning.ScoreTimeline move from snapshot to snapshot}, and where
 * curves {@linkplain dev.circuitscope.circuits.learning.PhaseChange change at once}, {@linkplain
 * dev.circuitscope.circuits.learning.LossBump are not convex} and {@linkplain
 * dev.circuitscope.circuits.learning.OrderInversion change their order}. The models of a training
 * are in {@code learning.snapshots}, vectors of losses in {@code learning.pertoken}. What does not
 * belong: training itself, and scores of single heads.
 */
package dev.circuitscope.circuits.learning;
