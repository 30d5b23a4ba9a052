package dev.circuitscope.core.io.fuzz;

import dev.circuitscope.core.io.ElementType;
import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.io.Safetensors;
import dev.circuitscope.core.io.SampleTensors;
import dev.circuitscope.core.io.ShardedSafetensors;
import dev.circuitscope.core.io.TensorFixtures;
import dev.circuitscope.core.io.Utf8;
import dev.circuitscope.core.io.llama2c.Llama2cCheckpoint;
import dev.circuitscope.core.io.llama2c.Llama2cFormat;
import dev.circuitscope.core.io.llama2c.Llama2cWriter;
import dev.circuitscope.core.io.llama2c.SampleLlama;
import dev.circuitscope.core.io.numpy.Npy;
import dev.circuitscope.core.io.numpy.Npz;
import dev.circuitscope.core.io.torch.TorchCheckpoint;
import dev.circuitscope.core.io.torch.TorchFiles;
import dev.circuitscope.core.io.torch.TorchLimits;
import dev.circuitscope.core.io.zip.ZipBytes;
import dev.circuitscope.core.io.zip.ZipLimits;
import dev.circuitscope.core.model.ConfigJson;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.text.Llama2cTokenizer;
import dev.circuitscope.core.text.SampleVocabulary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The readers, each with the files that its mutations start from. */
final class Targets {
  private static final NamedTensors SAMPLES = SampleTensors.all(1);

  private final Path dir;
  private final String command;

  /**
   * Prepares the readers.
   *
   * @param dir scratch directory
   * @param command what hostile pickles want to run
   */
  Targets(Path dir, String command) {
    this.dir = dir;
    this.command = command;
  }

  @FunctionalInterface
  private interface Reader {
    long read(byte[] file) throws Exception;
  }

  private record Simple(String name, Function<SplittableRandom, byte[]> files, Reader reader)
      implements Target {
    @Override
    public byte[] next(SplittableRandom random) {
      return files.apply(random);
    }

    @Override
    public long read(byte[] file) throws Exception {
      return reader.read(file);
    }
  }

  List<Target> all() throws IOException {
    return List.of(
        safetensors(),
        shardIndex(),
        npy(),
        npz(),
        torchZip(),
        torchLegacy(),
        llama(),
        tokenizer(),
        config());
  }

  private Target safetensors() throws IOException {
    Path file = dir.resolve("seed.safetensors");
    Safetensors.write(file, SAMPLES.withMetadata("k", "v"));
    byte[] all = Files.readAllBytes(file);
    Safetensors.write(file, NamedTensors.of(Map.of("w", SAMPLES.get("bool"))));
    List<byte[]> seeds = List.of(all, Files.readAllBytes(file));
    return new Simple(
        "safetensors", r -> Mutation.of(seeds, r), f -> bytes(Safetensors.read(f, "fuzz")));
  }

  private Target shardIndex() throws IOException {
    Map<String, String> shards = Map.of("ints", "a.safetensors", "short", "b.safetensors");
    for (Map.Entry<String, String> shard : shards.entrySet()) {
      Safetensors.write(
          dir.resolve(shard.getValue()),
          NamedTensors.of(Map.of(shard.getKey(), SAMPLES.get(shard.getKey()))));
    }
    List<byte[]> seeds =
        List.of(
            """
            {"metadata": {"total_size": 264}, "weight_map": {"ints": "a.safetensors",
            "short": "b.safetensors"}}"""
                .getBytes(StandardCharsets.UTF_8),
            """
            {"weight_map": {"ints": "a.safetensors", "ints": "../a.safetensors",
            "x": "/etc/passwd", "y": "C:\\\\b", "z": {"a": [[[[]]]]}}}"""
                .getBytes(StandardCharsets.UTF_8));
    Path index = dir.resolve("model.safetensors.index.json");
    return new Simple(
        "sharded index",
        r -> Mutation.of(seeds, r),
        f -> {
          Files.write(index, f);
          return bytes(ShardedSafetensors.read(index));
        });
  }

