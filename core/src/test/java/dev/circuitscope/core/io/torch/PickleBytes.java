package dev.circuitscope.core.io.torch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickles instruction by instruction, for tests. */
public final class PickleBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Starts with the PROTO instruction. */
  public static PickleBytes protocol(int version) {
    return new PickleBytes().op(0x80).op(version);
  }

  public PickleBytes op(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  public PickleBytes raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  public PickleBytes line(String text) {
    return raw((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  public PickleBytes text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return op('X').i4(bytes.length).raw(bytes);
  }

  public PickleBytes number(long value) {
    return op(0x8a, 8).raw(little(8).putLong(value).array());
  }

  public PickleBytes i4(int value) {
    return raw(little(4).putInt(value).array());
  }

  public PickleBytes i8(long value) {
    return raw(little(8).putLong(value).array());
  }

  public PickleBytes global(String module, String name) {
    return op('c').line(module).line(name);
  }

  public PickleBytes numbers(long... values) {
    op('(');
    for (long value : values) {
      number(value);
    }
    return op('t');
  }

  /** A storage by its persistent id; {@code legacy} adds the view that is none. */
  public PickleBytes storage(String type, String key, long size, boolean legacy) {
    op('(').text("storage").global("torch", type).text(key).text("cpu").number(size);
    return legacy ? op('N', 't', 'Q') : op('t', 'Q');
  }

  /** A tensor over the storage that {@link #storage} describes. */
  public PickleBytes tensor(PickleBytes storage, long offset, long[] shape, long[] stride) {
    global("torch._utils", "_rebuild_tensor_v2").op('(').raw(storage.bytes()).number(offset);
    return numbers(shape)
        .numbers(stride)
        .op(0x89)
        .global("collections", "OrderedDict")
        .op(')', 'R')
        .op('t', 'R');
  }

  public PickleBytes stop() {
    return op('.');
  }

  public byte[] bytes() {
    return out.toByteArray();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
