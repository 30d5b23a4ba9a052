package dev.circuitscope.core.io.torch;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Texts and numbers as pickles of the first protocol spell them. */
final class PickleText {
  private PickleText() {}

  /** UTF-8, or Latin-1 if it is not that: Python 2 did not say which. */
  static String decode(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  /**
   * Undoes Python's escapes.
   *
   * @throws IllegalArgumentException if one is malformed or not known
   */
  static String unescape(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        plain.append(c);
        continue;
      }
      char kind = ++i < text.length() ? text.charAt(i) : 0;
      int digits =
          switch (kind) {
            case 'x' -> 2;
            case 'u' -> 4;
            case 'U' -> 8;
            default -> 0;
          };
      if (digits > 0) {
        int end = Math.min(text.length(), i + 1 + digits);
        plain.appendCodePoint(Integer.parseInt(text.substring(i + 1, end), 16));
        i += digits;
      } else {
        plain.append(single(kind));
      }
    }
    return plain.toString();
  }

  /**
   * Takes the quotes off a text and undoes its escapes.
   *
   * @throws IllegalArgumentException if it is not quoted or an escape is malformed
   */
  static String unquote(String text) {
    int last = text.length() - 1;
    if (last < 1 || text.charAt(0) != text.charAt(last) || "'\"".indexOf(text.charAt(0)) < 0) {
      throw new IllegalArgumentException("a text without quotes");
    }
    return unescape(text.substring(1, last));
  }

  /**
   * A whole number in decimal, with Python 2's L behind it or not.
   *
   * @throws NumberFormatException if it is none
   */
  static Object integer(String text) {
    String digits = text.endsWith("L") ? text.substring(0, text.length() - 1) : text;
    if (digits.length() > 512) {
      throw new NumberFormatException("a number of " + digits.length() + " digits");
    }
    return narrowed(new BigInteger(digits));
  }

  /**
   * A floating-point number as Python prints it.
   *
   * @throws NumberFormatException if it is none
   */
  static double floating(String text) {
    return switch (text) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      case "nan" -> Double.NaN;
      default -> {
        if (text.length() > 64) {
          throw new NumberFormatException("a number of " + text.length() + " characters");
        }
        yield new BigDecimal(text).doubleValue();
      }
    };
  }

  /** A whole number as {@code Long} if it fits. */
  static Object narrowed(BigInteger value) {
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  private static char single(char kind) {
    return switch (kind) {
      case '\\', '\'', '"' -> kind;
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> throw new IllegalArgumentException("an unknown escape");
    };
  }
}
