package dev.circuitscope.core.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One sequence of a batch while it grows. */
final class Sequence {

  private final int[] tokens;
  private final int prompt;
  private final List<Double> logProbabilities = new ArrayList<>();
  private final Optional<TextPieces> pieces;
  private final StringBuilder text = new StringBuilder();
  private int length;
  private StopReason stopReason;

  /** With room for so many tokens, the prompt included. */
  Sequence(int[] prompt, int room, Optional<TextPieces> pieces) {
    this.tokens = Arrays.copyOf(prompt, room);
    this.prompt = prompt.length;
    this.length = prompt.length;
    this.pieces = pieces;
  }

  /** Tokens from a position on, as far as there are any. */
  int[] from(int position) {
    return Arrays.copyOfRange(tokens, position, length);
  }

  boolean ended() {
    return stopReason != null;
  }

  /** Without a further token. */
  void end(StopReason reason) {
    stopReason = reason;
  }

  /** Adds a token, the last one if there is a reason, and returns the characters it completes. */
  String add(int token, double logProbability, Optional<StopReason> reason) {
    tokens[length++] = token;
    logProbabilities.add(logProbability);
    stopReason = reason.orElse(null);
    String piece =
        pieces
            .map(
                p ->
                    (stopReason == StopReason.STOP_TOKEN ? "" : p.add(token))
                        + (ended() ? p.end() : ""))
            .orElse("");
    text.append(piece);
    return piece;
  }

  /**
   * Goes through the motions after the end, for the sake of the batch: no token that comes later
   * changes another sequence.
   */
  void repeat() {
    tokens[length] = tokens[length - 1];
    length++;
  }

  Generation result(Sampling sampling, int example) {
    List<Integer> all = Arrays.stream(tokens).boxed().toList();
    return new Generation(
        all.subList(0, prompt),
        all.subList(prompt, prompt + logProbabilities.size()),
        logProbabilities,
        pieces.map(p -> text.toString()),
        stopReason,
        sampling,
        example);
  }
}
