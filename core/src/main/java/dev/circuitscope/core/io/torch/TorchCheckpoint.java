package dev.circuitscope.core.io.torch;

import dev.circuitscope.core.io.ByteSource;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.io.torch.PickleValue.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What {@code torch.save} writes ({@code .pt}, {@code .pth}, {@code .bin}): zip archives since
 * PyTorch 1.6 and the layout before it. Nothing that the file names is executed or looked up.
 *
 * <p>A tensor is named by the keys that lead to it: {@code {"model": {"wte.weight": t}}} gives
 * {@code model.wte.weight}; positions in lists are numbers; a pickled {@code nn.Module} gives the
 * names of its {@code state_dict}. Texts, numbers and truth values become metadata under names made
 * the same way, such as {@code model_args.n_layer}. Objects of other classes are skipped over, but
 * their state is searched for tensors. Complex, quantised and sparse tensors are skipped.
 *
 * <p>Strides, offsets and shared storages are honoured. Types are read as {@link
 * dev.circuitscope.core.io.ElementType} says. Elements go from the file straight into the arrays'
 * memory. As in PyTorch, the archive's CRCs are not compared.
 *
 * <pre>{@code
 * NamedTensors checkpoint = TorchCheckpoint.read(Path.of("ckpt.pt"), name -> name.startsWith("model."));
 * INDArray wte = checkpoint.get("model.transformer.wte.weight");
 * int layers = Integer.parseInt(checkpoint.metadata().get("model_args.n_layer"));
 * }</pre>
 */
public final class TorchCheckpoint {
  private static final int PICKLE_START = 0x80;

  private TorchCheckpoint() {}

  /**
   * Reads all tensors of a file.
   *
   * @param file a checkpoint
   * @return its tensors, row-major, and its metadata
   * @throws MalformedFileException if it is no checkpoint, is damaged, or exceeds {@link
   *     TorchLimits#defaults()}
   * @throws IOException if the file is missing or cannot be read
   */
  public static NamedTensors read(Path file) throws IOException {
    return read(file, name -> true);
  }

  /**
   * Reads some tensors of a file, for example without the optimiser's; the others cost nothing.
   *
   * @param file a checkpoint
   * @param wanted which names to read
   * @return the wanted tensors, row-major, and all metadata
   * @throws MalformedFileException if it is no checkpoint, is damaged, or exceeds {@link
   *     TorchLimits#defaults()}
   * @throws IOException if the file is missing or cannot be read
   */
  public static NamedTensors read(Path file, Predicate<String> wanted) throws IOException {
    return read(file, wanted, TorchLimits.defaults()).tensors();
  }

  /**
   * Reads a file within limits, and lists what was skipped.
   *
   * @param file a checkpoint
   * @param wanted which names to read
   * @param limits what the file may demand
   * @return the wanted tensors, row-major, all metadata, and the names of the skipped classes
   * @throws MalformedFileException if it is no checkpoint, is damaged, or exceeds the limits
   * @throws IOException if the file is missing or cannot be read
   */
  public static TorchContents read(Path file, Predicate<String> wanted, TorchLimits limits)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return read(ByteSource.of(channel, file.toString()), wanted, limits);
    }
  }

  /**
   * Reads bytes in memory.
   *
   * @param content a whole checkpoint
   * @param name name for error messages
   * @param limits what it may demand
   * @return the tensors, row-major, the metadata, and the names of the skipped classes
   * @throws MalformedFileException if it is no checkpoint, is damaged, or exceeds the limits
   * @throws IOException never otherwise
   */
  public static TorchContents read(byte[] content, String name, TorchLimits limits)
      throws IOException {
    return read(ByteSource.of(content, name), any -> true, limits);
  }

  private static TorchContents read(ByteSource source, Predicate<String> wanted, TorchLimits limits)
      throws IOException {
    ByteBuffer start = ByteBuffer.allocate((int) Math.min(2, source.size()));
    source.read(0, start);
    if (start.limit() == 2 && start.get(0) == 'P' && start.get(1) == 'K') {
      return readZip(source, wanted, limits);
    }
    if (start.limit() == 2 && (start.get(0) & 0xff) == PICKLE_START) {
      return readLegacy(source, wanted, limits);
    }
    throw new MalformedFileException(
        source.name(), 0, "no PyTorch checkpoint: neither a zip archive nor a pickle begins here");
  }

  private static TorchContents readZip(
      ByteSource source, Predicate<String> wanted, TorchLimits limits) throws IOException {
    ZipLayout layout = new ZipLayout(source);
    PickleInput in = new PickleInput(layout.pickle());
    Rebuilding rebuilding = new Rebuilding(in);
    PickleValue root = new PickleMachine(in, limits, rebuilding).run();
    TensorNames names = new TensorNames(source.name(), limits, in.position());
    names.search(root);
    return load(source, names, layout, wanted, limits, rebuilding);
  }

  private static TorchContents readLegacy(
      ByteSource source, Predicate<String> wanted, TorchLimits limits) throws IOException {
    PickleInput in = new PickleInput(source);
    Rebuilding rebuilding = new Rebuilding(in);
    LegacyLayout layout = new LegacyLayout(in, limits, rebuilding);
    PickleValue root = layout.readObject();
    TensorNames names = new TensorNames(source.name(), limits, in.position());
    names.search(root);
    layout.locateStorages();
    return load(source, names, layout, wanted, limits, rebuilding);
  }

  private static TorchContents load(
      ByteSource source,
      TensorNames names,
      TorchStorages storages,
      Predicate<String> wanted,
      TorchLimits limits,
      Rebuilding rebuilding)
      throws IOException {
    TensorLoader loader = new TensorLoader(source, storages, limits);
    Map<String, INDArray> arrays = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> named : names.tensors().entrySet()) {
      if (wanted.test(named.getKey())) {
        arrays.put(named.getKey(), loader.load(named.getKey(), named.getValue()));
      }
    }
    return new TorchContents(
        NamedTensors.of(arrays, names.metadata()), rebuilding.skippedClasses());
  }
}
