package dev.circuitscope.core.model;

import dev.circuitscope.core.hook.ActivationCache;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a run gave.
 *
 * @param logits [batch, pos, d_vocab]
 * @param cache the activations that were asked for
 */
public record Run(INDArray logits, ActivationCache cache) {}
