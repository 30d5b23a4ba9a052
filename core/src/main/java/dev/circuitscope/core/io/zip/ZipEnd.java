package dev.circuitscope.core.io.zip;

import dev.circuitscope.core.io.ByteSource;
import dev.circuitscope.core.io.MalformedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The record at the end of an archive that says where its directory is. */
record ZipEnd(long members, long directorySize, long directoryOffset) {
  private static final int SIGNATURE = 0x06054b50;
  private static final int BYTES = 22;
  private static final int MAX_COMMENT = 0xffff;
  private static final int LOCATOR_SIGNATURE = 0x07064b50;
  private static final int LOCATOR_BYTES = 20;
  private static final int WIDE_SIGNATURE = 0x06064b50;
  private static final int WIDE_BYTES = 56;

  /** Finds the record, in its 64-bit form if there is one, and checks that it fits the file. */
  static ZipEnd find(ByteSource source) throws IOException {
    long at = locate(source);
    ByteBuffer end = read(source, at, BYTES);
    if (end.getShort(4) != 0 && end.getShort(4) != -1) {
      throw new MalformedFileException(source.name(), at, "archives of several volumes");
    }
    ZipEnd narrow =
        new ZipEnd(
            end.getShort(10) & 0xffff, end.getInt(12) & 0xffffffffL, end.getInt(16) & 0xffffffffL);
    ZipEnd found = narrow;
    long limit = at;
    if (at >= LOCATOR_BYTES) {
      ByteBuffer locator = read(source, at - LOCATOR_BYTES, LOCATOR_BYTES);
      if (locator.getInt(0) == LOCATOR_SIGNATURE) {
        limit = locator.getLong(8);
        found = wide(source, limit, at - LOCATOR_BYTES);
        narrow.requireAgreement(found, source.name(), at);
      }
    }
    if (found.members < 0
        || found.directorySize < 0
        || found.directoryOffset < 0
        || found.directoryOffset > limit - found.directorySize) {
      throw new MalformedFileException(
          source.name(), at, "the archive's directory is not within the file; truncated?");
    }
    return found;
  }

  private static ZipEnd wide(ByteSource source, long at, long limit) throws IOException {
    if (at < 0 || at > limit - WIDE_BYTES) {
      throw new MalformedFileException(source.name(), limit, "its zip64 record is not in the file");
    }
    ByteBuffer wide = read(source, at, WIDE_BYTES);
    if (wide.getInt(0) != WIDE_SIGNATURE) {
      throw new MalformedFileException(source.name(), at, "its zip64 record is damaged");
    }
    return new ZipEnd(wide.getLong(32), wide.getLong(40), wide.getLong(48));
  }

  private void requireAgreement(ZipEnd wide, String name, long at) throws MalformedFileException {
    if (members != 0xffff && members != wide.members
        || directorySize != 0xffffffffL && directorySize != wide.directorySize
        || directoryOffset != 0xffffffffL && directoryOffset != wide.directoryOffset) {
      throw new MalformedFileException(name, at, "its end and its zip64 record contradict");
    }
  }

  /** Searches from the end for a record whose comment ends where the file does. */
  private static long locate(ByteSource source) throws IOException {
    int length = (int) Math.min(source.size(), BYTES + MAX_COMMENT);
    long start = source.size() - length;
    ByteBuffer tail = read(source, start, length);
    for (int i = length - BYTES; i >= 0; i--) {
      if (tail.getInt(i) == SIGNATURE && (tail.getShort(i + 20) & 0xffff) == length - i - BYTES) {
        return start + i;
      }
    }
    throw new MalformedFileException(
        source.name(), source.size(), "no zip archive, or one that is cut off: it has no end");
  }

  private static ByteBuffer read(ByteSource source, long at, int bytes) throws IOException {
    ByteBuffer buffer = ZipDirectoryReader.buffer(bytes);
    source.read(at, buffer);
    return buffer;
  }
}
