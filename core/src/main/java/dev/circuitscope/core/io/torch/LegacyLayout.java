package dev.circuitscope.core.io.torch;

import dev.circuitscope.core.io.ByteSource;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.torch.PickleValue.Scalar;
import dev.circuitscope.core.io.torch.PickleValue.Sequence;
import dev.circuitscope.core.io.torch.PickleValue.Storage;
import dev.circuitscope.core.io.torch.PickleValue.Text;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The layout before PyTorch 1.6: pickles of a magic number, the protocol's version, facts of the
 * machine, the object and the list of its storages' keys; then for every key the number of elements
 * and the elements, little-endian whatever the machine.
 */
final class LegacyLayout implements TorchStorages {
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long PROTOCOL = 1001;

  private final PickleInput in;
  private final TorchLimits limits;
  private final Rebuilding rebuilding;
  private final Map<String, Long> starts = new HashMap<>();

  LegacyLayout(PickleInput in, TorchLimits limits, Rebuilding rebuilding) {
    this.in = in;
    this.limits = limits;
    this.rebuilding = rebuilding;
  }

  PickleValue readObject() throws IOException {
    if (!(next() instanceof Scalar magic && MAGIC.equals(magic.value()))) {
      throw in.malformed("a pickle, but not one that PyTorch saved: its magic number is missing");
    }
    if (!(next() instanceof Scalar version && version.value().equals(PROTOCOL))) {
      throw in.malformed("PyTorch's protocol is not " + PROTOCOL);
    }
    next(); // the machine's byte order and sizes, which do not matter
    return next();
  }

  /** Walks over the storages behind the object; what they are, the object has said. */
  void locateStorages() throws IOException {
    for (String key : keys()) {
      long elements = in.i8();
      Rebuilding.Root root = rebuilding.roots().get(key);
      if (root == null || root.width() == 0) {
        throw in.malformed("storage '" + key + "' has no known type; the rest cannot be found");
      }
      long left = in.source().size() - in.position();
      if (elements != root.size() || elements > left / root.width()) {
        throw in.malformed(
            "storage '%s' has %d elements of %d bytes; %d are announced, %d bytes follow"
                .formatted(key, elements, root.width(), root.size(), left));
      }
      starts.put(key, in.position());
      in.skip(elements * root.width());
    }
    if (in.position() != in.source().size()) {
      throw in.malformed("%d bytes follow".formatted(in.source().size() - in.position()));
    }
  }

  private Set<String> keys() throws IOException {
    if (!(next() instanceof Sequence list)) {
      throw in.malformed("the list of storages is missing");
    }
    Set<String> keys = new LinkedHashSet<>();
    for (PickleValue item : list.items()) {
      String key =
          item instanceof Text text
              ? text.value()
              : item instanceof Scalar number ? String.valueOf(number.value()) : null;
      if (key == null || !keys.add(key)) {
        throw in.malformed("a storage's key is no text, or is listed twice");
      }
    }
    return keys;
  }

  @Override
  public ByteSource bytes(Storage storage) throws IOException {
    Long start = starts.get(storage.key());
    if (start == null) {
      throw new MalformedFileException(
          in.source().name(), -1, "storage '" + storage.key() + "' is not in the file");
    }
    return in.source()
        .slice(start, storage.rootSize() * storage.type().bytes(), in.source().name());
  }

  @Override
  public ByteOrder order() {
    return ByteOrder.LITTLE_ENDIAN;
  }

  private PickleValue next() throws IOException {
    return new PickleMachine(in, limits, rebuilding).run();
  }
}
