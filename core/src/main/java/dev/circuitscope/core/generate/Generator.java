package dev.circuitscope.core.generate;

import dev.circuitscope.core.model.AttentionDirection;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Lets a model write on: draws a token from its logits, feeds it back, and so on.
 *
 * <pre>{@code
 * Generator generator = Generator.of(model, tokenizer);
 * Generation text = generator.generate("Once upon a time", GenerationOptions.of(50));
 * text.text();                                           // Optional[, there was a ...]
 *
 * var options = GenerationOptions.of(50).withSampling(Sampling.random(7L).withTopP(0.9));
 * generator.generate("Once", options, token -> System.out.print(token.text()));
 * }</pre>
 *
 * <p>The same seed gives the same tokens, with or without the key-value cache, in whatever batch.
 * Sequences never get longer than the model's context, so that a model can be run on them.
 */
public final class Generator {

  private static final TokenListener NOBODY = token -> {};

  private final Transformer model;
  private final Optional<Tokenizer> tokenizer;

  private Generator(Transformer model, Optional<Tokenizer> tokenizer) {
    TransformerConfig config = model.config();
    if (config.attention().direction() != AttentionDirection.CAUSAL) {
      throw new IllegalArgumentException(
          "a bidirectional model does not write from left to right: each of its outputs has seen"
              + " the whole sequence");
    }
    if (config.dVocabOut() > config.dVocab()) {
      throw new IllegalArgumentException(
          "the model cannot read all that it predicts: d_vocab_out %d, d_vocab %d"
              .formatted(config.dVocabOut(), config.dVocab()));
    }
    this.model = model;
    this.tokenizer = tokenizer;
  }

  /**
   * For token ids only.
   *
   * @param model a causal model
   * @return the generator
   * @throws IllegalArgumentException if the model is bidirectional, or predicts tokens that it
   *     cannot read
   */
  public static Generator of(Transformer model) {
    return new Generator(model, Optional.empty());
  }

  /**
   * For text.
   *
   * @param model a causal model
   * @param tokenizer of its tokens
   * @return the generator
   * @throws IllegalArgumentException if the model is bidirectional, or predicts tokens that it
   *     cannot read
   */
  public static Generator of(Transformer model, Tokenizer tokenizer) {
    return new Generator(model, Optional.of(tokenizer));
  }

  /**
   * Continues a text.
   *
   * @param prompt the text; the tokenizer's start token is put before it
   * @param options what to do
   * @return the new tokens and their text
   * @throws IllegalArgumentException as {@link #generate(int[][], GenerationOptions,
   *     TokenListener)} does
   * @throws IllegalStateException if there is no tokenizer
   */
  public Generation generate(String prompt, GenerationOptions options) {
    return generate(prompt, options, NOBODY);
  }

  /**
   * Continues a text, and tells of every token.
   *
   * @param prompt the text; the tokenizer's start token is put before it
   * @param options what to do
   * @param listener is told of every token as soon as it is drawn
   * @return the new tokens and their text
   * @throws IllegalArgumentException as {@link #generate(int[][], GenerationOptions,
   *     TokenListener)} does
   * @throws IllegalStateException if there is no tokenizer
   */
  public Generation generate(String prompt, GenerationOptions options, TokenListener listener) {
    Tokenizer t =
        tokenizer.orElseThrow(
            () -> new IllegalStateException("a text needs a tokenizer; give token ids instead"));
    return generate(new int[][] {t.encodeWithBos(prompt)}, options, listener).get(0);
  }

  /**
   * Continues token ids.
   *
   * @param prompt at least one token
   * @param options what to do
   * @return the new tokens
   * @throws IllegalArgumentException as {@link #generate(int[][], GenerationOptions,
   *     TokenListener)} does
   */
  public Generation generate(int[] prompt, GenerationOptions options) {
    return generate(new int[][] {prompt}, options, NOBODY).get(0);
  }

  /**
   * Continues several sequences of token ids at once.
   *
   * @param prompts [batch, pos], pos at least 1
   * @param options what to do
   * @return one generation for each
   * @throws IllegalArgumentException as {@link #generate(int[][], GenerationOptions,
   *     TokenListener)} does
   */
  public List<Generation> generate(int[][] prompts, GenerationOptions options) {
    return generate(prompts, options, NOBODY);
  }

  /**
   * Continues several sequences of token ids at once, and tells of every token.
   *
   * @param prompts [batch, pos], pos at least 1
   * @param options what to do
   * @param listener is told of every token as soon as it is drawn
   * @return one generation for each
   * @throws IllegalArgumentException if the prompts are empty, of different lengths, longer than
   *     the context or hold a token outside the vocabulary, if a hook's point does not exist, or if
   *     the model's logits are not numbers
   */
  public List<Generation> generate(
      int[][] prompts, GenerationOptions options, TokenListener listener) {
    int length = requireLength(prompts);
    int nCtx = model.config().nCtx();
    int room = (int) Math.min(nCtx, (long) length + options.maxNewTokens());
    StopReason atTheEnd =
        room - length == options.maxNewTokens()
            ? StopReason.MAX_NEW_TOKENS
            : StopReason.CONTEXT_FULL;
    List<Sequence> batch =
        Arrays.stream(prompts)
            .map(prompt -> new Sequence(prompt, room, tokenizer.map(TextPieces::new)))
            .toList();
    if (length == room) {
      batch.forEach(sequence -> sequence.end(atTheEnd));
    }
    NextLogits source = nextLogits(batch.size(), room, options);
    for (int step = 0; !batch.stream().allMatch(Sequence::ended); step++) {
      Optional<StopReason> end =
          length + step + 1 == room ? Optional.of(atTheEnd) : Optional.empty();
      float[][] logits = source.after(batch);
      for (int b = 0; b < logits.length; b++) {
        if (batch.get(b).ended()) {
          batch.get(b).repeat();
        } else {
          listener.accept(draw(batch.get(b), b, step, logits[b], options, end));
        }
      }
    }
    return IntStream.range(0, batch.size())
        .mapToObj(b -> batch.get(b).result(options.sampling(), options.firstExample() + b))
        .toList();
  }

  private NextLogits nextLogits(int batch, int room, GenerationOptions options) {
    return options.useCache()
        ? NextLogits.cached(model, batch, room, options.hooks())
        : NextLogits.whole(model, options.hooks());
  }

  private static GeneratedToken draw(
      Sequence sequence,
      int b,
      int step,
      float[] logits,
      GenerationOptions options,
      Optional<StopReason> end) {
    int token = options.sampling().draw(logits, options.firstExample() + b, step);
    double logProbability = Candidates.logProbability(logits, token);
    Optional<StopReason> reason =
        options.stopTokens().contains(token) ? Optional.of(StopReason.STOP_TOKEN) : end;
    String piece = sequence.add(token, logProbability, reason);
    return new GeneratedToken(b, step, token, logProbability, piece, sequence.ended());
  }

  private int requireLength(int[][] prompts) {
    if (prompts.length == 0 || prompts[0].length == 0) {
      throw new IllegalArgumentException(
          "a prompt has at least one token; start with the tokenizer's start token if there is no"
              + " other");
    }
    int length = prompts[0].length;
    for (int[] prompt : prompts) {
      if (prompt.length != length) {
        throw new IllegalArgumentException(
            "prompts of a batch have one length, got %d and %d tokens; generate them one by one"
                .formatted(length, prompt.length));
      }
    }
    if (length > model.config().nCtx()) {
      throw new IllegalArgumentException(
          "a prompt of %d tokens exceeds the model's context of %d"
              .formatted(length, model.config().nCtx()));
    }
    return length;
  }
}
