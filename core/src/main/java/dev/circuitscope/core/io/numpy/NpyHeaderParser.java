package dev.circuitscope.core.io.numpy;

import dev.circuitscope.core.io.MalformedFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Parses the one Python literal that .npy headers consist of, a dictionary of {@code descr}, {@code
 * fortran_order} and {@code shape}, and nothing else of Python.
 */
final class NpyHeaderParser {
  private static final int MAX_AXES = 64;

  record Fields(String descr, boolean fortranOrder, long[] shape) {}

  private final String text;
  private final String source;
  private final long start;
  private int at;

  NpyHeaderParser(String text, String source, long start) {
    this.text = text;
    this.source = source;
    this.start = start;
  }

  Fields parse() throws MalformedFileException {
    String descr = null;
    Boolean fortranOrder = null;
    long[] shape = null;
    Set<String> seen = new HashSet<>();
    expect('{');
    while (!accept('}')) {
      String key = string();
      if (!seen.add(key)) {
        throw malformed("'" + key + "' appears twice");
      }
      expect(':');
      switch (key) {
        case "descr" -> descr = descr();
        case "fortran_order" -> fortranOrder = bool();
        case "shape" -> shape = shape();
        default -> throw malformed("unknown entry '" + key + "'");
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skipSpace();
    if (at < text.length()) {
      throw malformed("text follows the dictionary");
    }
    if (seen.size() != 3) {
      throw malformed("descr, fortran_order and shape are needed, found " + seen);
    }
    return new Fields(descr, fortranOrder, shape);
  }

  private String descr() throws MalformedFileException {
    skipSpace();
    if (at < text.length() && text.charAt(at) == '[') {
      throw malformed("structured types are not read; save each field as an array");
    }
    return string();
  }

  private String string() throws MalformedFileException {
    skipSpace();
    char quote = at < text.length() ? text.charAt(at) : 0;
    int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
    if (end < 0) {
      throw malformed("a text in quotes is expected");
    }
    String content = text.substring(at + 1, end);
    if (content.indexOf('\\') >= 0) {
      throw malformed("texts with backslashes are not read");
    }
    at = end + 1;
    return content;
  }

  private boolean bool() throws MalformedFileException {
    skipSpace();
    for (boolean value : new boolean[] {true, false}) {
      String word = value ? "True" : "False";
      if (text.startsWith(word, at)) {
        at += word.length();
        return value;
      }
    }
    throw malformed("True or False is expected");
  }

  private long[] shape() throws MalformedFileException {
    List<Long> sizes = new ArrayList<>();
    expect('(');
    boolean comma = true;
    while (!accept(')')) {
      if (!comma || sizes.size() == MAX_AXES) {
        throw malformed("a comma and at most " + MAX_AXES + " axes are expected");
      }
      sizes.add(size());
      comma = accept(',');
    }
    if (sizes.size() == 1 && !comma) {
      throw malformed("(n) is a number; a shape of one axis is (n,)");
    }
    return sizes.stream().mapToLong(Long::longValue).toArray();
  }

  private long size() throws MalformedFileException {
    skipSpace();
    int begin = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    try {
      long value = Long.parseLong(text.substring(begin, at));
      accept('L'); // as Python 2 wrote long integers
      return value;
    } catch (NumberFormatException e) {
      throw malformed("a size of at most 63 bits is expected");
    }
  }

  private void expect(char c) throws MalformedFileException {
    if (!accept(c)) {
      throw malformed("'" + c + "' is expected");
    }
  }

  private boolean accept(char c) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void skipSpace() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
      at++;
    }
  }

  private MalformedFileException malformed(String problem) {
    return new MalformedFileException(source, start + at, "header: " + problem);
  }
}
