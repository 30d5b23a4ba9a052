package dev.circuitscope.core.format;

import dev.circuitscope.core.format.TensorMapping.Line;
import dev.circuitscope.core.io.TensorSource;
import dev.circuitscope.core.model.Parameter;
import dev.circuitscope.core.model.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Writes weights through a {@link TensorMapping}, the way back of {@link MappedReader}. */
final class MappedWriter {

  private MappedWriter() {}

  /**
   * Tensors of the format, each made when it is written.
   *
   * @throws IllegalArgumentException if a parameter that the format does not have is not zero
   */
  static Map<String, TensorSource> tensors(TensorMapping mapping, Weights weights, String format) {
    mapping.lineOfEachParameter();
    List<String> lost = new ArrayList<>();
    for (String zero : mapping.zeros()) {
      if (!allZero(weights.elements(zero))) {
        lost.add(zero);
      }
    }
    if (!lost.isEmpty()) {
      throw new IllegalArgumentException(
          "the %s format has no place for %s, which are not zero; write TransformerLens's format"
              .formatted(format, lost));
    }
    Map<String, TensorSource> sources = new LinkedHashMap<>();
    for (Line line : mapping.lines().values()) {
      List<Long> shape = LongStream.of(line.shape()).boxed().toList();
      sources.put(
          line.tensor(), new TensorSource(DataType.FLOAT, shape, () -> tensor(line, weights)));
    }
    return sources;
  }

  private static boolean allZero(float[] values) {
    for (float value : values) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private static INDArray tensor(Line line, Weights weights) {
    int parts = line.parameters().size();
    float[] tensor = new float[parts * line.parameters().get(0).length()];
    for (int part = 0; part < parts; part++) {
      Parameter parameter = line.parameters().get(part);
      float[] values = weights.elements(parameter.name());
      line.axes().put(values, tensor, parameter.shape(), part, parts);
    }
    return Nd4j.createFromArray(tensor).reshape('c', line.shape());
  }
}
