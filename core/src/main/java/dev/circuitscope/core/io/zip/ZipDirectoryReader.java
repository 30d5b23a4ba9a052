package dev.circuitscope.core.io.zip;

import dev.circuitscope.core.io.ByteSource;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.Utf8;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads an archive's directory and the local headers that it points to. Two readers that disagree
 * about an archive can be shown different contents, so whatever is written down twice must be the
 * same both times.
 */
final class ZipDirectoryReader {
  private static final int ENTRY_SIGNATURE = 0x02014b50;
  private static final int ENTRY_BYTES = 46;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int ENCRYPTED = 1;
  private static final int SIZES_FOLLOW = 8;
  private static final int DEFLATED = 8;
  private static final long IN_ZIP64 = 0xffffffffL;
  private static final int MAX_DIRECTORY = 1 << 28;

  /** Deflate cannot do better: 258 bytes out of two bits. */
  private static final long MAX_RATIO = 1032;

  private record Entry(ZipMember member, int method, int flags, byte[] name, long localOffset) {}

  private final ByteSource source;
  private final ZipLimits limits;

  ZipDirectoryReader(ByteSource source, ZipLimits limits) {
    this.source = source;
    this.limits = limits;
  }

  Map<String, ZipMember> read() throws IOException {
    ZipEnd end = ZipEnd.find(source);
    if (end.members() > limits.maxMembers()) {
      throw malformed(
          end.directoryOffset(),
          "%d members; at most %d are allowed".formatted(end.members(), limits.maxMembers()));
    }
    if (end.directorySize() > MAX_DIRECTORY) {
      throw malformed(end.directoryOffset(), "its directory takes more than 256 MiB");
    }
    ByteBuffer directory = buffer((int) end.directorySize());
    source.read(end.directoryOffset(), directory);
    directory.flip();
    List<Entry> entries = new ArrayList<>();
    for (long i = 0; i < end.members(); i++) {
      entries.add(entry(directory, end.directoryOffset()));
    }
    if (directory.hasRemaining()) {
      throw malformed(
          end.directoryOffset() + directory.position(), "its directory goes on behind its end");
    }
    return members(entries, end.directoryOffset());
  }

  private Map<String, ZipMember> members(List<Entry> entries, long directoryOffset)
      throws IOException {
    Map<String, ZipMember> members = new LinkedHashMap<>();
    List<long[]> spans = new ArrayList<>();
    long inflated = 0;
    for (Entry entry : entries) {
      ZipMember member = located(entry);
      spans.add(new long[] {entry.localOffset(), member.dataOffset() + member.compressedSize()});
      if (member.deflated()) {
        inflated += member.size();
        if (inflated < 0 || inflated > limits.maxInflatedBytes()) {
          throw malformed(
              entry.localOffset(),
              "its compressed members hold more than the %d bytes that are allowed"
                  .formatted(limits.maxInflatedBytes()));
        }
      }
      if (!member.name().endsWith("/") && members.put(member.name(), member) != null) {
        throw malformed(
            entry.localOffset(), "member '" + member.name() + "' is in the archive twice");
      }
    }
    spans.sort(Comparator.comparingLong(span -> span[0]));
    for (int i = 0; i < spans.size(); i++) {
      long next = i + 1 < spans.size() ? spans.get(i + 1)[0] : directoryOffset;
      if (spans.get(i)[1] > next) {
        throw malformed(spans.get(i)[0], "a member overlaps the one after it or the directory");
      }
    }
    return Collections.unmodifiableMap(members);
  }

