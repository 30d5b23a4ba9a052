/**
 * The parts of a report, and the page made of them.
 *
 * <p>What belongs here: sections, figures with captions, tables, and HTML. What does not: what any
 * experiment found.
 */
package dev.circuitscope.examples.report;
