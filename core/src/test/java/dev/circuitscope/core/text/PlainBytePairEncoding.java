package dev.circuitscope.core.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Byte-pair encoding as Radford et al. (2019) define it, without any shortcut: cut the text by
 * GPT-2's pattern, start from bytes, and join the adjacent pair of lowest rank until none is known.
 */
final class PlainBytePairEncoding {
  private static final Pattern CUT =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  private final Map<String, Integer> ranks = new HashMap<>();

  PlainBytePairEncoding() throws IOException {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                getClass().getResourceAsStream("/com/knuddels/jtokkit/r50k_base.tiktoken"),
                StandardCharsets.US_ASCII))) {
      for (String line; (line = in.readLine()) != null; ) {
        String[] fields = line.split(" ");
        byte[] bytes = Base64.getDecoder().decode(fields[0]);
        ranks.put(new String(bytes, StandardCharsets.ISO_8859_1), Integer.parseInt(fields[1]));
      }
    }
  }

  int[] encode(String text) {
    List<Integer> ids = new ArrayList<>();
    Matcher words = CUT.matcher(text);
    while (words.find()) {
      byte[] bytes = words.group().getBytes(StandardCharsets.UTF_8);
      List<String> parts = new ArrayList<>();
      for (byte b : bytes) {
        parts.add(new String(new byte[] {b}, StandardCharsets.ISO_8859_1));
      }
      while (true) {
        int best = -1;
        for (int i = 0; i + 1 < parts.size(); i++) {
          if (rank(parts, i) < (best < 0 ? Integer.MAX_VALUE : rank(parts, best))) {
            best = i;
          }
        }
        if (best < 0) {
          break;
        }
        parts.set(best, parts.get(best) + parts.remove(best + 1));
      }
      parts.forEach(part -> ids.add(ranks.get(part)));
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  private int rank(List<String> parts, int i) {
    return ranks.getOrDefault(parts.get(i) + parts.get(i + 1), Integer.MAX_VALUE);
  }
}
