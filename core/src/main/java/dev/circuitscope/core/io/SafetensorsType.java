package dev.circuitscope.core.io;

import org.nd4j.linalg.api.buffer.DataType;

/** The element types of the safetensors format, and the array type each is read as. */
enum SafetensorsType {
  F64(8, DataType.DOUBLE),
  F32(4, DataType.FLOAT),
  F16(2, DataType.FLOAT),
  BF16(2, DataType.FLOAT),
  I64(8, DataType.LONG),
  I32(4, DataType.INT),
  I16(2, DataType.SHORT),
  I8(1, DataType.BYTE),
  U64(8, DataType.LONG),
  U32(4, DataType.LONG),
  U16(2, DataType.INT),
  U8(1, DataType.UBYTE),
  BOOL(1, DataType.BOOL);

  private final int bytes;
  private final DataType readAs;

  SafetensorsType(int bytes, DataType readAs) {
    this.bytes = bytes;
    this.readAs = readAs;
  }

  /** Size of one element in the file. */
  int bytes() {
    return bytes;
  }

  DataType readAs() {
    return readAs;
  }

  /** Whether the bytes of the file are those of the array. */
  boolean isVerbatim() {
    return switch (this) {
      case F16, BF16, U64, U32, U16, BOOL -> false;
      default -> true;
    };
  }

  /** The type that stores an array's elements without change, or null if there is none. */
  static SafetensorsType toStore(DataType type) {
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
  static SafetensorsType named(String name) {
    for (SafetensorsType type : values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    return null;
  }
}
