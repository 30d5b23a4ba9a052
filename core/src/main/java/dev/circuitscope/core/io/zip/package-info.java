/**
 * The zip container of {@code .npz} and PyTorch files, read as untrusted data.
 *
 * <p>What belongs here: the directory of an archive, checked before anything in it is used, and the
 * bytes of its members. What does not: the meaning of the members.
 */
package dev.circuitscope.core.io.zip;
