package dev.circuitscope.core.sweep;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Rows and axes' values as JSON, without loss: a number is read back as the same bits, and NaN and
 * the infinities, which JSON does not have, are the texts {@code "NaN"}, {@code "Infinity"} and
 * {@code "-Infinity"}.
 */
final class RowJson {

  private static final TypeAdapter<Double> DOUBLES =
      new TypeAdapter<>() {
        @Override
        public void write(JsonWriter out, Double value) throws IOException {
          if (value == null || Double.isFinite(value)) {
            out.value(value);
          } else {
            out.value(value.toString());
          }
        }

        @Override
        public Double read(JsonReader in) throws IOException {
          return Double.valueOf(in.nextString());
        }
      };

  private static final TypeAdapter<Float> FLOATS =
      new TypeAdapter<>() {
        @Override
        public void write(JsonWriter out, Float value) throws IOException {
          if (value == null || Float.isFinite(value)) {
            out.value(value);
          } else {
            out.value(value.toString());
          }
        }

        @Override
        public Float read(JsonReader in) throws IOException {
          return Float.valueOf(in.nextString());
        }
      };

  private static final Gson GSON =
      new GsonBuilder()
          .serializeNulls()
          .disableHtmlEscaping()
          .registerTypeAdapter(double.class, DOUBLES)
          .registerTypeAdapter(Double.class, DOUBLES.nullSafe())
          .registerTypeAdapter(float.class, FLOATS)
          .registerTypeAdapter(Float.class, FLOATS.nullSafe())
          .create();

  private RowJson() {}

  static JsonElement toJson(Object value) {
    return GSON.toJsonTree(value);
  }

  static <R> R fromJson(JsonElement json, Class<R> type) {
    return GSON.fromJson(json, type);
  }

  /**
   * How a type of rows appears in a sweep's file.
   *
   * @throws IllegalArgumentException if it has no JSON form
   */
  static String describe(Class<?> type) {
    try {
      GSON.getAdapter(type);
    } catch (JsonParseException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          ("rows of type %s have no JSON form; make them a record of numbers, texts, lists and the"
                  + " like")
              .formatted(type.getName()),
          e);
    }
    if (!type.isRecord()) {
      return type.getSimpleName();
    }
    return Arrays.stream(type.getRecordComponents())
        .map(RowJson::describe)
        .collect(Collectors.joining(", ", type.getSimpleName() + "(", ")"));
  }

  private static String describe(RecordComponent component) {
    return component.getGenericType().getTypeName() + " " + component.getName();
  }
}
