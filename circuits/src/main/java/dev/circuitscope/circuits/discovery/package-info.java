/**
 * Which edges a model needs for what it does: runs restricted to a circuit, pruning that finds one,
 * estimates for a first look, and how far what is found agrees with a circuit that is known.
 *
 * <pre>{@code
 * EdgeReference others = EdgeReference.corrupted(corrupted);
 * PrunedCircuit pruned = EdgePruning.of(model, tokens, others, 0.01).prune();
 * INDArray logits = CircuitRun.of(model, tokens, others).logits(pruned.circuit());
 * EdgeAgreement agreement = pruned.agreement(known.edges());
 * }</pre>
 *
 * <p>What belongs here: sets of edges, what a model does with only them, and searches for them.
 * What does not: the names of edges ({@code circuits.edges}), the metrics that searches go by and
 * the effect of single paths ({@code circuits.patching}), and the models with known circuits
 * ({@code circuits.known}).
 */
package dev.circuitscope.circuits.discovery;
