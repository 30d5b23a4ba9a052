package dev.circuitscope.circuits.known;

/** Vectors of length 1 for a number of things. */
interface Code {

  /** How many things there are. */
  int size();

  /** How long the vectors are. */
  int dimension();

  /** The largest magnitude of the inner product of two of the vectors. */
  double coherence();

  /** Component i of a thing's vector. */
  double at(int thing, int i);
}
