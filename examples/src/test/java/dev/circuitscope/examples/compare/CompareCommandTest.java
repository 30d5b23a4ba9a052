package dev.circuitscope.examples.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.io.Safetensors;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine;

class CompareCommandTest {

  private static final String LN = "attn-only-1l-ln";

  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int compare(Object... arguments) {
    return new CommandLine(new CompareCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new));
  }

  private Path golden(String name) throws IOException {
    Path copy = directory.resolve(name + ".safetensors");
    try (InputStream in = getClass().getResourceAsStream("/golden/" + name + ".safetensors")) {
      Files.copy(in, copy);
    }
    return copy;
  }

  /** A golden file with one tensor changed, or removed if the change gives null. */
  private Path changed(String tensor, UnaryOperator<INDArray> change) throws IOException {
    Path file = golden(LN);
    NamedTensors read = Safetensors.read(file);
    Map<String, INDArray> tensors = new LinkedHashMap<>(read.asMap());
    INDArray value = change.apply(tensors.get(tensor));
    if (value == null) {
      tensors.remove(tensor);
    } else {
      tensors.put(tensor, value);
    }
    Safetensors.write(file, NamedTensors.of(tensors, read.metadata()));
    return file;
  }

  private Path withConfig(String config) throws IOException {
    Path file = golden(LN);
    Safetensors.write(file, Safetensors.read(file).withMetadata("config", config));
    return file;
  }

  private void requireOneClearLine(String... parts) {
    assertThat(err.toString().strip()).startsWith("compare: ").hasLineCount(1).contains(parts);
    assertThat(out.toString()).isEmpty();
  }

  @Nested
  class AFileThatTheEngineAgreesWith {

    @ParameterizedTest
    @MethodSource("dev.circuitscope.core.reference.Golden#withLoss")
    void exitsWith0AndPrintsARowPerGroup(String name) throws IOException {
      assertThat(compare(golden(name))).as(out.toString() + err).isZero();
      assertThat(out.toString())
          .contains("weights ", "logits ", "loss ", "loss_per_token ", "act ", "act_grad ")
          .contains("weight_grad ", "within tolerance")
          .contains("detect ", "full_OV.copying_score ", "OV.singular_values ")
          .contains("QK.singular_values ", "OV.eigenvalues_real ", "OV.eigenvalues_imag ")
          .doesNotContain("BEYOND");
      assertThat(err.toString()).isEmpty();
    }

    @Test
    void mayHoldNoLossAndNoGradients() throws IOException {
      assertThat(compare(golden("relu-1l-narrow"))).as(out.toString() + err).isZero();
      assertThat(out.toString())
          .contains("weights ", "logits ", "act ", "within tolerance")
          .doesNotContain("loss_per_token", "act_grad", "BEYOND");
    }

    @Test
    void saysThatGradientsAtLn1AreTheQueriesShare() throws IOException {
      compare(golden("attn-only-3l-lnpre"));
      assertThat(out.toString()).contains("note: 6 gradients at the points of ln1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"attn-only-2l-shortformer", "attn-only-3l-lnpre"})
    void isComparedInWhatItsCircuitsAreMeasuredTo(String name) throws IOException {
      assertThat(compare(golden(name))).isZero();
      assertThat(out.toString())
          .contains("accumulated_resid ", "decompose_resid ", "stack_head_results ")
          .containsPattern("(?m)^composition +3 .* ok ")
          .doesNotContain("not covered");
    }

    @Test
    void isReportedAsJsonOnStandardOutput() throws IOException {
      assertThat(compare(golden(LN), "--json", "-")).isZero();
      var json = Json.parse(out.toString(), "output").getAsJsonObject();
      assertThat(json.get("within").getAsBoolean()).isTrue();
      assertThat(json.getAsJsonArray("groups")).hasSize(16);
      var act = json.getAsJsonArray("groups").get(4).getAsJsonObject();
      assertThat(act.get("group").getAsString()).isEqualTo("act");
      assertThat(act.get("tensors").getAsInt()).isEqualTo(16);
      assertThat(act.get("max_abs_error").getAsDouble()).isBetween(1e-12, 1e-5);
      assertThat(json.getAsJsonArray("not_covered").toString())
          .contains("folded.unembed.W_U")
          .doesNotContain("resid", "detect", "OV.", "copying")
          .doesNotContain("act.");
    }

    @Test
    void isReportedAsJsonInAFileBesideTheTable() throws IOException {
      Path report = directory.resolve("report.json");
      assertThat(compare(golden(LN), "--json", report)).isZero();
      assertThat(out.toString()).contains("within tolerance");
      assertThat(Json.read(report).bool("within")).isTrue();
    }
  }

  @Nested
  class AFileThatTheEngineDoesNotAgreeWith {

    @ParameterizedTest
    @CsvSource({
      "logits, logits",
      "loss, loss",
      "loss_per_token, loss_per_token",
      "act.blocks.0.attn.hook_q, act",
      "act_grad.blocks.0.attn.hook_z, act_grad",
      "act_grad.blocks.0.ln1.hook_normalized, act_grad",
      "weight_grad.unembed.W_U, weight_grad",
      "accumulated_resid, accumulated_resid",
      "decompose_resid, decompose_resid",
      "stack_head_results, stack_head_results",
      "detect.induction_head.mul, detect",
      "detect.previous_token_head.abs, detect",
      "full_OV.copying_score, full_OV.copying_score",
      "OV.singular_values, OV.singular_values",
      "OV.eigenvalues_imag, OV.eigenvalues_imag",
      "QK.singular_values, QK.singular_values"
    })
    void exitsWith1AndNamesTheTensor(String tensor, String group) throws IOException {
      Path file =
          changed(
              tensor,
              array -> {
                INDArray other = array.dup();
                other.ravel();
                other.data().put(other.length() - 1, other.data().getDouble(0) + 0.02);
                return other;
              });
      assertThat(compare(file)).as(out.toString() + err).isEqualTo(1);
      assertThat(out.toString())
          .containsPattern("(?m)^" + group + " .*BEYOND +\\Q" + tensor + "\\E$")
          .contains("BEYOND tolerance");
    }

    @Test
    void isWithinAToleranceThatIsWideEnough() throws IOException {
      Path file = changed("logits", logits -> logits.add(0.004));
      assertThat(compare(file)).isEqualTo(1);
      assertThat(compare(file, "--tolerance", "0.005")).isZero();
      assertThat(compare(file, "--tolerance", "0.003")).isEqualTo(1);
    }

    @Test
    void isBeyondAnyToleranceWhereItHoldsNan() throws IOException {
      Path file =
          changed("act.blocks.0.attn.hook_pattern", pattern -> pattern.dup().assign(Double.NaN));
      assertThat(compare(file, "--tolerance", "1e9", "--json", "-")).isEqualTo(1);
      assertThat(out.toString()).contains("\"Infinity\"");
    }

    @Test
    void isBeyondAnyToleranceWhereItDoesNotMask() throws IOException {
      Path file = changed("act.blocks.0.attn.hook_attn_scores", scores -> scores.mul(0));
      assertThat(compare(file, "--tolerance", "1e9")).isEqualTo(1);
    }

    @Test
    void notesTheChangeOfAWeight() throws IOException {
      Path file = changed("weights.blocks.0.attn.W_V", w -> w.mul(1.01));
      assertThat(compare(file)).isEqualTo(1);
      assertThat(out.toString()).containsPattern("(?m)^weights .*ok").contains("BEYOND");
    }
  }

  @Nested
  class AFileThatCannotBeUsed {

    @Test
    void becauseItIsMissing() {
      assertThat(compare(directory.resolve("none.safetensors"))).isEqualTo(2);
      requireOneClearLine("none.safetensors", "no such file");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 1000, 200_000})
    void becauseItIsTruncated(int length) throws IOException {
      Path file = golden(LN);
      Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));
      assertThat(compare(file)).isEqualTo(2);
      requireOneClearLine("cannot read", file.toString());
    }

    @Test
    void becauseItHoldsNoConfiguration() throws IOException {
      Path file = directory.resolve("plain.safetensors");
      Safetensors.write(file, NamedTensors.of(Map.of("tokens", Nd4j.zeros(DataType.LONG, 1, 2))));
      assertThat(compare(file)).isEqualTo(2);
      requireOneClearLine("config");
    }

    @ParameterizedTest
    @CsvSource({
      "quick_gelu, LN, quick_gelu",
      "relu, BatchNorm, BatchNorm",
    })
    void becauseItsModelIsOfAnotherKind(String activation, String norm, String named)
        throws IOException {
      assertThat(
              compare(
                  withConfig(
                      "{\"n_layers\": 1, \"n_heads\": 4, \"d_model\": 32, \"d_head\": 8,"
                          + " \"d_vocab\": 30, \"n_ctx\": 16, \"d_mlp\": 64, \"act_fn\": \""
                          + activation
                          + "\", \"normalization_type\": \""
                          + norm
                          + "\"}")))
          .isEqualTo(2);
      requireOneClearLine(named);
    }

    @Test
    void becauseItLacksTheWeightsOfAnMlp() throws IOException {
      assertThat(
              compare(
                  withConfig(
                      "{\"n_layers\": 1, \"n_heads\": 4, \"d_model\": 32, \"d_head\": 8,"
                          + " \"d_vocab\": 30, \"n_ctx\": 16, \"d_mlp\": 64,"
                          + " \"act_fn\": \"relu\", \"normalization_type\": \"LN\"}")))
          .isEqualTo(2);
      requireOneClearLine("weights.blocks.0.ln2.w");
    }

    @ParameterizedTest
    @ValueSource(strings = {"weights.blocks.0.attn.W_K", "tokens"})
    void becauseItLacksWhatARunNeeds(String tensor) throws IOException {
      assertThat(compare(changed(tensor, array -> null))).isEqualTo(2);
      requireOneClearLine(tensor);
    }

    @Test
    void becauseATensorHasAnotherShapeThanTheModelComputes() throws IOException {
      assertThat(compare(changed("logits", logits -> logits.reshape(30, 30)))).isEqualTo(2);
      requireOneClearLine("logits", "[30, 30]", "[2, 15, 30]");
      err.getBuffer().setLength(0);
    }

    @Test
    void becauseItsTokensAreNotTheModels() throws IOException {
      assertThat(compare(changed("tokens", tokens -> tokens.add(25)))).isEqualTo(2);
      requireOneClearLine("vocabulary of 30");
    }

    @Test
    void becauseItHoldsNothingToCompare() throws IOException {
      Path file = golden(LN);
      NamedTensors all = Safetensors.read(file);
      Map<String, INDArray> few = new LinkedHashMap<>(all.asMap());
      few.keySet().removeIf(name -> !name.startsWith("weights.") && !name.equals("tokens"));
      Safetensors.write(file, NamedTensors.of(few, all.metadata()));
      assertThat(compare(file)).isEqualTo(2);
      requireOneClearLine("nothing to compare");
    }

    @Test
    void orAnOptionThatCannot() throws IOException {
      for (List<String> options :
          List.of(List.of("--tolerance", "-1"), List.of("--tolerance", "NaN"))) {
        err.getBuffer().setLength(0);
        Path file = directory.resolve(LN + ".safetensors");
        assertThat(compare(Files.exists(file) ? file : golden(LN), options.get(0), options.get(1)))
            .isEqualTo(2);
        requireOneClearLine("tolerance");
      }
      assertThat(compare()).isEqualTo(2);
      assertThat(compare("a", "--tolerance", "small")).isEqualTo(2);
    }
  }
}
