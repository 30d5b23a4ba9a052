package dev.circuitscope.core.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Bytes of known number, read at any offset. */
interface ByteSource {
  /** For error messages. */
  String name();

  long size();

  /** Fills the buffer from an offset on; running out of bytes is a malformed file. */
  void read(long offset, ByteBuffer into) throws IOException;

  static ByteSource of(FileChannel channel, String name) throws IOException {
    return new FileSource(channel, name, channel.size());
  }

  static ByteSource of(byte[] bytes, String name) {
    return new ArraySource(bytes, name);
  }

  record FileSource(FileChannel channel, String name, long size) implements ByteSource {
    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
      long at = offset;
      while (into.hasRemaining()) {
        int count = channel.read(into, at);
        if (count < 0) {
          throw new MalformedFileException(name, at, "file ends here while it is being read");
        }
        at += count;
      }
    }
  }

  record ArraySource(byte[] bytes, String name) implements ByteSource {
    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
      if (offset + into.remaining() > bytes.length) {
        throw new MalformedFileException(name, bytes.length, "data end here");
      }
      into.put(bytes, Math.toIntExact(offset), into.remaining());
    }
  }
}
