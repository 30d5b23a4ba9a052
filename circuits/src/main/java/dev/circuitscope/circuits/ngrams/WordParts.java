package dev.circuitscope.circuits.ngrams;

import dev.circuitscope.core.text.Phrase;
import dev.circuitscope.core.text.Tokenizer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tokens that other tokens are made of: the triples {@code "ab" ... "a" -> "b"} by which a head of
 * one layer finishes a word that occurred before, when it comes up again in pieces (A Mathematical
 * Framework for Transformer Circuits, section "Copying / "Primitive" In-Context Learning").
 */
public final class WordParts {

  private WordParts() {}

  /**
   * All splittings of a tokenizer's tokens into two of its tokens.
   *
   * @param tokenizer of the model
   * @return phrases whose source's bytes are those of destination and out together, in order of
   *     sources, the shortest destination first; special tokens have none
   */
  public static List<Phrase> of(Tokenizer tokenizer) {
    byte[][] bytes = new byte[tokenizer.vocabSize()][];
    Map<ByteBuffer, Integer> ids = new HashMap<>();
    for (int token = 0; token < bytes.length; token++) {
      bytes[token] = tokenizer.tokenBytes(token);
      ids.putIfAbsent(ByteBuffer.wrap(bytes[token]), token);
    }
    List<Phrase> parts = new ArrayList<>();
    for (int token = 0; token < bytes.length; token++) {
      byte[] whole = bytes[token];
      for (int cut = 1; cut < whole.length; cut++) {
        Integer head = ids.get(ByteBuffer.wrap(Arrays.copyOf(whole, cut)));
        Integer tail = ids.get(ByteBuffer.wrap(Arrays.copyOfRange(whole, cut, whole.length)));
        if (head != null && tail != null) {
          parts.add(new Phrase(token, head, tail));
        }
      }
    }
    return parts;
  }
}
