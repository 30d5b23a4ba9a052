/**
 * The inner loops of toy-model training on tiles of samples, and the random numbers they draw.
 *
 * <p>What belongs here knows arrays and samples, not what a toy model is for.
 */
package dev.circuitscope.toymodels.kernels;
