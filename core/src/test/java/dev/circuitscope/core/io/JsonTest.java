package dev.circuitscope.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Nested
  class Parsing {
    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{'a':1}", "{\"a\":1,}", "[1 2]", "nul", "1 2", "1e999", "01"})
    void refuses_what_is_not_json(String text) {
      assertThatThrownBy(() -> Json.parse(text, "f.json"))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContainingAll("f.json", "line 1");
    }

    @Test
    void keeps_whole_numbers_exact() throws IOException {
      JsonFields fields = Json.parseObject("{\"seed\":9007199254740993}", "f");
      assertThat(fields.longInteger("seed")).isEqualTo(9007199254740993L);
    }

    record Inner(float[] values, Optional<String> name) {}

    record Outer(int stepCount, List<Inner> inner) {}

    @Test
    void makes_objects_of_records() {
      Outer outer =
          new Outer(
              3,
              List.of(
                  new Inner(new float[] {0.5f}, Optional.of("a")),
                  new Inner(new float[0], Optional.empty())));
      assertThat(Json.toCompactString(Json.of(outer)))
          .isEqualTo(
              "{\"step_count\":3,\"inner\":[{\"values\":[0.5],\"name\":\"a\"},"
                  + "{\"values\":[],\"name\":null}]}");
      assertThatThrownBy(() -> Json.of(new Inner(new float[] {Float.NaN}, Optional.empty())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("NaN");
    }

    @Test
    void renders_what_it_parsed() throws IOException {
      String text = "{\"a\":[1,2.5,true,null,\"<é\\n>\"],\"b\":{}}";
      assertThat(Json.toCompactString(Json.parse(text, "f"))).isEqualTo(text);
    }
  }

  @Nested
  class Fields {
    private final JsonFields fields = object();

    @Test
    void are_read_by_type() throws IOException {
      assertThat(fields.integer("n")).isEqualTo(3);
      assertThat(fields.number("x")).isEqualTo(0.5);
      assertThat(fields.number("n")).isEqualTo(3);
      assertThat(fields.string("s")).isEqualTo("text");
      assertThat(fields.bool("b")).isTrue();
      assertThat(fields.strings("list")).containsExactly("p", "q");
      assertThat(fields.object("inner").longIntegers("shape")).containsExactly(2, 3);
      assertThat(fields.string("gone", "LN")).isEqualTo("LN");
      assertThat(fields.integer("nothing", 7)).isEqualTo(7);
      fields.expectNoOthers();
    }

    @Test
    void that_are_missing_are_named() {
      assertThatThrownBy(() -> fields.integer("m"))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContainingAll("f.json", "'m' is missing", "inner");
    }

    @Test
    void that_nobody_asked_for_are_named() throws IOException {
      fields.integer("n");
      assertThatThrownBy(fields::expectNoOthers)
          .hasMessageContainingAll("unknown fields", "nothing", "known are [n]");
    }

    @Test
    void of_another_type_are_named() {
      assertThatThrownBy(() -> fields.integer("x")).hasMessageContainingAll("'x'", "0.5");
      assertThatThrownBy(() -> fields.string("n")).hasMessageContainingAll("'n'", "a text");
      assertThatThrownBy(() -> fields.bool("s")).hasMessageContaining("true or false");
      assertThatThrownBy(() -> fields.strings("s")).hasMessageContaining("an array");
      assertThatThrownBy(() -> fields.object("n")).hasMessageContaining("an object");
      assertThatThrownBy(() -> fields.object("inner").integer("shape"))
          .hasMessageContaining("inner: field 'shape'");
    }

    private static JsonFields object() {
      try {
        return Json.parseObject(
            """
            {"n": 3, "x": 0.5, "s": "text", "b": true, "list": ["p", "q"],
             "inner": {"shape": [2, 3]}, "nothing": null}""",
            "f.json");
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Nested
  class Files_of_text {
    @Test
    void are_read_strictly(@TempDir Path dir) throws IOException {
      Path file = dir.resolve("x.json");
      Files.write(file, new byte[] {'{', '"', (byte) 0xc3, '(', '"'});
      assertThatThrownBy(() -> Json.read(file))
          .isInstanceOfSatisfying(
              MalformedFileException.class, e -> assertThat(e.offset()).isEqualTo(2))
          .hasMessageContaining("not UTF-8");
      assertThatThrownBy(() -> Json.read(dir.resolve("none.json")))
          .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void keep_every_character(@TempDir Path dir) throws IOException {
      String text = "é\r\n\uFEFF😀".repeat(50_000);
      Path file = dir.resolve("x.txt");
      AtomicFiles.write(file, text);
      assertThat(Utf8.read(file)).isEqualTo(text);
    }
  }
}
