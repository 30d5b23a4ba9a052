package dev.circuitscope.examples.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.circuitscope.core.format.ModelExport;
import dev.circuitscope.core.format.ModelFormat;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Processing;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import dev.circuitscope.core.text.ByteTokenizer;
import dev.circuitscope.core.text.Tokenizers;
import dev.circuitscope.examples.cli.Circuitscope;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@DisplayName("circuitscope info")
class InfoCommandTest {

  private record Ran(int code, String out, String err) {
    static Ran with(Object... arguments) {
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();
      CommandLine line = Circuitscope.commandLine();
      line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
      String[] words = new String[arguments.length + 1];
      words[0] = "info";
      for (int i = 0; i < arguments.length; i++) {
        words[i + 1] = arguments[i].toString();
      }
      return new Ran(line.execute(words), out.toString(), err.toString());
    }
  }

  @TempDir private Path directory;

  private static TransformerConfig gpt2() {
    return TransformerConfig.withMlps(3)
        .heads(2)
        .dModel(4)
        .dMlp(6)
        .vocab(257)
        .context(9)
        .tiedUnembedding(true)
        .build();
  }

  @Test
  void countsTheParametersOfEachComponent() throws IOException {
    ModelExport.save(Transformer.create(gpt2(), 1), directory, ModelFormat.HUGGINGFACE_GPT2);
    Ran ran = Ran.with(directory, "--json");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
    JsonObject json = JsonParser.parseString(ran.out()).getAsJsonObject();
    assertThat(json.get("format").getAsString()).isEqualTo("Hugging Face, GPT-2");
    JsonObject counts = json.getAsJsonObject("parameters_by_component");
    assertThat(counts.get("embed").getAsLong()).isEqualTo(257 * 4);
    assertThat(counts.get("pos_embed").getAsLong()).isEqualTo(9 * 4);
    assertThat(counts.get("attention").getAsLong()).isEqualTo(3 * 4 * (4 * 4 + 4));
    assertThat(counts.get("mlp").getAsLong()).isEqualTo(3 * (2 * 4 * 6 + 6 + 4));
    assertThat(counts.get("normalization").getAsLong()).isEqualTo((3 * 2 + 1) * 2 * 4);
    assertThat(counts.get("unembed").getAsLong()).isEqualTo(257);
    assertThat(json.get("parameters").getAsLong())
        .isEqualTo(counts.asMap().values().stream().mapToLong(count -> count.getAsLong()).sum());
    assertThat(json.getAsJsonObject("shapes").get("blocks.N.attn.W_O").toString())
        .isEqualTo("[2,2,4]");
    assertThat(json.getAsJsonObject("config").get("n_layers").getAsInt()).isEqualTo(3);
  }

  @Test
  void printsWhatWasDoneToTheWeightsAndTheTokenizer() throws IOException {
    TransformerConfig config =
        gpt2().toBuilder().normalization(Normalization.LN_PRE).tiedUnembedding(false).build();
    Transformer.of(config, Weights.initial(config, 1), Set.of(Processing.FOLD_LAYER_NORM))
        .save(directory);
    Tokenizers.save(directory.resolve("tokenizer.json"), new ByteTokenizer());
    Ran ran = Ran.with(directory);
    assertThat(ran.code()).isZero();
    assertThat(ran.out())
        .containsPattern("format +Circuitscope\n")
        .containsPattern("processing +fold_ln\n")
        .containsPattern("tokenizer +bytes \\(257 tokens\\) \\(tokenizer.json\\)\n")
        .containsPattern("  n_layers +3\n")
        .containsPattern("  attention +240\n")
        .containsPattern("  blocks.N.attn.W_Q +\\[2, 4, 2\\]\n");
  }

  @Test
  void takesOptionsForWhatTheFilesDoNotSay() throws IOException {
    Transformer model = Transformer.create(gpt2(), 1);
    ModelExport.save(model, directory, ModelFormat.TRANSFORMER_LENS);
    Files.delete(directory.resolve("config.json"));
    Ran asks = Ran.with(directory);
    assertThat(asks.code()).isEqualTo(2);
    assertThat(asks.err())
        .startsWith("info: cannot read ")
        .contains("positions(STANDARD or SHORTFORMER", "activation(", "eps(")
        .hasLineCount(1);
    Ran ran =
        Ran.with(directory, "--positions", "STANDARD", "--activation", "GELU", "--eps", "1e-5");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).containsPattern("format +TransformerLens\n").contains("inferred");
  }

  @Test
  void answersBadInputWithOneLineAndTwo() throws IOException {
    Ran nothing = Ran.with(directory.resolve("nothing"));
    assertThat(nothing.code()).isEqualTo(2);
    assertThat(nothing.err()).contains("there is no such file or directory").hasLineCount(1);
    Ran empty = Ran.with(directory);
    assertThat(empty.code()).isEqualTo(2);
    assertThat(empty.err()).contains("it has no file of tensors").hasLineCount(1);
    assertThat(empty.out()).isEmpty();
    Ran option = Ran.with(directory, "--rotary-dim", "3");
    assertThat(option.code()).isEqualTo(2);
    assertThat(option.err()).contains("rotary_dim must be even").hasLineCount(1);
    assertThat(Ran.with().code()).isEqualTo(2);
  }
}
