package dev.circuitscope.core.io.torch;

import static dev.circuitscope.core.io.TensorFixtures.assertValues;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.io.TensorFixtures;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Files that Python's pickle module made; tensors/make_fixtures.py says what is in them. */
class TorchFixturesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "torch-state-dict.pt",
        "torch-state-dict-big-endian.pt",
        "torch-state-dict-legacy.pth"
      })
  void a_state_dict_gives_every_type_and_every_view_of_a_storage(String file) throws IOException {
    TorchContents contents = read(file);
    NamedTensors tensors = contents.tensors();
    for (String code : List.of("f8", "f4", "f2", "bf16", "i8", "i4", "i2", "i1", "u1", "b1")) {
      assertValues(tensors.get("type." + code), code);
    }
    INDArray whole = tensors.get("whole");
    assertThat(whole.shape()).containsExactly(5, 8);
    INDArray transposed = tensors.get("transposed");
    assertThat(transposed.shape()).containsExactly(8, 5);
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 8; j++) {
        assertThat(whole.getFloat(i, j)).isEqualTo(8 * i + j);
        assertThat(transposed.getFloat(j, i)).isEqualTo(8 * i + j);
      }
    }
    assertThat(tensors.get("columns").reshape(15).toFloatVector())
        .containsExactly(1, 3, 5, 9, 11, 13, 17, 19, 21, 25, 27, 29, 33, 35, 37);
    assertThat(tensors.get("repeated").reshape(12).toFloatVector())
        .containsExactly(8, 9, 10, 11, 8, 9, 10, 11, 8, 9, 10, 11);
    assertThat(tensors.get("scalar").rank()).isZero();
    assertThat(tensors.get("scalar").getFloat(0)).isEqualTo(7);
    assertThat(tensors.get("empty").shape()).containsExactly(0, 8);
    assertThat(tensors.get("tied")).isSameAs(whole);
    assertThat(tensors.get("first").toFloatVector()).containsExactly(3, 4);
    assertThat(tensors.get("parameter").reshape(4).toFloatVector()).containsExactly(36, 37, 38, 39);
    assertThat(tensors.contains("complex")).isFalse();
    assertThat(contents.skippedClasses()).containsExactly("torch.ComplexFloatStorage");
  }

  @ParameterizedTest
  @ValueSource(strings = {"torch-training-protocol4.pt", "torch-training-legacy.pth"})
  void nested_dictionaries_give_dotted_names_and_metadata(String file) throws IOException {
    NamedTensors tensors = read(file).tensors();
    assertThat(tensors.names()).containsExactly("model.wte.weight", "optimizer.state.0.exp_avg");
    assertThat(tensors.get("model.wte.weight").reshape(6).toFloatVector())
        .containsExactly(0, 0.25f, 0.5f, 0.75f, 1, 1.25f);
    assertThat(tensors.get("optimizer.state.0.exp_avg").toFloatVector())
        .containsExactly(0.75f, 1, 1.25f);
    assertThat(tensors.metadata())
        .containsEntry("model_args.n_layer", "6")
        .containsEntry("model_args.bias", "false")
        .containsEntry("model_args.name", "tiny")
        .containsEntry("optimizer.state.0.step", "7")
        .containsEntry("optimizer.param_groups.0.betas.1", "0.95")
        .containsEntry("tags.0", "only")
        .containsEntry("big", "1267650600228229401496703205376")
        .containsEntry("iter_num", "2000")
        .doesNotContainKey("model_args.none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"torch-module.pt", "torch-module-legacy.pth"})
  void a_pickled_module_gives_the_names_of_its_state_dict(String file) throws IOException {
    TorchContents contents = read(file);
    assertThat(contents.tensors().names()).containsExactly("0.weight", "ln_f.weight");
    assertThat(contents.tensors().get("0.weight").reshape(6).toFloatVector())
        .containsExactly(-3, -2, -1, 0, 1, 2);
    assertThat(contents.tensors().get("ln_f.weight").toFloatVector()).containsExactly(3, 4);
    assertThat(contents.tensors().metadata()).containsEntry("depth", "2");
    assertThat(contents.skippedClasses())
        .containsExactly("my_project.nets.Linear", "my_project.nets.Net", "my_project.nets.Norm");
  }

  @Test
  void an_untyped_storage_takes_the_type_of_its_tensor() throws IOException {
    assertThat(read("torch-untyped.pt").tensors().get("u2").toIntVector())
        .containsExactly(65535, 3);
  }

  private static TorchContents read(String file) throws IOException {
    return TorchCheckpoint.read(TensorFixtures.file(file), file, TorchLimits.defaults());
  }
}
