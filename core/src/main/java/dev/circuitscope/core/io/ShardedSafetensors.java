package dev.circuitscope.core.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A model spread over several safetensors files of one directory, with an index that says which
 * tensor is where. Index and shards must agree: a shard that is missing, a tensor that its shard
 * lacks, and a tensor that a shard holds without the index saying so, or that two shards hold, are
 * errors that list them. All headers are checked before any tensor is read.
 *
 * <pre>{@code
 * NamedTensors model = ShardedSafetensors.read(Path.of("llama/model.safetensors.index.json"));
 * }</pre>
 */
public final class ShardedSafetensors {
  private static final long MAX_INDEX = 100_000_000;

  private ShardedSafetensors() {}

  /**
   * Reads all shards.
   *
   * @param index the index file; the shards are beside it, or links beside it lead to them
   * @return the tensors in the order of the index, and the metadata of the index and the shards; of
   *     several values under one name the first one counts
   * @throws MalformedFileException if index and shards disagree, or one of them breaks its format
   * @throws IOException if the index or a shard cannot be read
   */
  public static NamedTensors read(Path index) throws IOException {
    return read(index, name -> true);
  }

  /**
   * Reads some tensors; the others cost nothing.
   *
   * @param index the index file
   * @param wanted which names to read
   * @return the wanted tensors in the order of the index, and the metadata
   * @throws MalformedFileException if index and shards disagree, or one of them breaks its format
   * @throws IOException if the index or a shard cannot be read
   */
  public static NamedTensors read(Path index, Predicate<String> wanted) throws IOException {
    ShardIndex parsed = readIndex(index);
    Map<String, Path> shards = locate(index, parsed);
    Map<String, String> metadata = new LinkedHashMap<>(parsed.metadata());
    requireAgreement(index, parsed, shards, metadata);
    Map<String, INDArray> read = new LinkedHashMap<>();
    for (Path shard : shards.values()) {
      read.putAll(Safetensors.read(shard, wanted).asMap());
    }
    Map<String, INDArray> ordered = new LinkedHashMap<>();
    parsed.files().keySet().stream()
        .filter(read::containsKey)
        .forEach(name -> ordered.put(name, read.get(name)));
    return NamedTensors.of(ordered, metadata);
  }

  private static ShardIndex readIndex(Path index) throws IOException {
    long size = Files.size(index);
    if (size > MAX_INDEX) {
      throw new MalformedFileException(
          index.toString(),
          -1,
          "%d bytes; an index of shards has at most %d".formatted(size, MAX_INDEX));
    }
    return ShardIndex.parse(Utf8.read(index), index.toString());
  }

  private static Map<String, Path> locate(Path index, ShardIndex parsed)
      throws MalformedFileException {
    Map<String, Path> shards = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    for (String name : parsed.shards()) {
      try {
        Path shard = index.resolveSibling(name);
        shards.put(name, shard);
        if (!Files.isRegularFile(shard)) {
          missing.add(name);
        }
      } catch (InvalidPathException e) {
        missing.add(name);
      }
    }
    if (!missing.isEmpty()) {
      throw malformed(index, "shards are missing beside the index", missing);
    }
    return shards;
  }

  private static void requireAgreement(
      Path index, ShardIndex parsed, Map<String, Path> shards, Map<String, String> metadata)
      throws IOException {
    Map<String, String> foundIn = new LinkedHashMap<>();
    List<String> twice = new ArrayList<>();
    List<String> unlisted = new ArrayList<>();
    for (Map.Entry<String, Path> shard : shards.entrySet()) {
      SafetensorsHeader header = Safetensors.readHeader(shard.getValue());
      header.metadata().forEach(metadata::putIfAbsent);
      for (String tensor : header.tensors().keySet()) {
        String before = foundIn.putIfAbsent(tensor, shard.getKey());
        if (before != null) {
          twice.add("%s (in %s and %s)".formatted(tensor, before, shard.getKey()));
        } else if (!parsed.files().containsKey(tensor)) {
          unlisted.add("%s (in %s)".formatted(tensor, shard.getKey()));
        }
      }
    }
    if (!twice.isEmpty()) {
      throw malformed(index, "tensors are in two shards", twice);
    }
    List<String> lacking = new ArrayList<>();
    parsed
        .files()
        .forEach(
            (tensor, shard) -> {
              if (!shard.equals(foundIn.get(tensor))) {
                lacking.add("%s (not in %s)".formatted(tensor, shard));
              }
            });
    if (!lacking.isEmpty()) {
      throw malformed(index, "tensors of the index are not in their shards", lacking);
    }
    if (!unlisted.isEmpty()) {
      throw malformed(index, "shards hold tensors that the index does not list", unlisted);
    }
  }

  private static MalformedFileException malformed(Path index, String problem, List<String> names) {
    return new MalformedFileException(
        index.toString(), -1, problem + ": " + ShardIndex.shown(names));
  }
}
