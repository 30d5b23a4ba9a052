/**
 * The kernels that need {@code jdk.incubator.vector}, apart from all else so that nothing else
 * needs that module.
 */
package dev.circuitscope.toymodels.kernels.vector;
