package dev.circuitscope.core.format;

import dev.circuitscope.core.io.JsonFields;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.model.Activation;
import dev.circuitscope.core.model.Rotary;

/** Keys of {@code config.json} that several families share. */
final class HuggingFaceKeys {

  private HuggingFaceKeys() {}

  static Activation activation(String key, String name) {
    return switch (name) {
      case "relu" -> Activation.RELU;
      case "gelu" -> Activation.GELU;
      case "gelu_new", "gelu_fast", "gelu_pytorch_tanh" -> Activation.GELU_NEW;
      case "silu", "swish" -> Activation.SILU;
      default ->
          throw new IllegalArgumentException(
              key
                  + " '"
                  + name
                  + "' is not supported; supported are relu, gelu, gelu_new, gelu_fast,"
                  + " gelu_pytorch_tanh, silu, swish");
    };
  }

  static String name(Activation activation) {
    return switch (activation) {
      case RELU, GELU, GELU_NEW, SILU -> activation.label();
      case SOLU, SOLU_LN ->
          throw new IllegalArgumentException(
              "the transformers library has no activation " + activation.label());
    };
  }

  /**
   * Rotary positions over the first coordinates of a head. Newer files keep all about them in
   * {@code rope_parameters}.
   *
   * @param baseKey the family's own key of the base
   * @param fraction how much of a head is rotated, unless {@code rope_parameters} says so
   */
  static Rotary rotary(JsonFields json, String baseKey, double fraction, int dHead)
      throws MalformedFileException {
    requireUnscaled(json, "rope_scaling");
    requireUnscaled(json, "rope_parameters");
    double base = json.number(baseKey, json.number("rope_theta", 10_000));
    double rotated = fraction;
    if (json.has("rope_parameters")) {
      JsonFields rope = json.object("rope_parameters");
      base = rope.number("rope_theta", base);
      rotated = rope.number("partial_rotary_factor", rotated);
    }
    return new Rotary((int) (dHead * rotated), base, Rotary.Pairing.HALVES);
  }

  private static void requireUnscaled(JsonFields json, String key) throws MalformedFileException {
    if (json.has(key)) {
      JsonFields rope = json.object(key);
      String kind = rope.string("rope_type", rope.string("type", "default"));
      if (!kind.equals("default")) {
        throw new IllegalArgumentException(
            "%s of type '%s' is not supported: positions are rotated without rescaling only"
                .formatted(key, kind));
      }
    }
  }

  /** Fails unless a switch that changes the computation has the one value we compute. */
  static void require(JsonFields json, String key, boolean only) throws MalformedFileException {
    if (json.bool(key, only) != only) {
      throw new IllegalArgumentException("%s %s is not supported".formatted(key, !only));
    }
  }

  static void requireNot(boolean bad, String family, String what) {
    if (bad) {
      throw new IllegalArgumentException(
          "the %s format has no models with %s; write TransformerLens's format"
              .formatted(family, what));
    }
  }
}