  private Entry entry(ByteBuffer in, long directoryOffset) throws IOException {
    long at = directoryOffset + in.position();
    if (in.remaining() < ENTRY_BYTES || in.getInt(in.position()) != ENTRY_SIGNATURE) {
      throw malformed(at, "an entry of its directory is damaged");
    }
    int start = in.position();
    int flags = in.getShort(start + 8) & 0xffff;
    int method = in.getShort(start + 10) & 0xffff;
    int crc = in.getInt(start + 16);
    long compressed = in.getInt(start + 20) & IN_ZIP64;
    long size = in.getInt(start + 24) & IN_ZIP64;
    int nameLength = in.getShort(start + 28) & 0xffff;
    int extraLength = in.getShort(start + 30) & 0xffff;
    int commentLength = in.getShort(start + 32) & 0xffff;
    long local = in.getInt(start + 42) & IN_ZIP64;
    in.position(start + ENTRY_BYTES);
    if (in.remaining() < nameLength + extraLength + commentLength) {
      throw malformed(at, "an entry of its directory is cut off");
    }
    byte[] name = new byte[nameLength];
    in.get(name);
    ByteBuffer extra = in.slice(in.position(), extraLength).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + extraLength + commentLength);
    long[] wide = {size, compressed, local};
    widen(extra, wide, at);
    String text = Utf8.decode(name, source.name());
    requireHarmless(text, at);
    ZipMember member = new ZipMember(text, method == DEFLATED, crc, wide[1], wide[0], -1);
    requirePossible(member, method, flags, wide[2], at);
    return new Entry(member, method, flags, name, wide[2]);
  }

  /** The zip64 extra field holds, in this order, those values that do not fit into 32 bits. */
  private void widen(ByteBuffer extra, long[] values, long at) throws MalformedFileException {
    while (extra.remaining() >= 4) {
      int id = extra.getShort() & 0xffff;
      int length = extra.getShort() & 0xffff;
      if (length > extra.remaining()) {
        throw malformed(at, "an extra field of its directory is cut off");
      }
      int end = extra.position() + length;
      for (int i = 0; i < values.length && id == 1; i++) {
        if (values[i] == IN_ZIP64 && end - extra.position() >= Long.BYTES) {
          values[i] = extra.getLong();
        }
      }
      extra.position(end);
    }
  }

  private void requireHarmless(String name, long at) throws MalformedFileException {
    boolean climbs = name.startsWith("/");
    for (String part : name.split("/", -1)) {
      climbs |= part.equals("..") || part.equals(".");
    }
    if (climbs || name.isEmpty() || name.chars().anyMatch(c -> c == '\\' || c < ' ')) {
      throw malformed(at, "member name '" + name + "' leads out of the archive or is no name");
    }
  }

  private void requirePossible(ZipMember member, int method, int flags, long local, long at)
      throws MalformedFileException {
    if ((flags & ENCRYPTED) != 0) {
      throw malformed(at, "member '" + member.name() + "' is encrypted");
    }
    if (method != 0 && method != DEFLATED) {
      throw malformed(
          at,
          "member '%s' is compressed by method %d; only stored and deflated ones are read"
              .formatted(member.name(), method));
    }
    long compressed = member.compressedSize();
    if (local < 0 || compressed < 0 || local > source.size() - compressed) {
      throw malformed(at, "member '" + member.name() + "' is not within the file; truncated?");
    }
    boolean possible =
        member.deflated()
            ? member.size() >= 0 && member.size() / MAX_RATIO <= compressed
            : member.size() == compressed;
    if (!possible) {
      throw malformed(
          at,
          "member '%s' cannot hold %d bytes in %d"
              .formatted(member.name(), member.size(), compressed));
    }
  }

  private ZipMember located(Entry entry) throws IOException {
    ZipMember member = entry.member();
    long at = entry.localOffset();
    ByteBuffer local = buffer(LOCAL_BYTES);
    source.read(at, local);
    int nameLength = local.getShort(26) & 0xffff;
    ByteBuffer name = buffer(nameLength);
    boolean agrees =
        local.getInt(0) == LOCAL_SIGNATURE
            && nameLength == entry.name().length
            && (local.getShort(8) & 0xffff) == entry.method()
            && ((local.getShort(6) ^ entry.flags()) & (ENCRYPTED | SIZES_FOLLOW)) == 0;
    if (agrees) {
      source.read(at + LOCAL_BYTES, name);
      agrees = name.flip().equals(ByteBuffer.wrap(entry.name()));
    }
    if (agrees && (entry.flags() & SIZES_FOLLOW) == 0) {
      agrees =
          local.getInt(14) == member.crc()
              && is(local.getInt(18), member.compressedSize())
              && is(local.getInt(22), member.size());
    }
    long data = at + LOCAL_BYTES + nameLength + (local.getShort(28) & 0xffff);
    if (!agrees || data > source.size() - member.compressedSize()) {
      throw malformed(
          at, "member '" + member.name() + "' does not agree with the archive's directory");
    }
    return new ZipMember(
        member.name(),
        member.deflated(),
        member.crc(),
        member.compressedSize(),
        member.size(),
        data);
  }

  private static boolean is(int inHeader, long value) {
    long narrow = inHeader & IN_ZIP64;
    return narrow == value || narrow == IN_ZIP64;
  }

  private MalformedFileException malformed(long offset, String problem) {
    return new MalformedFileException(source.name(), offset, problem);
  }

  static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
