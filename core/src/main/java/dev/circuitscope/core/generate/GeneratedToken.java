package dev.circuitscope.core.generate;

/**
 * A token that has just been drawn.
 *
 * @param example which sequence of the batch it belongs to, from 0
 * @param step how many tokens were drawn before it, from 0
 * @param token its id
 * @param logProbability what the model gave it, in nats: the log-softmax of the logits, before
 *     temperature and the choice of candidates
 * @param text the characters that it completes; empty within a character, for a stop token, and
 *     without a tokenizer
 * @param last whether the sequence ends with it
 */
public record GeneratedToken(
    int example, int step, int token, double logProbability, String text, boolean last) {}
