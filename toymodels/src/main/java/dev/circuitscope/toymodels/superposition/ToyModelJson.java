package dev.circuitscope.toymodels.superposition;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonSerializationContext;
import com.google.gson.JsonSerializer;
import java.lang.reflect.Type;

/**
 * A model as JSON: {@code {"architecture": "RELU_OUTPUT", "W": [[...]], "b": [...]}}, or with
 * {@code W1} and {@code W2}.
 */
final class ToyModelJson implements JsonSerializer<ToyModel> {

  @Override
  public JsonElement serialize(ToyModel model, Type type, JsonSerializationContext context) {
    JsonObject object = new JsonObject();
    object.addProperty("architecture", model.architecture().name());
    if (model.architecture().isTied()) {
      object.add("W", context.serialize(model.weights()));
    } else {
      object.add("W1", context.serialize(model.weights()));
      object.add("W2", context.serialize(model.decoder()));
    }
    object.add("b", context.serialize(model.bias()));
    return object;
  }
}
