package dev.circuitscope.core.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;

/**
 * Reads a tensor whose strides are not those of a row-major array. It goes through the axes in the
 * order of their strides in the file, largest outside, so that a transposed tensor is read from
 * front to back, and scatters the elements to their places in memory.
 */
final class StridedReader {
  /** Elements further apart than this are read one by one, nearer ones with what is between. */
  private static final int NEAR = 256;

  private record Axis(long size, long from, long to) {}

  private final ByteSource source;
  private final StoredTensor tensor;
  private final ElementType type;
  private final BytePointer memory;
  private final List<Axis> outer = new ArrayList<>();
  private final Axis inner;
  private final boolean hasGaps;

  private final ByteBuffer window;
  private long windowStart;
  private final ByteBuffer raw;
  private final ByteBuffer wide;

  StridedReader(ByteSource source, StoredTensor tensor, BytePointer memory) {
    this.source = source;
    this.tensor = tensor;
    this.type = tensor.type();
    this.memory = memory;
    long to = 1;
    for (int i = tensor.shape().size() - 1; i >= 0; i--) {
      long size = tensor.shape().get(i);
      if (size > 1) {
        outer.add(new Axis(size, tensor.stride().get(i), to));
      }
      to *= size;
    }
    outer.sort(Comparator.comparingLong(Axis::from).reversed());
    long span = 1;
    boolean gaps = false;
    for (int i = outer.size() - 1; i >= 0; i--) {
      gaps |= outer.get(i).from() != span;
      span *= outer.get(i).size();
    }
    hasGaps = gaps;
    inner = outer.remove(outer.size() - 1);
    int bytes = (int) Math.min(TensorBytes.CHUNK, tensor.end() - tensor.offset());
    window = ByteBuffer.allocate(bytes).limit(0);
    int batch = (int) Math.min(TensorBytes.CHUNK / Long.BYTES, inner.size());
    raw = ByteBuffer.allocate(batch * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    wide = ByteBuffer.allocate(batch * type.readAs().width()).order(ByteOrder.LITTLE_ENDIAN);
  }

  void read() throws IOException {
    long[] index = new long[outer.size()];
    long rows = tensor.length() / inner.size();
    for (long row = 0; row < rows; row++) {
      long from = 0;
      long to = 0;
      for (int i = 0; i < index.length; i++) {
        from += index[i] * outer.get(i).from();
        to += index[i] * outer.get(i).to();
      }
      readRow(tensor.offset() + from * type.bytes(), to);
      for (int i = index.length - 1; i >= 0 && ++index[i] == outer.get(i).size(); i--) {
        index[i] = 0;
      }
    }
  }

  private void readRow(long from, long to) throws IOException {
    long step = inner.from() * type.bytes();
    long batch = raw.capacity() / type.bytes();
    if (step > 0 && step <= NEAR) {
      batch = Math.max(1, Math.min(batch, window.capacity() / step));
    }
    for (long first = 0; first < inner.size(); first += batch) {
      int count = (int) Math.min(batch, inner.size() - first);
      long at = from + first * step;
      raw.clear().limit(count * type.bytes());
      if (step > NEAR) {
        gatherFar(at, step, count);
      } else {
        gatherNear(at, (int) step, count);
      }
      scatter(raw.flip(), at, step, to + first * inner.to());
    }
  }

  private void gatherFar(long at, long step, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      raw.limit((i + 1) * type.bytes());
      source.read(at + i * step, raw);
    }
  }

  private void gatherNear(long at, int step, int count) throws IOException {
    int bytes = type.bytes();
    int needed = (count - 1) * step + bytes;
    if (at < windowStart || at + needed > windowStart + window.limit()) {
      // Reading ahead is worth while only if everything ahead is wanted, and wanted in this order.
      long ahead = hasGaps ? needed : Math.min(window.capacity(), tensor.end() - at);
      window.clear().limit((int) ahead);
      source.read(at, window);
      window.flip();
      windowStart = at;
    }
    int start = (int) (at - windowStart);
    if (step == bytes) {
      raw.put(0, window, start, count * bytes);
    } else {
      for (int i = 0; i < count; i++) {
        raw.put(i * bytes, window, start + i * step, bytes);
      }
    }
    raw.position(count * bytes);
  }

  private void scatter(ByteBuffer elements, long at, long step, long to) throws IOException {
    TensorBytes.toLittleEndian(elements, type.bytes(), tensor.order());
    ByteBuffer values = elements;
    if (!type.isVerbatim()) {
      wide.clear();
      WideningCodec.widen(type, elements, wide, source.name(), at, step);
      values = wide.flip();
    }
    int width = type.readAs().width();
    int count = values.limit() / width;
    for (int i = 0; i < count; i++) {
      long address = (to + i * inner.to()) * width;
      switch (width) {
        case 8 -> memory.putLong(address, values.getLong(i * 8));
        case 4 -> memory.putInt(address, values.getInt(i * 4));
        case 2 -> memory.putShort(address, values.getShort(i * 2));
        default -> memory.put(address, values.get(i));
      }
    }
  }
}
