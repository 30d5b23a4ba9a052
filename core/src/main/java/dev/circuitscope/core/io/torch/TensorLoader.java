package dev.circuitscope.core.io.torch;

import dev.circuitscope.core.io.ByteSource;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.StoredTensor;
import dev.circuitscope.core.io.TensorBytes;
import dev.circuitscope.core.io.torch.PickleValue.Storage;
import dev.circuitscope.core.io.torch.PickleValue.Tensor;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Reads tensors from their storages. Names with the very same elements, such as tied weights, share
 * one array.
 */
final class TensorLoader {
  /** How many times the file's bytes all tensors together may take. */
  private static final int MAX_EXPANSION = 8;

  private static final long FREE_BYTES = 1 << 20;

  private record Place(String storage, StoredTensor tensor) {}

  private final String source;
  private final TorchStorages storages;
  private final Map<Place, INDArray> read = new HashMap<>();
  private long bytesLeft;
  private long elementsLeft;

  TensorLoader(ByteSource source, TorchStorages storages, TorchLimits limits) {
    this.source = source.name();
    this.storages = storages;
    this.bytesLeft = FREE_BYTES + MAX_EXPANSION * source.size();
    this.elementsLeft = limits.maxElements();
  }

  INDArray load(String name, Tensor tensor) throws IOException {
    Storage storage = tensor.storage();
    ByteSource bytes = storages.bytes(storage);
    StoredTensor place = place(name, tensor);
    if (place.end() > (storage.offset() + storage.size()) * storage.type().bytes()) {
      throw malformed(
          "tensor '%s' of shape %s, strides %s and offset %d is not within its storage of %d"
              .formatted(name, tensor.shape(), tensor.stride(), tensor.offset(), storage.size()));
    }
    Place key = new Place(storage.key(), place);
    INDArray array = read.get(key);
    if (array == null) {
      spend(name, place);
      array = TensorBytes.read(bytes, place);
      read.put(key, array);
    }
    return array;
  }

  private StoredTensor place(String name, Tensor tensor) throws MalformedFileException {
    long storageStart = tensor.storage().offset() * tensor.storage().type().bytes();
    try {
      return new StoredTensor(
          tensor.type(),
          storages.order(),
          Math.addExact(storageStart, Math.multiplyExact(tensor.offset(), tensor.type().bytes())),
          tensor.shape(),
          tensor.stride());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw malformed("tensor '" + name + "': " + e.getMessage());
    }
  }

  private void spend(String name, StoredTensor tensor) throws MalformedFileException {
    long elements = tensor.length();
    if (elements > elementsLeft || elements > bytesLeft / tensor.type().bytes()) {
      throw malformed(
          "tensor '%s' of shape %s: the tensors overlap or repeat their storages too much; together"
                  .formatted(name, tensor.shape())
              + " they may take 8 times the file's bytes, and the elements of the limits");
    }
    elementsLeft -= elements;
    bytesLeft -= elements * tensor.type().bytes();
  }

  private MalformedFileException malformed(String problem) {
    return new MalformedFileException(source, -1, problem);
  }
}
