/**
 * Names for places in a model, what to do there during a run, and what a run kept.
 *
 * <p>What belongs here knows names and arrays but no model: which points a model has, and when they
 * are reached, is for {@code core.model} to say.
 */
package dev.circuitscope.core.hook;
