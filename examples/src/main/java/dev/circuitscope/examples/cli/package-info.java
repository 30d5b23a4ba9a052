/**
 * The command line.
 *
 * <p>What belongs here: commands, their options and messages, and what is shown while they run.
 * What does not: anything that a program would call instead of a person.
 */
package dev.circuitscope.examples.cli;
