/**
 * PyTorch's checkpoints, without Python and without running anything.
 *
 * <p>A checkpoint is a pickle, a program for a stack machine, beside raw storages. What belongs
 * here: a machine that knows the instructions which build dictionaries, lists and numbers and the
 * handful of functions that rebuild tensors from storages. Every other class or function that a
 * pickle names stays a name: it is neither looked up nor called, and the state that the pickle
 * would have handed to it is only searched for tensors.
 *
 * <p>What does not belong here: writing checkpoints (use safetensors) and the meaning of the names.
 */
package dev.circuitscope.core.io.torch;
