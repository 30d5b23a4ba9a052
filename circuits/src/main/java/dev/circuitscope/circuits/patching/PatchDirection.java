package dev.circuitscope.circuits.patching;

/** Which run is changed, and which run the values come from. */
public enum PatchDirection {
  /** Clean values into the corrupted run: what suffices to restore the behaviour. */
  DENOISING,
  /** Corrupted values into the clean run: what is needed for the behaviour. */
  NOISING
}
