package dev.circuitscope.core.format;

import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.io.JsonFields;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.io.Safetensors;
import dev.circuitscope.core.io.ShardedSafetensors;
import dev.circuitscope.core.io.numpy.Npz;
import dev.circuitscope.core.io.torch.TorchCheckpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Files of tensors, told apart by how they begin. */
final class TensorFiles {

  /** How a file of tensors is laid out. */
  enum Kind {
    SAFETENSORS,
    NPZ,
    TORCH,
    OTHER
  }

  private static final int SAFETENSORS_HEADER = 8;

  private TensorFiles() {}

  static Kind kind(Path file) throws IOException {
    byte[] start = new byte[SAFETENSORS_HEADER + 1];
    int n;
    try (InputStream in = Files.newInputStream(file)) {
      n = in.readNBytes(start, 0, start.length);
    }
    if (n >= 2 && start[0] == 'P' && start[1] == 'K') {
      return file.toString().endsWith(".npz") ? Kind.NPZ : Kind.TORCH;
    }
    if (n == start.length && start[SAFETENSORS_HEADER] == '{') {
      return Kind.SAFETENSORS;
    }
    return n >= 2 && (start[0] & 0xff) == 0x80 ? Kind.TORCH : Kind.OTHER;
  }

  static NamedTensors read(Path file, Predicate<String> wanted) throws IOException {
    return switch (kind(file)) {
      case SAFETENSORS -> Safetensors.read(file, wanted);
      case NPZ -> Npz.read(file);
      case TORCH -> TorchCheckpoint.read(file, wanted);
      case OTHER -> {
        if (file.toString().endsWith(".index.json")) {
          yield readIndex(file, wanted);
        }
        byte[] start = new byte[SAFETENSORS_HEADER];
        try (InputStream in = Files.newInputStream(file)) {
          start = Arrays.copyOf(start, in.readNBytes(start, 0, start.length));
        }
        throw new MalformedFileException(
            file.toString(),
            0,
            "neither safetensors nor .npz nor a PyTorch checkpoint begins with "
                + Arrays.toString(start));
      }
    };
  }

  private static NamedTensors readIndex(Path index, Predicate<String> wanted) throws IOException {
    if (index.toString().endsWith(".safetensors.index.json")) {
      return ShardedSafetensors.read(index, wanted);
    }
    JsonFields map = Json.read(index).object("weight_map");
    Set<String> shards = new LinkedHashSet<>();
    for (String tensor : map.names()) {
      shards.add(map.string(tensor));
    }
    Map<String, INDArray> all = new LinkedHashMap<>();
    for (String shard : shards) {
      Path file = index.resolveSibling(shard);
      Path directory = index.toAbsolutePath().getParent();
      if (!directory.equals(file.toAbsolutePath().normalize().getParent())) {
        throw new MalformedFileException(
            index.toString(), -1, "the shard '" + shard + "' is not beside its index");
      }
      all.putAll(TorchCheckpoint.read(file, wanted).asMap());
    }
    return NamedTensors.of(all);
  }
}
