package dev.circuitscope.examples.incontext;

import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.examples.reproduction.Recipe;

/** The models that are compared; all are of attention alone. */
public enum ModelKind {
  /** One layer. */
  ONE("1 layer", "one-layer", 1, false),
  /** Two layers. */
  TWO("2 layers", "two-layers", 2, false),
  /** Three layers. */
  THREE("3 layers", "three-layers", 3, false),
  /** One layer whose keys are each mixed with the one before. */
  ONE_SMEARED("1 layer, smeared keys", "one-layer-smeared", 1, true),
  /** Two layers whose keys are each mixed with the one before. */
  TWO_SMEARED("2 layers, smeared keys", "two-layers-smeared", 2, true);

  private final String label;
  private final String directory;
  private final int layers;
  private final boolean smeared;

  ModelKind(String label, String directory, int layers, boolean smeared) {
    this.label = label;
    this.directory = directory;
    this.layers = layers;
    this.smeared = smeared;
  }

  /**
   * Its name in legends and tables.
   *
   * @return for example {@code 2 layers, smeared keys}
   */
  public String label() {
    return label;
  }

  /**
   * Its name among files.
   *
   * @return small letters and hyphens
   */
  public String directory() {
    return directory;
  }

  /**
   * How deep it is.
   *
   * @return layers of attention
   */
  public int layers() {
    return layers;
  }

  /**
   * Whether each key is mixed with the one before.
   *
   * @return whether keys are smeared
   */
  public boolean smeared() {
    return smeared;
  }

  /** Its name as part of a sentence: {@code the 2-layer model with smeared keys}. */
  String phrase() {
    return "the %d-layer model%s".formatted(layers, smeared ? " with smeared keys" : "");
  }

  TransformerConfig config(Recipe.Shape shape, int vocabulary) {
    return shape.layers(layers, vocabulary).toBuilder().smearedKeys(smeared).build();
  }
}
