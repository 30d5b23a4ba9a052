package dev.circuitscope.core.io;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Tensors of every type that comes back as it went, with bits that equality overlooks. */
public final class SampleTensors {
  private SampleTensors() {}

  public static NamedTensors all(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] floats = new float[60];
    double[] doubles = new double[60];
    long[] longs = new long[60];
    for (int i = 0; i < 60; i++) {
      floats[i] = Float.intBitsToFloat(random.nextInt() & 0xbfffffff); // no NaN
      doubles[i] = Double.longBitsToDouble(random.nextLong() & 0xbfffffffffffffffL);
      longs[i] = random.nextLong();
    }
    floats[0] = -0f;
    floats[1] = Float.MIN_VALUE;
    floats[2] = Float.NEGATIVE_INFINITY;
    INDArray f = Nd4j.createFromArray(floats).reshape('c', 3, 4, 5);
    INDArray d = Nd4j.createFromArray(doubles).reshape('c', 6, 10);
    INDArray l = Nd4j.createFromArray(longs).reshape(60);
    Map<String, INDArray> tensors = new LinkedHashMap<>();
    tensors.put("floats", f);
    tensors.put("permuted", f.permute(2, 0, 1));
    tensors.put("column_major", f.dup('f'));
    tensors.put("slice", f.slice(1).transpose());
    tensors.put("doubles", d);
    tensors.put("longs", l);
    tensors.put("ints", Nd4j.createFromArray(longs).castTo(DataType.INT).reshape('c', 2, 30));
    for (DataType type :
        new DataType[] {DataType.SHORT, DataType.BYTE, DataType.UBYTE, DataType.BOOL}) {
      int[] small = random.ints(12, 0, type == DataType.BOOL ? 2 : 100).toArray();
      tensors.put(
          type.name().toLowerCase(java.util.Locale.ROOT),
          Nd4j.createFromArray(small).castTo(type).reshape('c', 4, 3));
    }
    tensors.put("scalar", Nd4j.scalar(floats[7]));
    tensors.put("empty", Nd4j.create(DataType.FLOAT, 0, 3));
    return NamedTensors.of(tensors);
  }
}
