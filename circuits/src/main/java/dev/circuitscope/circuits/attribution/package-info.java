/**
 * What the residual stream is the sum of, and what each part does to the logits: accumulated and
 * decomposed streams, results of heads and neurons, direct logit attribution, the logit lens.
 *
 * <p>What belongs here: reading of one {@linkplain dev.circuitscope.core.model.Run run} that is
 * linear in the stream, {@linkplain dev.circuitscope.circuits.attribution.ResidualStream to begin
 * with}. What does not: running a model, changing its activations, and anything read off attention
 * patterns.
 */
package dev.circuitscope.circuits.attribution;
