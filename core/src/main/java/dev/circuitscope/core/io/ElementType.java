package dev.circuitscope.core.io;

import org.nd4j.linalg.api.buffer.DataType;

/**
 * The element types that files store, under the names that safetensors has for them, and the array
 * type each is read as. Half-precision types are widened to {@code FLOAT}, unsigned ones to a wider
 * signed type.
 */
public enum ElementType {
  /** IEEE 754 binary64, read as {@code DOUBLE}. */
  F64(8, DataType.DOUBLE),
  /** IEEE 754 binary32, read as {@code FLOAT}. */
  F32(4, DataType.FLOAT),
  /** IEEE 754 binary16, read as {@code FLOAT}. */
  F16(2, DataType.FLOAT),
  /** The upper half of a binary32, read as {@code FLOAT}. */
  BF16(2, DataType.FLOAT),
  /** Signed, 64 bits, read as {@code LONG}. */
  I64(8, DataType.LONG),
  /** Signed, 32 bits, read as {@code INT}. */
  I32(4, DataType.INT),
  /** Signed, 16 bits, read as {@code SHORT}. */
  I16(2, DataType.SHORT),
  /** Signed, 8 bits, read as {@code BYTE}. */
  I8(1, DataType.BYTE),
  /** Unsigned, 64 bits, read as {@code LONG}; values of 2^63 and above are errors. */
  U64(8, DataType.LONG),
  /** Unsigned, 32 bits, read as {@code LONG}. */
  U32(4, DataType.LONG),
  /** Unsigned, 16 bits, read as {@code INT}. */
  U16(2, DataType.INT),
  /** Unsigned, 8 bits, read as {@code UBYTE}. */
  U8(1, DataType.UBYTE),
  /** One byte, 0 or 1, read as {@code BOOL}; other values are errors. */
  BOOL(1, DataType.BOOL);

  private final int bytes;
  private final DataType readAs;

  ElementType(int bytes, DataType readAs) {
    this.bytes = bytes;
    this.readAs = readAs;
  }

  /**
   * Returns the size of one element in a file.
   *
   * @return 1, 2, 4 or 8 bytes
   */
  public int bytes() {
    return bytes;
  }

  /**
   * Returns the type of the arrays that such elements are read into.
   *
   * @return array type
   */
  public DataType readAs() {
    return readAs;
  }

  /** Whether the bytes of a little-endian file are those of the array. */
  boolean isVerbatim() {
    return switch (this) {
      case F16, BF16, U64, U32, U16, BOOL -> false;
      default -> true;
    };
  }

  /**
   * Returns the type that stores an array's elements without change.
   *
   * @param type array type
   * @return its element type, or null if there is none
   */
  public static ElementType toStore(DataType type) {
    return switch (type) {
      case DOUBLE -> F64;
      case FLOAT -> F32;
      case HALF -> F16;
      case BFLOAT16 -> BF16;
      case LONG -> I64;
      case INT -> I32;
      case SHORT -> I16;
      case BYTE -> I8;
      case UINT64 -> U64;
      case UINT32 -> U32;
      case UINT16 -> U16;
      case UBYTE -> U8;
      case BOOL -> BOOL;
      default -> null;
    };
  }

  /** The type of that name, or null if there is none. */
  static ElementType named(String name) {
    for (ElementType type : values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    return null;
  }
}
