package dev.circuitscope.examples.model;

import dev.circuitscope.core.format.LoadedModel;
import dev.circuitscope.core.model.Parameter;
import dev.circuitscope.core.model.Transformer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model consists of.
 *
 * @param loaded the model and its files
 * @param byComponent how many parameters the embedding, the attention of all blocks and so on have
 * @param shapes the parameters and their shapes; all blocks are alike, and N stands for their
 *     numbers
 */
record ModelSummary(LoadedModel loaded, Map<String, Long> byComponent, Map<String, String> shapes) {

  static ModelSummary of(LoadedModel loaded) {
    Map<String, Long> byComponent = new LinkedHashMap<>();
    Map<String, String> shapes = new LinkedHashMap<>();
    for (Parameter parameter : loaded.transformer().weights().layout().parameters()) {
      byComponent.merge(component(parameter.name()), (long) parameter.length(), Long::sum);
      shapes.put(
          parameter.name().replaceFirst("^blocks\\.\\d+\\.", "blocks.N."),
          Arrays.toString(parameter.shape()));
    }
    return new ModelSummary(loaded, byComponent, shapes);
  }

  private static String component(String name) {
    if (name.contains(".attn.")) {
      return "attention";
    }
    if (name.contains(".mlp.")) {
      return "mlp";
    }
    return name.matches("(.*\\.ln\\d|ln_final)\\..*")
        ? "normalization"
        : name.substring(0, name.indexOf('.'));
  }

  Transformer model() {
    return loaded.transformer();
  }

  List<String> processing() {
    return model().processing().stream().map(Object::toString).toList();
  }
}
