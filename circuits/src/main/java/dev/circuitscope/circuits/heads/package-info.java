/**
 * Which attention head does what: scores of every head for the kinds of attention that the circuits
 * papers name, read off attention patterns, and for copying, read off outputs and weights.
 *
 * <p>What belongs here: the {@linkplain dev.circuitscope.circuits.heads.InductionScores scores},
 * the {@linkplain dev.circuitscope.circuits.heads.HeadDetector rule} that each is an instance of,
 * and their {@linkplain dev.circuitscope.circuits.heads.HeadScores result}. What does not: the
 * algebra of weights, how scores move in training, and pictures of them.
 */
package dev.circuitscope.circuits.heads;
