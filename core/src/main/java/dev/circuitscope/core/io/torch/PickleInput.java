package dev.circuitscope.core.io.torch;

import dev.circuitscope.core.io.ByteSource;
import dev.circuitscope.core.io.MalformedFileException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The bytes of a pickle, from front to back. */
final class PickleInput {
  private static final int BUFFER = 1 << 14;
  private static final int MAX_LINE = 1 << 12;

  private final ByteSource source;
  private final ByteBuffer buffer;
  private long bufferEnd;

  PickleInput(ByteSource source) {
    this.source = source;
    this.buffer =
        ByteBuffer.allocate((int) Math.min(BUFFER, Math.max(Long.BYTES, source.size())))
            .order(ByteOrder.LITTLE_ENDIAN)
            .limit(0);
  }

  long position() {
    return bufferEnd - buffer.remaining();
  }

  ByteSource source() {
    return source;
  }

  int u1() throws IOException {
    require(1);
    return buffer.get() & 0xff;
  }

  int u2() throws IOException {
    require(2);
    return buffer.getShort() & 0xffff;
  }

  int i4() throws IOException {
    require(4);
    return buffer.getInt();
  }

  long i8() throws IOException {
    require(8);
    return buffer.getLong();
  }

  /** Pickles have their floats big-endian. */
  double f8() throws IOException {
    return Double.longBitsToDouble(Long.reverseBytes(i8()));
  }

  byte[] bytes(long length, int limit) throws IOException {
    requireLength(length, limit);
    byte[] bytes = new byte[(int) length];
    int buffered = Math.min(buffer.remaining(), bytes.length);
    buffer.get(bytes, 0, buffered);
    if (buffered < bytes.length) {
      source.read(bufferEnd, ByteBuffer.wrap(bytes, buffered, bytes.length - buffered));
      bufferEnd += bytes.length - buffered;
    }
    return bytes;
  }

  void skip(long length) throws IOException {
    requireLength(length, Long.MAX_VALUE);
    if (length <= buffer.remaining()) {
      buffer.position(buffer.position() + (int) length);
    } else {
      bufferEnd = position() + length;
      buffer.limit(0);
    }
  }

  /** A line of ASCII without its end. */
  String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = u1(); b != '\n'; b = u1()) {
      if (line.size() == MAX_LINE) {
        throw malformed("a line of more than " + MAX_LINE + " bytes");
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  MalformedFileException malformed(String problem) {
    return new MalformedFileException(source.name(), position(), "pickle: " + problem);
  }

  private void requireLength(long length, long limit) throws IOException {
    if (length < 0 || length > limit) {
      throw malformed(
          "a length of %s bytes; at most %d"
              .formatted(Long.toUnsignedString(length), Math.min(limit, source.size())));
    }
    if (length > source.size() - position()) {
      throw malformed(
          "%d bytes are announced, %d follow".formatted(length, source.size() - position()));
    }
  }

  private void require(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      if (bytes > source.size() - position()) {
        throw malformed("data end within it; truncated?");
      }
      buffer.compact();
      buffer.limit(
          (int) Math.min(buffer.capacity(), buffer.position() + source.size() - bufferEnd));
      bufferEnd += buffer.remaining();
      source.read(bufferEnd - buffer.remaining(), buffer);
      buffer.flip();
    }
  }
}
