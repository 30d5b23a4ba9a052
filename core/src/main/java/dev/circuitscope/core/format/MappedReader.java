package dev.circuitscope.core.format;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.format.TensorMapping.Line;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.model.Parameter;
import dev.circuitscope.core.model.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Reads weights through a {@link TensorMapping}. Every tensor must be used exactly once or be one
 * that the format ignores; all that are missing, unknown or of another shape are named together.
 */
final class MappedReader {

  private final TensorMapping mapping;
  private final NamedTensors tensors;
  private final String source;
  private final Map<String, Line> lineOf;

  /** The tensor read last: parameters that share one are asked for one after the other. */
  private String lastName;

  private float[] lastValues;

  private MappedReader(TensorMapping mapping, NamedTensors tensors, String source) {
    this.mapping = mapping;
    this.tensors = tensors;
    this.source = source;
    this.lineOf = mapping.lineOfEachParameter();
  }

  /** Weights of the mapping's configuration. */
  static Weights read(TensorMapping mapping, NamedTensors tensors, String source)
      throws MalformedFileException {
    MappedReader reader = new MappedReader(mapping, tensors, source);
    reader.check();
    return Weights.of(mapping.config(), reader::parameter);
  }

  private void check() throws MalformedFileException {
    List<String> missing = new ArrayList<>(mapping.lines().keySet());
    missing.removeAll(tensors.names());
    List<String> unknown = new ArrayList<>(tensors.names());
    unknown.removeAll(mapping.lines().keySet());
    unknown.removeAll(mapping.copies().keySet());
    unknown.removeIf(mapping::ignores);
    List<String> misshapen = new ArrayList<>();
    for (Line line : mapping.lines().values()) {
      if (tensors.contains(line.tensor())) {
        INDArray found = tensors.get(line.tensor());
        if (!Arrays.equals(found.shape(), line.shape())) {
          misshapen.add(
              "%s is %s, expected %s"
                  .formatted(
                      line.tensor(),
                      Arrays.toString(found.shape()),
                      Arrays.toString(line.shape())));
        } else if (!found.dataType().isFPType()) {
          misshapen.add(line.tensor() + " holds " + found.dataType() + ", not floating numbers");
        }
      }
    }
    List<String> problems = new ArrayList<>();
    addProblem(problems, "missing tensors", missing);
    addProblem(problems, "unknown tensors", unknown);
    addProblem(problems, "tensors of another shape or type", misshapen);
    if (!problems.isEmpty()) {
      throw new MalformedFileException(
          source, -1, "the tensors do not fit the configuration: " + String.join("; ", problems));
    }
    checkCopies();
  }

  private static void addProblem(List<String> problems, String kind, List<String> names) {
    if (!names.isEmpty()) {
      problems.add(kind + " " + names);
    }
  }

  private void checkCopies() throws MalformedFileException {
    for (Map.Entry<String, String> copy : mapping.copies().entrySet()) {
      if (tensors.contains(copy.getKey())) {
        float[] values = values(copy.getKey());
        if (!Arrays.equals(values, values(copy.getValue()))) {
          throw new MalformedFileException(
              source,
              -1,
              "the configuration ties %s to %s, and the two differ; set tie_word_embeddings to false"
                  .formatted(copy.getKey(), copy.getValue()));
        }
      }
    }
  }

  private float[] parameter(Parameter parameter) {
    Line line = lineOf.get(parameter.name());
    if (line == null) {
      return new float[parameter.length()];
    }
    int part = line.partOf(parameter);
    return line.axes()
        .take(values(line.tensor()), parameter.shape(), part, line.parameters().size());
  }

  private float[] values(String name) {
    if (!name.equals(lastName)) {
      lastValues = FloatBlock.copyOf(tensors.get(name)).toArray();
      lastName = name;
    }
    return lastValues;
  }
}
