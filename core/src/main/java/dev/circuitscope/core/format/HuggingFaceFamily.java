package dev.circuitscope.core.format;

import com.google.gson.JsonObject;
import dev.circuitscope.core.io.JsonFields;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.List;

/** One architecture of the transformers library: its configuration keys and its tensors. */
interface HuggingFaceFamily {

  /** Every family there is. */
  List<HuggingFaceFamily> ALL =
      List.of(new Gpt2Family(), new GptNeoXFamily(), new LlamaFamily(), new MistralFamily());

  /** The value of {@code model_type}. */
  String modelType();

  /** The class that the library loads it with. */
  String architecture();

  ModelFormat format();

  /** What the names of a model with a language-model head begin with, and a bare model's do not. */
  String prefix();

  /**
   * The shape of the model.
   *
   * @throws MalformedFileException if a key is missing or of another type
   * @throws IllegalArgumentException if a value says that the model computes something else
   */
  TransformerConfig config(JsonFields json) throws MalformedFileException;

  /** Whether queries, keys, values and outputs have biases. */
  boolean attentionBias(JsonFields json) throws MalformedFileException;

  /** The tensors, without {@link #prefix()}; those of the head keep their names. */
  TensorMapping mapping(TransformerConfig config, boolean attentionBias);

  /** The name of the output matrix, which has no prefix. */
  String head();

  /**
   * The way back of {@link #config}.
   *
   * @throws IllegalArgumentException if the family has no such models
   */
  JsonObject configJson(TransformerConfig config, boolean attentionBias);
}
