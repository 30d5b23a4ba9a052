package dev.circuitscope.core.io.zip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.circuitscope.core.io.ByteSource;
import dev.circuitscope.core.io.MalformedFileException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipArchiveTest {
  private static final byte[] CONTENT = "twelve bytes".getBytes();

  @Nested
  class An_archive {
    @Test
    void of_the_Java_platform_is_read() throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ZipOutputStream zip = new ZipOutputStream(out);
      zip.setComment("with a comment");
      zip.putNextEntry(new ZipEntry("folder/"));
      zip.putNextEntry(new ZipEntry("folder/deflated"));
      zip.write(CONTENT);
      ZipEntry stored = new ZipEntry("stored ü");
      stored.setMethod(ZipEntry.STORED);
      stored.setSize(12);
      CRC32 crc = new CRC32();
      crc.update(CONTENT);
      stored.setCrc(crc.getValue());
      zip.putNextEntry(stored);
      zip.write(CONTENT);
      zip.finish();
      ZipArchive archive = open(out.toByteArray(), ZipLimits.defaults());
      assertThat(archive.members())
          .extracting(ZipMember::name)
          .containsExactly("folder/deflated", "stored ü");
      for (ZipMember member : archive.members()) {
        assertThat(all(archive.content(member))).isEqualTo(CONTENT);
      }
      assertThat(archive.member("none")).isNull();
    }

    /** Sizes, offsets and counts in their 64-bit form, as PyTorch writes them. */
    @Test
    void with_64_bit_records_is_read() throws IOException {
      byte[] plain = new ZipBytes().stored("a", CONTENT).bytes();
      int start = plain.length - 22;
      ByteBuffer old = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
      int directory = old.getInt(start + 16);
      ByteBuffer wide = ByteBuffer.allocate(56 + 20 + 22).order(ByteOrder.LITTLE_ENDIAN);
      wide.putInt(0x06064b50).putLong(44).putInt(0).putInt(0).putInt(0).putLong(1).putLong(1);
      wide.putLong(start - directory).putLong(directory);
      wide.putInt(0x07064b50).putInt(0).putLong(start).putInt(1);
      wide.putInt(0x06054b50).putInt(0).putInt(-1).putInt(-1).putInt(-1).putShort((short) 0);
      byte[] file = Arrays.copyOf(plain, start + wide.capacity());
      System.arraycopy(wide.array(), 0, file, start, wide.capacity());
      ZipArchive archive = open(file, ZipLimits.defaults());
      assertThat(all(archive.content(archive.member("a")))).isEqualTo(CONTENT);
      file[start + 32] = 2;
      assertThat(failure(file)).hasMessageContaining("directory is damaged");
    }

    @Test
    void without_members_is_read() throws IOException {
      assertThat(open(new ZipBytes().bytes(), ZipLimits.defaults()).members()).isEmpty();
    }

    @Test
    void that_is_cut_anywhere_is_refused() {
      byte[] whole = new ZipBytes().stored("a", CONTENT).deflated("b", CONTENT).bytes();
      for (int size = 0; size < whole.length; size++) {
        assertThat(failure(Arrays.copyOf(whole, size))).as("%d bytes", size).isNotNull();
      }
    }
  }

  @Nested
  class A_member {
    @ParameterizedTest
    @ValueSource(strings = {"../a", "/a", "a/../b", "a\\b", "./a", "a\nb", ".."})
    void must_stay_within_the_archive(String name) {
      assertThat(failure(new ZipBytes().stored(name, CONTENT).bytes()))
          .hasMessageContaining("leads out");
    }

    @Test
    void is_there_once() {
      assertThat(failure(new ZipBytes().stored("a", CONTENT).stored("a", CONTENT).bytes()))
          .hasMessageContaining("'a' is in the archive twice");
    }

    @Test
    void is_stored_or_deflated() {
      assertThat(failure(new ZipBytes().member("a", CONTENT, 12, 12, 0).bytes()))
          .hasMessageContaining("method 12");
    }

    @Test
    void must_be_the_same_in_its_header_and_in_the_directory() {
      byte[] file = new ZipBytes().stored("a", CONTENT).bytes();
      file[30] = 'b';
      assertThat(failure(file)).hasMessageContaining("does not agree");
    }

    @Test
    void does_not_share_bytes_with_another() {
      byte[] file = new ZipBytes().stored("a", CONTENT).stored("b", CONTENT).bytes();
      int second = file.length - 22 - 47;
      assertThat(file[second + 42]).isEqualTo((byte) 43);
      file[second + 42] = 0;
      file[second + 46] = 'a';
      assertThat(failure(file)).isNotNull();
    }

    @Test
    void must_have_its_crc() throws IOException {
      byte[] file = new ZipBytes().stored("a", CONTENT).bytes();
      file[32] ^= 1;
      assertContentFails(file, "CRC");
      byte[] lie = new ZipBytes().member("a", ZipBytes.deflate(CONTENT), 8, 12, 1).bytes();
      assertContentFails(lie, "CRC");
    }
  }

  @Nested
  class A_bomb {
    private static final byte[] ZEROS = new byte[10_000_000];

    @Test
    void that_says_what_it_holds_is_inflated_with_a_small_buffer() throws IOException {
      ZipArchive archive = open(new ZipBytes().deflated("a", ZEROS).bytes(), ZipLimits.defaults());
      assertThat(all(archive.content(archive.member("a")))).isEqualTo(ZEROS);
    }

    @Test
    void that_exceeds_the_limits_is_refused() {
      byte[] file = new ZipBytes().deflated("a", ZEROS).bytes();
      MalformedFileException e =
          catchThrowableOfType(
              MalformedFileException.class, () -> open(file, new ZipLimits(1, ZEROS.length - 1)));
      assertThat(e).hasMessageContaining("9999999 bytes that are allowed");
      byte[] two = new ZipBytes().stored("a", CONTENT).stored("b", CONTENT).bytes();
      assertThat(
              catchThrowableOfType(
                  MalformedFileException.class, () -> open(two, new ZipLimits(1, 1))))
          .hasMessageContaining("2 members; at most 1");
    }

    @Test
    void that_says_less_or_more_than_it_holds_is_refused() throws IOException {
      byte[] data = ZipBytes.deflate(ZEROS);
      int crc = ZipBytes.crc(ZEROS);
      assertContentFails(
          new ZipBytes().member("a", data, 8, 100, crc).bytes(), "go on behind its size");
      assertContentFails(
          new ZipBytes().member("a", data, 8, ZEROS.length + 1, crc).bytes(), "data end");
      assertThat(failure(new ZipBytes().member("a", data, 8, 1_000_000_000, crc).bytes()))
          .hasMessageContaining("cannot hold 1000000000 bytes");
    }
  }

  private static void assertContentFails(byte[] file, String problem) throws IOException {
    ZipArchive archive = open(file, ZipLimits.defaults());
    MalformedFileException e =
        catchThrowableOfType(
            MalformedFileException.class, () -> all(archive.content(archive.member("a"))));
    assertThat(e).hasMessageContainingAll("x.zip!a", problem);
  }

  private static ZipArchive open(byte[] file, ZipLimits limits) throws IOException {
    return ZipArchive.open(ByteSource.of(file, "x.zip"), limits);
  }

  private static byte[] all(ByteSource source) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) source.size());
    source.read(0, buffer);
    return buffer.array();
  }

  private static MalformedFileException failure(byte[] file) {
    return catchThrowableOfType(
        MalformedFileException.class, () -> open(file, ZipLimits.defaults()));
  }
}
