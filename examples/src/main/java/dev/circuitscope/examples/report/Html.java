package dev.circuitscope.examples.report;

/** Text in HTML that is also well-formed XML. */
final class Html {

  private Html() {}

  /** Text as the content of an element or of an attribute in double quotes. */
  static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                default -> out.appendCodePoint(visible(c) ? c : 0xFFFD);
              }
            });
    return out.toString();
  }

  /** {@code <name>text</name>}, the text escaped. */
  static String element(String name, String text) {
    return "<" + name + ">" + escape(text) + "</" + name + ">";
  }

  private static boolean visible(int c) {
    return c == '\n' || c == '\t' || !(Character.isISOControl(c) || c >= 0xD800 && c < 0xE000);
  }
}
