/**
 * What papers say, beside what was measured.
 *
 * <p>What belongs here: {@linkplain dev.circuitscope.examples.claims.Claim claims} and their file
 * format. What does not: how anything is measured or shown.
 */
package dev.circuitscope.examples.claims;
