package dev.circuitscope.core.text;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The most frequent tokens of a larger tokenizer: a small vocabulary for a small model whose tokens
 * are still words.
 *
 * <p>Token 0 is the start token and token 1 the unknown token. The kept tokens follow by falling
 * frequency in the corpus, ties by their id in the base. Kept are, first, the one-byte tokens of
 * every byte that occurs in the corpus, and then the most frequent others until the vocabulary is
 * full.
 *
 * <p>A text is encoded by the base; a token that was not kept is split into the fewest kept tokens
 * with the same bytes (of equally short splittings the one whose first piece is longest, then its
 * second, and so on). With a byte-level base such as GPT-2's, every text made of bytes that the
 * corpus has therefore round-trips. Runs of other bytes become one unknown token, which decodes as
 * U+FFFD.
 */
public final class CompactTokenizer implements Tokenizer {
  private static final int BOS = 0;
  private static final int UNKNOWN = 1;
  private static final int FIRST = 2;

  private final Tokenizer base;
  private final int[] kept;
  private final int[][] pieces;

  private CompactTokenizer(Tokenizer base, int[] kept) {
    this.base = base;
    this.kept = kept;
    TokenPieces splitter = new TokenPieces(idsByBytes(base, kept), UNKNOWN);
    int[] idOf = new int[base.vocabSize()];
    for (int i = 0; i < kept.length; i++) {
      idOf[kept[i]] = FIRST + i;
    }
    this.pieces = new int[base.vocabSize()][];
    for (int token = 0; token < pieces.length; token++) {
      pieces[token] =
          idOf[token] > 0 ? new int[] {idOf[token]} : splitter.split(base.tokenBytes(token));
    }
  }

  /**
   * Chooses the tokens by counting them in a corpus.
   *
   * @param base tokenizer to thin out
   * @param corpus where to count; use the training part
   * @param vocabSize number of tokens of the new tokenizer, its two special ones included
   * @return the tokenizer; smaller than asked for if the corpus has fewer different tokens
   * @throws IllegalArgumentException if not even the one-byte tokens fit
   */
  public static CompactTokenizer of(Tokenizer base, Corpus corpus, int vocabSize) {
    long[] counts = new long[base.vocabSize()];
    boolean[] byteOccurs = new boolean[256];
    for (Corpus.Document document : corpus.documents()) {
      for (int token : base.encode(document.text())) {
        counts[token]++;
      }
    }
    for (int token = 0; token < counts.length; token++) {
      if (counts[token] > 0) {
        for (byte b : base.tokenBytes(token)) {
          byteOccurs[b & 0xff] = true;
        }
      }
    }
    Set<Integer> chosen = new LinkedHashSet<>();
    for (int token = 0; token < counts.length; token++) {
      byte[] bytes = base.tokenBytes(token);
      if (bytes.length == 1 && byteOccurs[bytes[0] & 0xff]) {
        chosen.add(token);
      }
    }
    if (FIRST + chosen.size() > vocabSize) {
      throw new IllegalArgumentException(
          "compact tokenizer: a vocabulary of %d is too small; %d one-byte tokens and 2 special ones must fit"
              .formatted(vocabSize, chosen.size()));
    }
    Comparator<Integer> byFrequency =
        Comparator.comparingLong((Integer token) -> -counts[token])
            .thenComparing(Comparator.naturalOrder());
    int[] candidates =
        IntStream.range(0, counts.length)
            .filter(token -> counts[token] > 0 && base.tokenBytes(token).length > 0)
            .boxed()
            .sorted(byFrequency)
            .mapToInt(Integer::intValue)
            .toArray();
    for (int i = 0; i < candidates.length && FIRST + chosen.size() < vocabSize; i++) {
      chosen.add(candidates[i]);
    }
    int[] kept = chosen.stream().sorted(byFrequency).mapToInt(Integer::intValue).toArray();
    return new CompactTokenizer(base, kept);
  }

  /**
   * Rebuilds a tokenizer from its parts.
   *
   * @param base tokenizer to thin out
   * @param kept ids of the base that are kept, in the order of their new ids
   * @return the tokenizer
   * @throws IllegalArgumentException if an id is outside the base's vocabulary, special, or double
   */
  public static CompactTokenizer ofKept(Tokenizer base, int[] kept) {
    if (Arrays.stream(kept).distinct().count() < kept.length) {
      throw new IllegalArgumentException("compact tokenizer: a kept token is listed twice");
    }
    for (int token : kept) {
      if (base.tokenBytes(token).length == 0) {
        throw new IllegalArgumentException(
            "compact tokenizer: token %d (%s) of the base is special and has no text to keep"
                .formatted(token, base.tokenText(token)));
      }
    }
    return new CompactTokenizer(base, kept.clone());
  }

  /**
   * Returns the tokenizer that was thinned out.
   *
   * @return the base
   */
  public Tokenizer base() {
    return base;
  }

  /**
   * Returns the kept tokens.
   *
   * @return ids of the base, in the order of the new ids, which start at 2; a copy
   */
  public int[] kept() {
    return kept.clone();
  }

  /**
   * Returns the token for bytes that no kept token covers.
   *
   * @return its id
   */
  public int unknownToken() {
    return UNKNOWN;
  }

  /**
   * Says whether a token of the base is a token here, too.
   *
   * @param baseToken id of the base
   * @return whether it was kept
   */
  public boolean keeps(int baseToken) {
    TokenText.requireInVocabulary("compact tokenizer", baseToken, base.vocabSize());
    int[] own = pieces[baseToken];
    return own.length == 1 && own[0] >= FIRST && kept[own[0] - FIRST] == baseToken;
  }

  @Override
  public int[] encode(String text) {
    return Arrays.stream(base.encode(text))
        .flatMap(token -> Arrays.stream(pieces[token]))
        .toArray();
  }

  @Override
  public String decode(int[] tokens) {
    return TokenText.decode(this, tokens);
  }

  @Override
  public byte[] tokenBytes(int token) {
    TokenText.requireInVocabulary("token bytes", token, vocabSize());
    return token < FIRST ? new byte[0] : base.tokenBytes(kept[token - FIRST]);
  }

  @Override
  public String tokenText(int token) {
    TokenText.requireInVocabulary("token text", token, vocabSize());
    return switch (token) {
      case BOS -> TokenText.BOS;
      case UNKNOWN -> TokenText.UNKNOWN;
      default -> base.tokenText(kept[token - FIRST]);
    };
  }

  @Override
  public int vocabSize() {
    return FIRST + kept.length;
  }

  @Override
  public OptionalInt bosToken() {
    return OptionalInt.of(BOS);
  }

  @Override
  public String toString() {
    return "the %d most frequent of %s".formatted(vocabSize(), base);
  }

  private static Map<TokenPieces.Bytes, Integer> idsByBytes(Tokenizer base, int[] kept) {
    Map<TokenPieces.Bytes, Integer> ids = new HashMap<>();
    for (int i = 0; i < kept.length; i++) {
      ids.putIfAbsent(new TokenPieces.Bytes(base.tokenBytes(kept[i])), FIRST + i);
    }
    return ids;
  }
}
