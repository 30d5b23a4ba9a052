package dev.circuitscope.core.io.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Damage that can be done to any file. */
final class Mutation {
  private static final long[] ABSURD = {
    0,
    1,
    -1,
    2,
    127,
    128,
    255,
    256,
    32767,
    65535,
    65536,
    1 << 20,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0xffffffffL,
    1L << 32,
    1L << 40,
    1L << 62,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private Mutation() {}

  /** One of the seeds, mostly damaged between one and four times. */
  static byte[] of(List<byte[]> seeds, SplittableRandom random) {
    byte[] file = pick(seeds, random).clone();
    int times = random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(4);
    for (int i = 0; i < times; i++) {
      file = once(file, seeds, random);
    }
    return file;
  }

  static byte[] pick(List<byte[]> seeds, SplittableRandom random) {
    return seeds.get(random.nextInt(seeds.size()));
  }

  private static byte[] once(byte[] file, List<byte[]> seeds, SplittableRandom random) {
    if (file.length == 0) {
      return pick(seeds, random).clone();
    }
    int at = place(file.length, random);
    switch (random.nextInt(8)) {
      case 0 -> file[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> file[at] = (byte) random.nextInt(256);
      case 2 -> file = Arrays.copyOf(file, at);
      case 3 -> writeAbsurd(file, at, random);
      case 4 ->
          file =
              replaced(file, at, Math.min(file.length, at + 1 + random.nextInt(16)), new byte[0]);
      case 5 -> file = spliced(file, at, pick(seeds, random), random);
      case 6 -> file = doubled(file, at, random);
      default -> file = withDigits(file, at, random);
    }
    return file;
  }

  /** Headers are more worth while than elements. */
  private static int place(int length, SplittableRandom random) {
    int from = random.nextInt(length);
    return random.nextBoolean() ? from : Math.min(from, random.nextInt(Math.min(length, 200)));
  }

  private static void writeAbsurd(byte[] file, int at, SplittableRandom random) {
    ByteBuffer value = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    if (random.nextInt(4) == 0) {
      value.order(ByteOrder.BIG_ENDIAN);
    }
    value.putLong(ABSURD[random.nextInt(ABSURD.length)]);
    int width = Math.min(1 << random.nextInt(4), file.length - at);
    System.arraycopy(value.array(), 0, file, at, width);
  }

  private static byte[] spliced(byte[] file, int at, byte[] other, SplittableRandom random) {
    int from = other.length == 0 ? 0 : random.nextInt(other.length);
    int length = Math.min(other.length - from, 1 + random.nextInt(64));
    int end = Math.min(file.length, at + (random.nextBoolean() ? length : 0));
    return replaced(file, at, end, Arrays.copyOfRange(other, from, from + length));
  }

  private static byte[] doubled(byte[] file, int at, SplittableRandom random) {
    int end = Math.min(file.length, at + 1 + random.nextInt(64));
    byte[] part = Arrays.copyOfRange(file, at, end);
    for (int i = random.nextInt(6); i > 0 && part.length < 4096; i--) {
      part = replaced(part, part.length, part.length, part);
    }
    return replaced(file, at, at, part);
  }

  /** Replaces the next run of digits, for formats whose headers are texts. */
  private static byte[] withDigits(byte[] file, int at, SplittableRandom random) {
    int start = at;
    while (start < file.length && !Character.isDigit(file[start])) {
      start++;
    }
    int end = start;
    while (end < file.length && Character.isDigit(file[end])) {
      end++;
    }
    String value =
        random.nextInt(8) == 0
            ? "9".repeat(random.nextInt(3000))
            : String.valueOf(ABSURD[random.nextInt(ABSURD.length)]);
    return replaced(file, start, end, value.getBytes());
  }

  static byte[] replaced(byte[] file, int from, int to, byte[] by) {
    byte[] result = new byte[from + by.length + file.length - to];
    System.arraycopy(file, 0, result, 0, from);
    System.arraycopy(by, 0, result, from, by.length);
    System.arraycopy(file, to, result, from + by.length, file.length - to);
    return result;
  }
}
