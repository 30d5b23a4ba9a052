/**
 * Models by format: directories and files that other libraries wrote become a {@link
 * dev.circuitscope.core.model.Transformer}, and the way back.
 *
 * <p>What belongs here: which configuration keys a format has and what they mean, which of its
 * tensors holds which parameter, how a file is recognised, and the tokenizers that come with such
 * files. {@link dev.circuitscope.core.format.Models} is the front door.
 *
 * <p>What does not: how bytes become tensors ({@code core.io}), and anything that runs a model.
 */
package dev.circuitscope.core.format;
