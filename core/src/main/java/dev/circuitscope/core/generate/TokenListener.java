package dev.circuitscope.core.generate;

/** Is told of every token as soon as it is drawn. */
@FunctionalInterface
public interface TokenListener {

  /**
   * Receives a token. An exception ends the generation.
   *
   * @param token the token; those of one step come in the order of their examples
   */
  void accept(GeneratedToken token);
}