  private Target npy() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    for (int version = 1; version <= 3; version++) {
      seeds.add(TensorFixtures.file("numpy-v" + version + ".npy"));
    }
    Path file = dir.resolve("seed.npy");
    for (String name : List.of("permuted", "bool", "scalar", "empty")) {
      Npy.write(file, SAMPLES.get(name));
      seeds.add(Files.readAllBytes(file));
    }
    seeds.add(
        new String(seeds.get(0), StandardCharsets.ISO_8859_1)
            .replace("False", "True ")
            .replace("<f4", ">f4")
            .getBytes(StandardCharsets.ISO_8859_1));
    return new Simple(
        "npy", r -> Mutation.of(seeds, r), f -> bytes(Map.of("x", Npy.read(f, "fuzz"))));
  }

  private Target npz() throws IOException {
    Target npy = npy();
    List<byte[]> seeds = new ArrayList<>();
    for (Npz.Storage storage : Npz.Storage.values()) {
      Path file = dir.resolve("seed.npz");
      Npz.write(file, SAMPLES, storage);
      seeds.add(Files.readAllBytes(file));
    }
    seeds.add(TensorFixtures.file("numpy-deflated.npz"));
    return new Simple(
        "npz",
        r ->
            switch (r.nextInt(4)) {
              case 0 -> intactArchive(npy, r);
              case 1 -> bomb(r);
              default -> Mutation.of(seeds, r);
            },
        f -> bytes(Npz.read(f, "fuzz", ZipLimits.defaults())));
  }

  /** Damaged arrays in an archive that is in order, so that they are looked at. */
  private static byte[] intactArchive(Target npy, SplittableRandom random) {
    ZipBytes zip = new ZipBytes();
    for (int i = random.nextInt(3); i >= 0; i--) {
      String name = random.nextInt(20) == 0 ? "../x.npy" : "a" + random.nextInt(9) + ".npy";
      byte[] content = npy.next(random);
      if (random.nextBoolean()) {
        zip.stored(name, content);
      } else {
        zip.deflated(name, content);
      }
    }
    return zip.bytes();
  }

  /** Arrays of zeros that unfold to megabytes, or say so. */
  private static byte[] bomb(SplittableRandom random) {
    int size = 1 << random.nextInt(10, 21);
    String header = "{'descr': '|i1', 'fortran_order': False, 'shape': (%d,), }".formatted(size);
    byte[] file = new byte[128 + size];
    byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0};
    System.arraycopy(start, 0, file, 0, 10);
    byte[] text = (header + " ".repeat(118 - header.length())).getBytes();
    System.arraycopy(text, 0, file, 10, 118);
    byte[] deflated = ZipBytes.deflate(file);
    int crc = ZipBytes.crc(file);
    long said = random.nextBoolean() ? file.length : file.length * (long) random.nextInt(4000);
    ZipBytes zip = new ZipBytes();
    for (int i = random.nextInt(4); i >= 0; i--) {
      zip.member("b" + i + ".npy", deflated, 8, said, random.nextInt(3) == 0 ? 7 : crc);
    }
    return zip.bytes();
  }

  private Target torchZip() {
    List<byte[]> seeds = new ArrayList<>();
    for (String name :
        List.of(
            "torch-state-dict.pt",
            "torch-training-protocol4.pt",
            "torch-module.pt",
            "torch-untyped.pt")) {
      seeds.add(TensorFixtures.file(name));
    }
    seeds.add(TorchFiles.zip(SAMPLES));
    List<byte[]> pickles = pickles(seeds);
    List<byte[]> storages = List.of(new byte[32], new byte[160], new byte[96]);
    return new Simple(
        "torch zip",
        r ->
            switch (r.nextInt(3)) {
              case 0 -> TorchFiles.zip(Mutation.of(pickles, r), storages);
              case 1 -> TorchFiles.zip(HostilePickles.next(command, r), storages);
              default -> Mutation.of(seeds, r);
            },
        f -> bytes(TorchCheckpoint.read(f, "fuzz", TorchLimits.defaults()).tensors()));
  }

  private Target torchLegacy() {
    List<byte[]> seeds = new ArrayList<>();
    for (String name :
        List.of(
            "torch-state-dict-legacy.pth",
            "torch-training-legacy.pth",
            "torch-module-legacy.pth")) {
      seeds.add(TensorFixtures.file(name));
    }
    seeds.add(TorchFiles.legacy(SAMPLES));
    List<byte[]> storages = List.of(new byte[32], new byte[160], new byte[96]);
    List<Long> sizes = List.of(8L, 40L, 24L);
    return new Simple(
        "torch legacy",
        r ->
            r.nextInt(3) == 0
                ? TorchFiles.legacy(HostilePickles.next(command, r), sizes, storages)
                : Mutation.of(seeds, r),
        f -> bytes(TorchCheckpoint.read(f, "fuzz", TorchLimits.defaults()).tensors()));
  }

  /** The pickles within zip archives: first members, whose names and sizes lie at fixed places. */
  private static List<byte[]> pickles(List<byte[]> archives) {
    return archives.stream()
        .map(
            zip -> {
              int start = 30 + (zip[26] & 0xff) + (zip[28] & 0xff);
              int size = (zip[22] & 0xff) | (zip[23] & 0xff) << 8;
              return java.util.Arrays.copyOfRange(zip, start, start + size);
            })
        .toList();
  }

  private Target llama() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    for (Llama2cFormat format : Llama2cFormat.values()) {
      for (boolean shared : new boolean[] {true, false}) {
        Path file = dir.resolve("seed.bin");
        Llama2cWriter.write(file, SampleLlama.model(shared, 3), format);
        seeds.add(Files.readAllBytes(file));
      }
    }
    return new Simple(
        "llama2.c model",
        r -> Mutation.of(seeds, r),
        f -> bytes(Llama2cCheckpoint.read(f, "fuzz").tensors()));
  }

  private Target tokenizer() {
    List<byte[]> seeds = List.of(SampleVocabulary.bytes());
    return new Simple(
        "llama2.c tokenizer",
        r -> Mutation.of(seeds, r),
        f -> {
          Llama2cTokenizer tokenizer = Llama2cTokenizer.read(f, "fuzz");
          int[] tokens = tokenizer.encodeWithBos("hello wörld\n");
          return tokenizer.decode(tokens).length();
        });
  }

  private Target config() {
    TransformerConfig config =
        TransformerConfig.attentionOnly(2).heads(4).dModel(32).vocab(64).context(16).build();
    List<byte[]> seeds =
        List.of(
            ConfigJson.write(config).getBytes(StandardCharsets.UTF_8),
            "[".repeat(3000).getBytes(StandardCharsets.UTF_8));
    return new Simple(
        "config JSON",
        r -> Mutation.of(seeds, r),
        f -> {
          ConfigJson.read(Utf8.decode(f, "fuzz"), "fuzz");
          return 0;
        });
  }

  private static long bytes(NamedTensors tensors) {
    return bytes(tensors.asMap());
  }

  /** Counts the arrays' memory and gives it back. */
  private static long bytes(Map<String, INDArray> arrays) {
    long bytes = 0;
    Map<INDArray, Boolean> once = new java.util.IdentityHashMap<>();
    for (INDArray array : new LinkedHashMap<>(arrays).values()) {
      if (once.put(array, true) == null && !array.isEmpty()) {
        bytes += array.length() * ElementType.toStore(array.dataType()).bytes();
        array.close();
      }
    }
    return bytes;
  }
}
