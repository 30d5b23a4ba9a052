package dev.circuitscope.core.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** UTF-8 read strictly: malformed bytes are an error with a place, never a replacement mark. */
public final class Utf8 {
  private static final int CHUNK = 1 << 16;

  private Utf8() {}

  /**
   * Reads a whole text file.
   *
   * @param file a UTF-8 file
   * @return its text, unchanged (line ends and a byte order mark included)
   * @throws MalformedFileException if the bytes are not UTF-8; its offset is that of the first one
   * @throws IOException if the file is missing or cannot be read
   */
  public static String read(Path file) throws IOException {
    return decode(Files.readAllBytes(file), file.toString());
  }

  /**
   * Decodes bytes.
   *
   * @param bytes UTF-8
   * @param source name for error messages
   * @return the text
   * @throws MalformedFileException if the bytes are not UTF-8; its offset is that of the first one
   */
  public static String decode(byte[] bytes, String source) throws MalformedFileException {
    return decode(ByteBuffer.wrap(bytes), source, 0);
  }

  static String decode(ByteBuffer in, String source, long baseOffset)
      throws MalformedFileException {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    StringBuilder text = new StringBuilder(in.remaining());
    CharBuffer out = CharBuffer.allocate(Math.min(CHUNK, in.remaining() + 1));
    CoderResult result;
    do {
      result = decoder.decode(in, out, true);
      if (result.isError()) {
        int value = in.get(in.position()) & 0xff;
        throw new MalformedFileException(
            source,
            baseOffset + in.position(),
            "not UTF-8: byte 0x%02x does not fit; convert the file to UTF-8".formatted(value));
      }
      text.append(out.flip());
      out.clear();
    } while (result.isOverflow());
    return text.toString();
  }
}
