package dev.circuitscope.toymodels.superposition;

/**
 * A model in the middle of its training.
 *
 * @param step the number of optimiser steps made so far; 0 is the initial model
 * @param model its weights then
 */
public record ToySnapshot(int step, ToyModel model) {}
