package dev.circuitscope.core.io.fuzz;

/** A class that pickles name; a reader that so much as initialises it is caught. */
final class Canary {
  static final String KEY = "dev.circuitscope.core.io.fuzz.canary";

  static {
    System.setProperty(KEY, "initialised");
  }

  private Canary() {}
}
