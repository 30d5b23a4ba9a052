/**
 * A model as a sum over paths: what each way through its heads adds to the logits and to attention
 * scores, and what the paths of each order are worth (A Mathematical Framework for Transformer
 * Circuits). Exact, in float64.
 *
 * <p>What belongs here: {@linkplain dev.circuitscope.circuits.paths.FrozenRun runs with fixed
 * patterns} and what is linear in them, {@linkplain dev.circuitscope.circuits.paths.PathExpansion
 * logits} and {@linkplain dev.circuitscope.circuits.paths.ScoreExpansion attention scores} by path,
 * {@linkplain dev.circuitscope.circuits.paths.TermImportance losses by order}, {@linkplain
 * dev.circuitscope.circuits.paths.VirtualHeads virtual heads}. What does not: what follows from
 * weights without tokens, attribution in the engine's float32, and interventions that let patterns
 * change.
 */
package dev.circuitscope.circuits.paths;
