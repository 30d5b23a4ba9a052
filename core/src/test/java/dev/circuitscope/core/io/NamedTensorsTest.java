package dev.circuitscope.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NamedTensorsTest {
  @Test
  void names_the_nearest_tensors_when_one_is_missing() {
    NamedTensors tensors =
        NamedTensors.of(
            Map.of("blocks.0.attn.W_Q", Nd4j.scalar(1f), "unembed.b_U", Nd4j.scalar(1f)));
    assertThatThrownBy(() -> tensors.get("blocks.0.W_Q"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessageContaining("'blocks.0.W_Q' among 2; nearest names: [blocks.0.attn.W_Q");
  }

  @Test
  void does_not_change_with_the_map_it_was_made_from() {
    Map<String, INDArray> map = new LinkedHashMap<>(Map.of("a", Nd4j.scalar(1f)));
    NamedTensors tensors = NamedTensors.of(map);
    map.put("b", Nd4j.scalar(1f));
    assertThat(tensors.names()).containsExactly("a");
    assertThatThrownBy(() -> tensors.asMap().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(tensors.withMetadata("k", "v").metadata()).containsEntry("k", "v");
    assertThat(tensors.metadata()).isEmpty();
  }

  @Test
  void refuses_missing_arrays() {
    Map<String, INDArray> map = new LinkedHashMap<>();
    map.put("a", null);
    assertThatThrownBy(() -> NamedTensors.of(map)).hasMessageContaining("a = null");
  }

  @Test
  void prints_a_line_for_each() {
    assertThat(NamedTensors.of(Map.of("a", Nd4j.zeros(DataType.FLOAT, 2, 3))))
        .hasToString("1 tensors\n  a FLOAT [2, 3]");
  }
}
