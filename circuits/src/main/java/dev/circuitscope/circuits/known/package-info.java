/**
 * Models whose weights are written by hand, and what is known about them: which head does what,
 * what reads what, and which scores follow.
 *
 * <pre>{@code
 * KnownModel known = KnownCircuits.induction(KnownSettings.of(1000, 128).heads(4).noise(0.01, 7L));
 * HeadScores scores = InductionScores.of(known.model(), 7L);
 * boolean found = scores.best().equals(known.head(Role.INDUCTION));
 *
 * for (String name : KnownCircuits.names()) {
 *   System.out.println(KnownCircuits.named(name, KnownSettings.of(50, 64)));
 * }
 * }</pre>
 *
 * <p>What belongs here: {@linkplain dev.circuitscope.circuits.known.KnownCircuits circuits}, the
 * {@linkplain dev.circuitscope.circuits.known.KnownSettings sizes and places} that they can have,
 * and what they {@linkplain dev.circuitscope.circuits.known.KnownModel promise}. What does not: the
 * detectors and scores that are checked against them.
 */
package dev.circuitscope.circuits.known;
