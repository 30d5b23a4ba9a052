package dev.circuitscope.core.io.fuzz;

import java.util.SplittableRandom;

/** A reader and the files that are thrown at it. */
interface Target {
  String name();

  /** The next file; a function of the generator alone. */
  byte[] next(SplittableRandom random);

  /** Reads it and returns the bytes of the arrays, or throws an IOException. */
  long read(byte[] file) throws Exception;
}
