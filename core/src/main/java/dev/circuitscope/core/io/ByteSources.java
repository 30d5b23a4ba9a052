package dev.circuitscope.core.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** What a {@link ByteSource} can read from. */
final class ByteSources {

  private ByteSources() {}

  /** A file. */
  record File(FileChannel channel, String name, long size) implements ByteSource {
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

  /** An array. */
  record Array(byte[] bytes, String name) implements ByteSource {
    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
      if (offset > bytes.length - into.remaining()) {
        throw new MalformedFileException(name, bytes.length, "data end here");
      }
      into.put(bytes, Math.toIntExact(offset), into.remaining());
    }
  }

  /** A part of another source. */
  record Slice(ByteSource whole, long start, long size, String name) implements ByteSource {
    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
      if (offset > size - into.remaining()) {
        throw new MalformedFileException(name, size, "data end here");
      }
      whole.read(start + offset, into);
    }
  }
}
