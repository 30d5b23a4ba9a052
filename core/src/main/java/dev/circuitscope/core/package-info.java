/** What every room of the library shares: its version. */
package dev.circuitscope.core;
