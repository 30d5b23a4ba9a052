/**
 * Commands on a model of any format: which files hold it is the same argument everywhere, {@link
 * dev.circuitscope.examples.model.ModelArgument}.
 *
 * <p>What does not belong here: reading the files, which {@code core.format} does.
 */
package dev.circuitscope.examples.model;
