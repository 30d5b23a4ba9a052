package dev.circuitscope.core.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.indexer.ByteIndexer;

/**
 * Reads a tensor whose strides are not those of a row-major array. It goes through the axes in the
 * order of their strides in the file, largest outside, so that a transposed tensor is read from
 * front to back, and scatters the elements to their places in memory.
 */
final class StridedReader {
  /** Elements further apart than this are read one by one, nearer ones with what is between. */
  private static final int NEAR = 256;

  /** So many rows are scattered together, for whole cache lines where one row has one element. */
  private static final int ROWS = 16;

  /** Its size, and its steps in the file and in memory. */
  private record Axis(long size, long from, long to) {}

  private final ByteSource source;
  private final StoredTensor tensor;
  private final ElementType type;
  private final ByteIndexer memory;
  private final List<Axis> outer = new ArrayList<>();
  private final Axis middle;
  private final Axis inner;
  private final int rowsTogether;
  private final int batch;
  private final boolean hasGaps;

  private final ByteBuffer window;
  private long windowStart;
  private final ByteBuffer raw;
  private final ByteBuffer wide;

  StridedReader(ByteSource source, StoredTensor tensor, BytePointer memory) {
    this.source = source;
    this.tensor = tensor;
    this.type = tensor.type();
    this.memory = ByteIndexer.create(memory.limit(tensor.length() * type.readAs().width()));
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
    middle = outer.isEmpty() ? new Axis(1, 0, 0) : outer.remove(outer.size() - 1);
    long windowBytes = Math.min(TensorBytes.CHUNK, tensor.end() - tensor.offset());
    window = ByteBuffer.allocate((int) windowBytes).limit(0);
    long together = TensorBytes.CHUNK / Long.BYTES;
    rowsTogether = inner.size() <= together / ROWS ? (int) Math.min(ROWS, middle.size()) : 1;
    long step = inner.from() * type.bytes();
    long most = step > 0 && step <= NEAR ? Math.max(1, windowBytes / step) : together;
    batch = (int) Math.min(Math.min(together, most), inner.size());
    int elements = rowsTogether * batch;
    raw = ByteBuffer.allocate(elements * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    wide =
        type.isVerbatim()
            ? raw
            : ByteBuffer.allocate(elements * type.readAs().width()).order(ByteOrder.LITTLE_ENDIAN);
  }

  void read() throws IOException {
    long[] index = new long[outer.size()];
    long blocks = tensor.length() / inner.size() / middle.size();
    for (long block = 0; block < blocks; block++) {
      long from = 0;
      long to = 0;
      for (int i = 0; i < index.length; i++) {
        from += index[i] * outer.get(i).from();
        to += index[i] * outer.get(i).to();
      }
      for (long row = 0; row < middle.size(); row += rowsTogether) {
        readRows(
            tensor.offset() + (from + row * middle.from()) * type.bytes(),
            to + row * middle.to(),
            (int) Math.min(rowsTogether, middle.size() - row));
      }
      for (int i = index.length - 1; i >= 0 && ++index[i] == outer.get(i).size(); i--) {
        index[i] = 0;
      }
    }
  }

  private void readRows(long from, long to, int rows) throws IOException {
    long step = inner.from() * type.bytes();
    for (long first = 0; first < inner.size(); first += batch) {
      int count = (int) Math.min(batch, inner.size() - first);
      raw.clear();
      wide.clear();
      for (int row = 0; row < rows; row++) {
        long at = from + first * step + row * middle.from() * type.bytes();
        int start = row * count * type.bytes();
        raw.limit(start + count * type.bytes()).position(start);
        if (step > NEAR) {
          gatherFar(at, step, count);
        } else {
          gatherNear(at, (int) step, count);
        }
        raw.position(start);
        TensorBytes.toLittleEndian(raw, type.bytes(), tensor.order());
        if (!type.isVerbatim()) {
          widen(raw.slice().order(ByteOrder.LITTLE_ENDIAN), at, step);
        }
      }
      scatter(rows, count, to + first * inner.to());
    }
  }

  private void widen(ByteBuffer row, long at, long step) throws IOException {
    WideningCodec.widen(type, row, wide, source.name(), at, step);
  }

  private void gatherFar(long at, long step, int count) throws IOException {
    int start = raw.position();
    for (int i = 0; i < count; i++) {
      raw.limit(start + (i + 1) * type.bytes());
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
      raw.put(raw.position(), window, start, count * bytes);
    } else {
      for (int i = 0; i < count; i++) {
        raw.put(raw.position() + i * bytes, window, start + i * step, bytes);
      }
    }
  }

  /** Rows within, so that rows which are neighbours in memory fill its cache lines. */
  private void scatter(int rows, int count, long to) {
    int width = type.readAs().width();
    for (int i = 0; i < count; i++) {
      for (int row = 0; row < rows; row++) {
        long address = (to + i * inner.to() + row * middle.to()) * width;
        int value = (row * count + i) * width;
        switch (width) {
          case 8 -> memory.putLong(address, wide.getLong(value));
          case 4 -> memory.putInt(address, wide.getInt(value));
          case 2 -> memory.putShort(address, wide.getShort(value));
          default -> memory.put(address, wide.get(value));
        }
      }
    }
  }
}
