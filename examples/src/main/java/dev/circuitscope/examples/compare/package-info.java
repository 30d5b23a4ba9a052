/**
 * The engine against numbers that another implementation computed: files in the format of {@code
 * golden/README.md}, which hold a model, its input, and every activation and gradient.
 *
 * <p>What belongs here reads such files, runs the engine on them and reports how far apart the two
 * are. What the numbers mean is for other packages.
 */
package dev.circuitscope.examples.compare;
