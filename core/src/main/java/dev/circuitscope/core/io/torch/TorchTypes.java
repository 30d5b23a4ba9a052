package dev.circuitscope.core.io.torch;

import dev.circuitscope.core.io.ElementType;
import java.util.Map;
import java.util.Set;

/** The names of PyTorch's element types and storages. */
final class TorchTypes {
  static final Set<String> UNTYPED = Set.of("torch.UntypedStorage", "torch.storage.UntypedStorage");

  private static final Map<String, ElementType> STORAGES =
      Map.ofEntries(
          Map.entry("torch.DoubleStorage", ElementType.F64),
          Map.entry("torch.FloatStorage", ElementType.F32),
          Map.entry("torch.HalfStorage", ElementType.F16),
          Map.entry("torch.BFloat16Storage", ElementType.BF16),
          Map.entry("torch.LongStorage", ElementType.I64),
          Map.entry("torch.IntStorage", ElementType.I32),
          Map.entry("torch.ShortStorage", ElementType.I16),
          Map.entry("torch.CharStorage", ElementType.I8),
          Map.entry("torch.ByteStorage", ElementType.U8),
          Map.entry("torch.BoolStorage", ElementType.BOOL));

  private static final Map<String, ElementType> DTYPES =
      Map.ofEntries(
          Map.entry("torch.float64", ElementType.F64),
          Map.entry("torch.double", ElementType.F64),
          Map.entry("torch.float32", ElementType.F32),
          Map.entry("torch.float", ElementType.F32),
          Map.entry("torch.float16", ElementType.F16),
          Map.entry("torch.half", ElementType.F16),
          Map.entry("torch.bfloat16", ElementType.BF16),
          Map.entry("torch.int64", ElementType.I64),
          Map.entry("torch.long", ElementType.I64),
          Map.entry("torch.int32", ElementType.I32),
          Map.entry("torch.int", ElementType.I32),
          Map.entry("torch.int16", ElementType.I16),
          Map.entry("torch.short", ElementType.I16),
          Map.entry("torch.int8", ElementType.I8),
          Map.entry("torch.uint8", ElementType.U8),
          Map.entry("torch.uint16", ElementType.U16),
          Map.entry("torch.uint32", ElementType.U32),
          Map.entry("torch.uint64", ElementType.U64),
          Map.entry("torch.bool", ElementType.BOOL));

  private static final Map<String, Integer> UNREAD =
      Map.of(
          "torch.ComplexDoubleStorage", 16,
          "torch.ComplexFloatStorage", 8,
          "torch.QInt32Storage", 4,
          "torch.QInt8Storage", 1,
          "torch.QUInt8Storage", 1);

  private TorchTypes() {}

  static boolean isKnown(String name) {
    return UNTYPED.contains(name) || STORAGES.containsKey(name) || DTYPES.containsKey(name);
  }

  /** The element type of a storage class, or null. */
  static ElementType ofStorage(String name) {
    return STORAGES.get(name);
  }

  /** The bytes of one element of a storage whose elements are not read, or 0 if not known. */
  static int widthOfUnread(String name) {
    return UNREAD.getOrDefault(name, 0);
  }

  /** The element type that a dtype names, or null. */
  static ElementType ofDtype(String name) {
    return DTYPES.get(name);
  }
}
