package dev.circuitscope.examples.report;

/** A piece of a section: prose, a figure or a table. */
public sealed interface Block permits Prose, ReportFigure, Table {}
