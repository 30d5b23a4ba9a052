/**
 * What a model learns in its context, and when in training it learns to.
 *
 * <p>What belongs here: measurements of a model's losses ({@linkplain
 * dev.circuitscope.circuits.learning.InContextLearning in-context learning}, {@linkplain
 * dev.circuitscope.circuits.learning.CopyLoss copying}), how measurements {@linkplain
 * dev.circuitscope.circuits.learning.ScoreTimeline move from snapshot to snapshot}, and where they
 * {@linkplain dev.circuitscope.circuits.learning.PhaseChange change at once}. What does not:
 * training itself, and scores of single heads.
 */
package dev.circuitscope.circuits.learning;
