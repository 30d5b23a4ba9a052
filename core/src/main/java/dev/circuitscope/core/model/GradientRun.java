package dev.circuitscope.core.model;

import dev.circuitscope.core.hook.ActivationCache;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a run forward and backward gave.
 *
 * @param loss the mean next-token cross-entropy in nats, or the value of the function that was
 *     differentiated in its place
 * @param logits [batch, pos, d_vocab]
 * @param cache the activations that were asked for
 * @param gradients of it, at the same points
 * @param weightGradients of it, for every parameter
 */
public record GradientRun(
    double loss,
    INDArray logits,
    ActivationCache cache,
    ActivationCache gradients,
    Weights weightGradients) {}
