package dev.circuitscope.core.generate;

import dev.circuitscope.core.hook.Hooks;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a {@link Generator} is asked to do.
 *
 * <pre>{@code
 * GenerationOptions.of(50)                                  // 50 tokens, greedily
 *     .withSampling(Sampling.random(7L).withTopK(40))
 *     .stoppingAt(50256)
 *     .withHooks(Hooks.zeroHead(1, 4))
 * }</pre>
 *
 * @param maxNewTokens how many tokens are drawn at most, at least 0
 * @param sampling how they are drawn
 * @param stopTokens tokens to stop at
 * @param hooks what to do at which points of every pass. With the cache a pass is over the new
 *     positions: first the prompt, then one position at a time. A hook that treats all positions
 *     alike has the same effect either way.
 * @param useCache whether keys and values are kept; without, every token costs a whole pass
 * @param firstExample the number of the first sequence's stream of random numbers; those of a batch
 *     follow each other
 */
public record GenerationOptions(
    int maxNewTokens,
    Sampling sampling,
    Set<Integer> stopTokens,
    Hooks hooks,
    boolean useCache,
    int firstExample) {

  /**
   * Copies the stop tokens.
   *
   * @param maxNewTokens at least 0
   * @param sampling how tokens are drawn
   * @param stopTokens tokens to stop at
   * @param hooks what to do at which points of every pass
   * @param useCache whether keys and values are kept
   * @param firstExample the number of the first sequence's stream of random numbers
   */
  public GenerationOptions {
    if (maxNewTokens < 0) {
      throw new IllegalArgumentException(
          "the number of new tokens must be at least 0, was " + maxNewTokens);
    }
    stopTokens = Set.copyOf(stopTokens);
  }

  /**
   * So many tokens, the most likely each time.
   *
   * @param maxNewTokens how many tokens are drawn at most
   * @return the options
   */
  public static GenerationOptions of(int maxNewTokens) {
    return new GenerationOptions(maxNewTokens, Sampling.greedy(), Set.of(), Hooks.none(), true, 0);
  }

  /**
   * Tokens drawn in another way.
   *
   * @param newSampling how
   * @return new options
   */
  public GenerationOptions withSampling(Sampling newSampling) {
    return new GenerationOptions(
        maxNewTokens, newSampling, stopTokens, hooks, useCache, firstExample);
  }

  /**
   * Other tokens to stop at.
   *
   * @param tokens their ids
   * @return new options
   */
  public GenerationOptions stoppingAt(int... tokens) {
    Set<Integer> ids = Arrays.stream(tokens).boxed().collect(Collectors.toSet());
    return new GenerationOptions(maxNewTokens, sampling, ids, hooks, useCache, firstExample);
  }

  /**
   * Other hooks.
   *
   * @param newHooks what to do at which points of every pass
   * @return new options
   */
  public GenerationOptions withHooks(Hooks newHooks) {
    return new GenerationOptions(
        maxNewTokens, sampling, stopTokens, newHooks, useCache, firstExample);
  }

  /**
   * A whole pass for every token.
   *
   * @return new options
   */
  public GenerationOptions withoutCache() {
    return new GenerationOptions(maxNewTokens, sampling, stopTokens, hooks, false, firstExample);
  }

  /**
   * Another stream of random numbers.
   *
   * @param example the number of the first sequence's
   * @return new options
   */
  public GenerationOptions fromExample(int example) {
    return new GenerationOptions(maxNewTokens, sampling, stopTokens, hooks, useCache, example);
  }
}
