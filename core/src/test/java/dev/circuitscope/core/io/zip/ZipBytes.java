package dev.circuitscope.core.io.zip;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Builds zip archives for tests, those included that lie about their members. */
public final class ZipBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
  private int members;

  public ZipBytes stored(String name, byte[] content) {
    return member(name, content, 0, content.length, crc(content));
  }

  public ZipBytes deflated(String name, byte[] content) {
    return member(name, deflate(content), 8, content.length, crc(content));
  }

  /** A member whose headers say what they like about its data. */
  public ZipBytes member(String name, byte[] data, int method, long size, int crc) {
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    int local = out.size();
    ByteBuffer header = little(30).putInt(0x04034b50).putShort((short) 20).putShort((short) 0x800);
    header.putShort((short) method).putInt(0).putInt(crc).putInt(data.length).putInt((int) size);
    header.putShort((short) nameBytes.length).putShort((short) 0);
    out.writeBytes(header.array());
    out.writeBytes(nameBytes);
    out.writeBytes(data);
    ByteBuffer entry = little(46).putInt(0x02014b50).putShort((short) 20).putShort((short) 20);
    entry.putShort((short) 0x800).putShort((short) method).putInt(0).putInt(crc);
    entry.putInt(data.length).putInt((int) size).putShort((short) nameBytes.length);
    entry.putInt(42, local);
    directory.writeBytes(entry.array());
    directory.writeBytes(nameBytes);
    members++;
    return this;
  }

  public byte[] bytes() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(out.toByteArray());
    all.writeBytes(directory.toByteArray());
    ByteBuffer end = little(22).putInt(0x06054b50).putInt(0).putShort((short) members);
    end.putShort((short) members).putInt(directory.size()).putInt(out.size()).putShort((short) 0);
    all.writeBytes(end.array());
    return all.toByteArray();
  }

  public static byte[] deflate(byte[] content) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setInput(content);
    deflater.finish();
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    while (!deflater.finished()) {
      compressed.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return compressed.toByteArray();
  }

  public static int crc(byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    return (int) crc.getValue();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
