/**
 * Sweeps on Apache Spark.
 *
 * <p>What belongs here: what needs Spark on the class path. What does not: anything that a sweep is
 * by itself ({@code core.sweep}), and any training. The library never needs this package.
 */
package dev.circuitscope.spark;
