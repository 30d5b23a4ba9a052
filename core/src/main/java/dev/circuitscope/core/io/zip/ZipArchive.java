package dev.circuitscope.core.io.zip;

import dev.circuitscope.core.io.ByteSource;
import dev.circuitscope.core.io.MalformedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * The members of a zip archive. Opening it checks the whole directory: names are unique and lead to
 * no other place, members do not overlap, every size is possible, and the limits are kept.
 *
 * <pre>{@code
 * ZipArchive archive = ZipArchive.open(source, ZipLimits.defaults());
 * ByteSource content = archive.content(archive.member("weights.npy"));
 * }</pre>
 */
public final class ZipArchive {
  private static final int BUFFER = 1 << 16;

  /** Inflated content is counted before it is trusted if it is this many times its bytes. */
  private static final int SUSPICIOUS_RATIO = 64;

  private final ByteSource source;
  private final Map<String, ZipMember> members;

  private ZipArchive(ByteSource source, Map<String, ZipMember> members) {
    this.source = source;
    this.members = members;
  }

  /**
   * Reads and checks the directory.
   *
   * @param source the archive
   * @param limits what it may demand
   * @return the archive
   * @throws MalformedFileException if it is no zip archive, is damaged, uses features that weight
   *     files do not have (encryption, several volumes), or exceeds the limits
   * @throws IOException if the source cannot be read
   */
  public static ZipArchive open(ByteSource source, ZipLimits limits) throws IOException {
    return new ZipArchive(source, new ZipDirectoryReader(source, limits).read());
  }

  /**
   * Returns the members, without folders.
   *
   * @return members in the order of the directory, unmodifiable
   */
  public Collection<ZipMember> members() {
    return members.values();
  }

  /**
   * Returns a member.
   *
   * @param name its exact name
   * @return the member, or null if there is none
   */
  public ZipMember member(String name) {
    return members.get(name);
  }

  /**
   * Returns the bytes of a stored member where they lie, without a check of its CRC.
   *
   * @param member a member of this archive that is not deflated
   * @return its content, read through the archive's source
   * @throws IllegalArgumentException if the member is deflated
   */
  public ByteSource stored(ZipMember member) {
    if (member.deflated()) {
      throw new IllegalArgumentException("member " + member.name() + " is not stored");
    }
    return source.slice(member.dataOffset(), member.size(), label(member));
  }

  /**
   * Returns the content of a member. A stored one is compared with its CRC first. A deflated one is
   * inflated while it is read, from front to back only, and compared when its last byte is read;
   * one that claims to inflate to more than 64 times its bytes is inflated and compared once
   * before, without being kept, so that a false claim costs no memory.
   *
   * @param member a member of this archive
   * @return its content
   * @throws MalformedFileException if the content does not have its size or CRC
   * @throws IOException if the source cannot be read
   */
  public ByteSource content(ZipMember member) throws IOException {
    ByteSource bytes = source.slice(member.dataOffset(), member.compressedSize(), label(member));
    if (!member.deflated()) {
      readThrough(bytes, member.crc());
      return bytes;
    }
    if (member.size() / SUSPICIOUS_RATIO > member.compressedSize()) {
      readThrough(new InflatingSource(bytes, member), member.crc());
    }
    return new InflatingSource(bytes, member);
  }

  private String label(ZipMember member) {
    return source.name() + "!" + member.name();
  }

  private static void readThrough(ByteSource content, int crc) throws IOException {
    CRC32 computed = new CRC32();
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER, content.size()));
    for (long at = 0; at < content.size(); at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), content.size() - at));
      content.read(at, buffer);
      computed.update(buffer.flip());
    }
    requireCrc(content.name(), (int) computed.getValue(), crc);
  }

  static void requireCrc(String name, int computed, int expected) throws MalformedFileException {
    if (computed != expected) {
      throw new MalformedFileException(
          name,
          -1,
          "its CRC is %08x, the archive says %08x; the file is damaged"
              .formatted(computed, expected));
    }
  }
}
