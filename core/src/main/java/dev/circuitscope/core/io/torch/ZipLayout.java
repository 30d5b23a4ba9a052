package dev.circuitscope.core.io.torch;

import dev.circuitscope.core.io.ByteSource;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.torch.PickleValue.Storage;
import dev.circuitscope.core.io.zip.ZipArchive;
import dev.circuitscope.core.io.zip.ZipLimits;
import dev.circuitscope.core.io.zip.ZipMember;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The layout since PyTorch 1.6: a zip archive with data.pkl and a file for every storage. */
final class ZipLayout implements TorchStorages {
  private static final String PICKLE = "/data.pkl";
  private static final int MAX_VERSION = 10;

  private final ByteSource source;
  private final ZipArchive archive;
  private final ZipMember pickle;
  private final String root;
  private final ByteOrder order;

  ZipLayout(ByteSource source) throws IOException {
    this.source = source;
    this.archive = ZipArchive.open(source, ZipLimits.defaults());
    this.pickle = pickle(archive);
    this.root = pickle.name().substring(0, pickle.name().length() - PICKLE.length());
    String version = word("version", "3");
    if (!version.matches("[0-9]{1,2}") || Integer.parseInt(version) > MAX_VERSION) {
      throw malformed("format version '%s'; up to %d are read".formatted(version, MAX_VERSION));
    }
    this.order =
        switch (word("byteorder", "little")) {
          case "little" -> ByteOrder.LITTLE_ENDIAN;
          case "big" -> ByteOrder.BIG_ENDIAN;
          default -> throw malformed("its byte order is neither little nor big");
        };
  }

  /** Read from front to back, since it may be compressed. */
  ByteSource pickle() throws IOException {
    return pickle.deflated() ? archive.content(pickle) : archive.stored(pickle);
  }

  @Override
  public ByteSource bytes(Storage storage) throws IOException {
    ZipMember member = archive.member(root + "/data/" + storage.key());
    if (member == null) {
      throw malformed("storage '" + storage.key() + "' is not in the archive");
    }
    if (member.deflated()) {
      throw malformed(
          "storage '" + storage.key() + "' is compressed; PyTorch stores it, save it anew");
    }
    if (storage.rootSize() > Long.MAX_VALUE / Long.BYTES
        || member.size() != storage.rootSize() * storage.type().bytes()) {
      throw malformed(
          "storage '%s' holds %d bytes; %d elements of %s are announced"
              .formatted(storage.key(), member.size(), storage.rootSize(), storage.type()));
    }
    return archive.stored(member);
  }

  @Override
  public ByteOrder order() {
    return order;
  }

  private ZipMember pickle(ZipArchive archive) throws MalformedFileException {
    List<ZipMember> found =
        archive.members().stream()
            .filter(member -> member.name().endsWith(PICKLE))
            .filter(member -> member.name().indexOf('/') == member.name().length() - 9)
            .toList();
    if (found.size() != 1) {
      throw malformed(
          "no PyTorch checkpoint: %d members are called FOLDER/data.pkl".formatted(found.size()));
    }
    return found.get(0);
  }

  private String word(String name, String fallback) throws IOException {
    ZipMember member = archive.member(root + "/" + name);
    if (member == null) {
      return fallback;
    }
    if (member.size() > 16) {
      throw malformed("its member '" + name + "' is longer than a word");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) member.size());
    if (member.size() > 0) {
      archive.content(member).read(0, bytes);
    }
    return new String(bytes.array(), StandardCharsets.ISO_8859_1).strip();
  }

  private MalformedFileException malformed(String problem) {
    return new MalformedFileException(source.name(), -1, problem);
  }
}
