package dev.circuitscope.core.io.zip;

import dev.circuitscope.core.io.ByteSource;
import dev.circuitscope.core.io.MalformedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Inflates a member while it is read at rising offsets; nothing of it is kept. */
final class InflatingSource implements ByteSource {
  private static final int BUFFER = 1 << 16;

  private final ByteSource compressed;
  private final ZipMember member;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final ByteBuffer input;
  private long fed;
  private long position;
  private boolean finished;

  InflatingSource(ByteSource compressed, ZipMember member) {
    this.compressed = compressed;
    this.member = member;
    this.input = ByteBuffer.allocate((int) Math.min(BUFFER, compressed.size()));
  }

  @Override
  public String name() {
    return compressed.name();
  }

  @Override
  public long size() {
    return member.size();
  }

  @Override
  public void read(long offset, ByteBuffer into) throws IOException {
    if (offset < position) {
      throw new IllegalStateException(
          "compressed member %s is read from front to back; byte %d is asked for after byte %d"
              .formatted(member.name(), offset, position));
    }
    if (offset > member.size() - into.remaining()) {
      throw damaged("data end here");
    }
    while (position < offset) {
      ByteBuffer skipped = ByteBuffer.allocate((int) Math.min(BUFFER, offset - position));
      inflate(skipped);
    }
    inflate(into);
    if (position == member.size() && !finished) {
      finish();
    }
  }

  private void inflate(ByteBuffer into) throws IOException {
    int start = into.position();
    try {
      while (into.hasRemaining()) {
        if (inflater.needsInput()) {
          feed();
        }
        if (inflater.inflate(into) == 0 && (inflater.finished() || inflater.needsDictionary())) {
          throw damaged("its compressed data end before its size is reached");
        }
      }
    } catch (DataFormatException e) {
      throw damaged("its compressed data are damaged");
    }
    ByteBuffer made = into.duplicate().flip().position(start);
    position += made.remaining();
    crc.update(made);
  }

  private void feed() throws IOException {
    long left = compressed.size() - fed;
    if (left == 0) {
      throw damaged("its compressed data end early");
    }
    input.clear().limit((int) Math.min(input.capacity(), left));
    compressed.read(fed, input);
    fed += input.flip().remaining();
    inflater.setInput(input);
  }

  /** The data must end where the size says, not go on: a size too small hides a bomb. */
  private void finish() throws IOException {
    try {
      ByteBuffer beyond = ByteBuffer.allocate(1);
      while (!inflater.finished()) {
        if (inflater.needsInput()) {
          feed();
        }
        if (inflater.inflate(beyond) > 0 || inflater.needsDictionary()) {
          throw damaged("its compressed data go on behind its size");
        }
      }
    } catch (DataFormatException e) {
      throw damaged("its compressed data are damaged");
    }
    if (inflater.getBytesRead() != member.compressedSize()) {
      throw damaged("its compressed data end before its compressed size");
    }
    ZipArchive.requireCrc(name(), (int) crc.getValue(), member.crc());
    inflater.end();
    finished = true;
  }

  /** Gives the decompressor's memory back, too: nothing is read after this. */
  private MalformedFileException damaged(String problem) {
    inflater.end();
    return new MalformedFileException(
        name(), position, problem + " (size " + member.size() + "); the file is damaged");
  }
}
