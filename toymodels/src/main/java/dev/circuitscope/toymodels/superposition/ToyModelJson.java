package dev.circuitscope.toymodels.superposition;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonSerializationContext;
import com.google.gson.JsonSerializer;
import java.lang.reflect.Type;

/** A model as JSON: {@code {"activation": "RELU_OUTPUT", "W": [[...]], "b": [...]}}. */
final class ToyModelJson implements JsonSerializer<ToyModel> {

  @Override
  public JsonElement serialize(ToyModel model, Type type, JsonSerializationContext context) {
    JsonObject object = new JsonObject();
    object.addProperty("activation", model.activation().name());
    object.add("W", context.serialize(model.weights()));
    object.add("b", context.serialize(model.bias()));
    return object;
  }
}
