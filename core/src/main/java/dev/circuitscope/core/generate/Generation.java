package dev.circuitscope.core.generate;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One generated sequence, and how it came about.
 *
 * @param prompt the tokens it starts with
 * @param newTokens the tokens that were drawn, a stop token included
 * @param logProbabilities of each new token under the model, in nats: the log-softmax of the
 *     logits, before temperature and the choice of candidates
 * @param text of the new tokens but for a stop token, if there is a tokenizer
 * @param stopReason why it ends
 * @param sampling how tokens were drawn, with the seed
 * @param example the number of its stream of random numbers
 */
public record Generation(
    List<Integer> prompt,
    List<Integer> newTokens,
    List<Double> logProbabilities,
    Optional<String> text,
    StopReason stopReason,
    Sampling sampling,
    int example) {

  /**
   * Copies the lists.
   *
   * @param prompt the tokens it starts with
   * @param newTokens the tokens that were drawn
   * @param logProbabilities as many as new tokens
   * @param text of the new tokens, if there is a tokenizer
   * @param stopReason why it ends
   * @param sampling how tokens were drawn
   * @param example the number of its stream of random numbers
   */
  public Generation {
    prompt = List.copyOf(prompt);
    newTokens = List.copyOf(newTokens);
    logProbabilities = List.copyOf(logProbabilities);
    if (logProbabilities.size() != newTokens.size()) {
      throw new IllegalArgumentException(
          "each new token has a log-probability: %d tokens, %d numbers"
              .formatted(newTokens.size(), logProbabilities.size()));
    }
  }

  /**
   * Prompt and new tokens, which the model can be run on.
   *
   * @return a new array
   */
  public int[] tokens() {
    return Stream.concat(prompt.stream(), newTokens.stream()).mapToInt(t -> t).toArray();
  }

  /**
   * What the model gave the new tokens together.
   *
   * @return the sum of their log-probabilities, in nats
   */
  public double logProbability() {
    return logProbabilities.stream().mapToDouble(p -> p).sum();
  }

  @Override
  public String toString() {
    return "%s [%d tokens after %d, %.3f nats, %s, stopped by %s]"
        .formatted(
            text.orElse(newTokens.toString()),
            newTokens.size(),
            prompt.size(),
            logProbability(),
            sampling,
            stopReason);
  }
}
