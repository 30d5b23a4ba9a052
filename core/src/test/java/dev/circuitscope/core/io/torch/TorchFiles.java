package dev.circuitscope.core.io.torch;

import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.io.TensorFixtures;
import dev.circuitscope.core.io.zip.ZipBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Writes checkpoints in both layouts of PyTorch, for tests. */
public final class TorchFiles {
  private static final byte[] MAGIC = {
    0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50, 0x19
  };

  private TorchFiles() {}

  /** A state dict; every tensor has a storage of its own, in row-major order. */
  public static byte[] zip(NamedTensors tensors) {
    return zip(stateDict(tensors, false), storages(tensors));
  }

  public static byte[] legacy(NamedTensors tensors) {
    List<Long> sizes = tensors.asMap().values().stream().map(INDArray::length).toList();
    return legacy(stateDict(tensors, true), sizes, storages(tensors));
  }

  public static byte[] zip(byte[] pickle, List<byte[]> storages) {
    ZipBytes zip = new ZipBytes().stored("archive/data.pkl", pickle);
    zip.stored("archive/byteorder", "little".getBytes());
    for (int i = 0; i < storages.size(); i++) {
      zip.stored("archive/data/" + i, storages.get(i));
    }
    return zip.stored("archive/version", "3\n".getBytes()).bytes();
  }

  /** Storages are keyed by their positions. */
  public static byte[] legacy(byte[] pickle, List<Long> sizes, List<byte[]> storages) {
    PickleBytes file = PickleBytes.protocol(2).op(0x8a, 10).raw(MAGIC).stop();
    file.op(0x80, 2).number(1001).stop().op(0x80, 2, '}').stop().raw(pickle);
    file.op(0x80, 2, ']', '(');
    for (int i = 0; i < storages.size(); i++) {
      file.text(String.valueOf(i));
    }
    file.op('e').stop();
    for (int i = 0; i < storages.size(); i++) {
      file.i8(sizes.get(i)).raw(storages.get(i));
    }
    return file.bytes();
  }

  private static byte[] stateDict(NamedTensors tensors, boolean legacy) {
    PickleBytes pickle = PickleBytes.protocol(2).global("collections", "OrderedDict").op(')', 'R');
    pickle.op('(');
    int key = 0;
    for (Map.Entry<String, INDArray> entry : tensors.asMap().entrySet()) {
      INDArray array = entry.getValue();
      PickleBytes storage =
          new PickleBytes()
              .storage(type(array.dataType()), String.valueOf(key++), array.length(), legacy);
      long[] stride = new long[array.rank()];
      for (int axis = array.rank() - 1, step = 1; axis >= 0; axis--) {
        stride[axis] = step;
        step *= (int) array.size(axis);
      }
      pickle.text(entry.getKey()).tensor(storage, 0, array.shape(), stride);
    }
    return pickle.op('u').stop().bytes();
  }

  private static List<byte[]> storages(NamedTensors tensors) {
    List<byte[]> storages = new ArrayList<>();
    tensors.asMap().values().forEach(array -> storages.add(TensorFixtures.bits(array)));
    return storages;
  }

  private static String type(DataType type) {
    return switch (type) {
      case DOUBLE -> "DoubleStorage";
      case FLOAT -> "FloatStorage";
      case LONG -> "LongStorage";
      case INT -> "IntStorage";
      case SHORT -> "ShortStorage";
      case BYTE -> "CharStorage";
      case UBYTE -> "ByteStorage";
      case BOOL -> "BoolStorage";
      default -> throw new IllegalArgumentException(type.name());
    };
  }
}
