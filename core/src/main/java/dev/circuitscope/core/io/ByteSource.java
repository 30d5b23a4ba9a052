package dev.circuitscope.core.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Bytes of known number, read at any offset: what every reader of this package and its sub-packages
 * works on, so that files, parts of files and arrays in memory are read by the same code.
 */
public interface ByteSource {
  /**
   * Returns the name for error messages.
   *
   * @return file name, or another name by which the user knows the input
   */
  String name();

  /**
   * Returns the number of bytes.
   *
   * @return size, fixed for the life of the source
   */
  long size();

  /**
   * Fills a buffer from an offset on.
   *
   * @param offset of the first byte
   * @param into buffer; filled from its position to its limit
   * @throws MalformedFileException if the source ends before the buffer is full
   * @throws IOException if the file cannot be read
   */
  void read(long offset, ByteBuffer into) throws IOException;

  /**
   * Reads from an open file.
   *
   * @param channel the file; not closed
   * @param name name for error messages
   * @return a source of the size that the file has now
   * @throws IOException if the size cannot be found out
   */
  static ByteSource of(FileChannel channel, String name) throws IOException {
    return new ByteSources.File(channel, name, channel.size());
  }

  /**
   * Reads from memory.
   *
   * @param bytes content; not copied
   * @param name name for error messages
   * @return a source of these bytes
   */
  static ByteSource of(byte[] bytes, String name) {
    return new ByteSources.Array(bytes, name);
  }

  /**
   * Returns a part of this source as one of its own, whose offsets start at 0.
   *
   * @param offset of its first byte here
   * @param size number of bytes
   * @param name name for error messages
   * @return the part; it reads through this source
   * @throws IllegalArgumentException if it is not within this source
   */
  default ByteSource slice(long offset, long size, String name) {
    if (offset < 0 || size < 0 || offset > size() - size) {
      throw new IllegalArgumentException(
          "slice of %s: %d bytes from %d on are not within its %d bytes"
              .formatted(name(), size, offset, size()));
    }
    return new ByteSources.Slice(this, offset, size, name);
  }
}
