/**
 * Models seen through their losses on a fixed set of held-out tokens: one vector for each model.
 *
 * <p>What belongs here: {@linkplain dev.circuitscope.circuits.learning.pertoken.TokenProbe the
 * tokens}, vectors {@linkplain dev.circuitscope.circuits.learning.pertoken.LossTrajectory along a
 * training}, their {@linkplain dev.circuitscope.circuits.learning.pertoken.LossPca principal
 * components}, where trajectories {@linkplain
 * dev.circuitscope.circuits.learning.pertoken.TrajectoryPivot pivot}, and {@linkplain
 * dev.circuitscope.circuits.learning.pertoken.LossDirection which heads} make the difference
 * between before and after. What does not: curves of single numbers, and ablations as such.
 */
package dev.circuitscope.circuits.learning.pertoken;
