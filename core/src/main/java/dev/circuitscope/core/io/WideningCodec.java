package dev.circuitscope.core.io;

import java.nio.ByteBuffer;

/** Turns element types that arrays have no use for into wider ones, without loss. */
final class WideningCodec {
  private WideningCodec() {}

  /**
   * Converts all elements of {@code from}; the first one lies at byte {@code at} of the file and
   * the others {@code step} bytes apart, for error messages.
   */
  static void widen(
      ElementType type, ByteBuffer from, ByteBuffer into, String name, long at, long step)
      throws MalformedFileException {
    switch (type) {
      case F16 -> {
        while (from.hasRemaining()) {
          into.putFloat(halfToFloat(from.getShort()));
        }
      }
      case BF16 -> {
        while (from.hasRemaining()) {
          into.putInt(from.getShort() << 16); // bfloat16 is the upper half of a float
        }
      }
      case U16 -> {
        while (from.hasRemaining()) {
          into.putInt(Short.toUnsignedInt(from.getShort()));
        }
      }
      case U32 -> {
        while (from.hasRemaining()) {
          into.putLong(Integer.toUnsignedLong(from.getInt()));
        }
      }
      case U64 -> {
        while (from.hasRemaining()) {
          long value = from.getLong();
          if (value < 0) {
            throw new MalformedFileException(
                name,
                at + (from.position() / Long.BYTES - 1) * step,
                "U64 value " + Long.toUnsignedString(value) + " does not fit into 63 bits");
          }
          into.putLong(value);
        }
      }
      case BOOL -> {
        while (from.hasRemaining()) {
          byte value = from.get();
          if (value != 0 && value != 1) {
            throw new MalformedFileException(
                name,
                at + (from.position() - 1) * step,
                "BOOL value " + value + " is neither 0 nor 1");
          }
          into.put(value);
        }
      }
      default -> throw new IllegalArgumentException(type + " is stored as it is");
    }
  }

  /** IEEE 754 binary16 to binary32: 1 sign, 5 exponent and 10 fraction bits to 1, 8 and 23. */
  static float halfToFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >> 10) & 0x1f;
    int fraction = half & 0x3ff;
    if (exponent == 0x1f) { // infinities, and NaN with its payload
      return Float.intBitsToFloat(sign | 0x7f800000 | fraction << 13);
    }
    if (exponent == 0) { // zero and subnormals: fraction * 2^-24, exact in a float
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    return Float.intBitsToFloat(sign | (exponent + 127 - 15) << 23 | fraction << 13);
  }
}
