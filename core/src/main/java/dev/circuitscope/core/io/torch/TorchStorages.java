package dev.circuitscope.core.io.torch;

import dev.circuitscope.core.io.ByteSource;
import dev.circuitscope.core.io.torch.PickleValue.Storage;
import java.io.IOException;
import java.nio.ByteOrder;

/** The raw elements beside the pickle. */
interface TorchStorages {
  /** The bytes of a storage's root, checked to be as many as the pickle says. */
  ByteSource bytes(Storage storage) throws IOException;

  ByteOrder order();
}
