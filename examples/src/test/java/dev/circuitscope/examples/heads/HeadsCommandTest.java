package dev.circuitscope.examples.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.algebra.Circuits;
import dev.circuitscope.circuits.heads.CopyingScores;
import dev.circuitscope.circuits.heads.EigenvalueScores;
import dev.circuitscope.circuits.heads.HeadScores;
import dev.circuitscope.circuits.heads.InductionScores;
import dev.circuitscope.circuits.heads.PrefixMatchingScores;
import dev.circuitscope.circuits.sampling.RepeatSampling;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.format.ModelExport;
import dev.circuitscope.core.format.ModelFormat;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.model.Activation;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Rotary;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.TransformerConfigBuilder;
import dev.circuitscope.examples.cli.Circuitscope;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadsCommandTest {

  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int heads(Object... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "heads";
    for (int i = 0; i < arguments.length; i++) {
      all[i + 1] = String.valueOf(arguments[i]);
    }
    return Circuitscope.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all);
  }

  private static TransformerConfigBuilder small() {
    return TransformerConfig.attentionOnly(2).heads(3).dModel(12).dHead(5).vocab(40).context(60);
  }

  private Path saved(TransformerConfigBuilder config) throws IOException {
    Path path = directory.resolve("model");
    Transformer.create(config.build(), 3L).save(path);
    return path;
  }

  private JsonObject json() throws IOException {
    return Json.parse(out.toString(), "output").getAsJsonObject();
  }

  private void requireOneClearLine(String... parts) {
    assertThat(err.toString().strip()).hasLineCount(1).contains(parts);
    assertThat(out.toString()).isEmpty();
  }

  @Nested
  class OfAModelWithRoom {

    @Test
    void printsTheBestHeadsOfEveryScoreAndThenAllHeads() throws IOException {
      assertThat(heads(saved(small()))).as(err.toString()).isZero();
      assertThat(out.toString())
          .containsPattern("(?m)^induction +L\\dH\\d 0\\.\\d{3} ")
          .containsPattern("(?m)^OV copying +L\\dH\\d ")
          .containsPattern(
              "(?m)^head  previous token  duplicate token  induction  prefix matching  copying"
                  + "  OV copying$")
          .containsPattern("(?m)^L1H2 ( +-?\\d\\.\\d{3}){6}$")
          .contains("seed 1")
          .doesNotContain("not measured", "NaN");
      assertThat(err.toString()).isEmpty();
    }

    @Test
    void bestHeadsAreThoseOfTheHighestScores() throws IOException {
      Path path = saved(small());
      heads(path);
      HeadScores ov = ovCopying(Transformer.load(path));
      assertThat(out.toString())
          .containsPattern("(?m)^OV copying +%s %.3f ".formatted(ov.best(), ov.score(ov.best())));
    }

    @Test
    void scoresAreTheLibrarysWithTheGivenSeed() throws IOException {
      Path path = saved(small());
      assertThat(heads(path, "--seed", 9, "--json", "-")).isZero();
      Transformer model = Transformer.load(path);
      assertScores("induction", InductionScores.of(model, 9L));
      assertScores("prefix_matching", PrefixMatchingScores.of(model, 9L));
      assertScores("copying", CopyingScores.of(model, 9L).score());
      assertScores("OV_copying", ovCopying(model));
    }

    @Test
    void aStartTokenStandsBeforeEverySequenceOfRepeats() throws IOException {
      Path path = saved(small());
      assertThat(heads(path, "--start-token", 7, "--json", "-")).isZero();
      Transformer model = Transformer.load(path);
      RepeatSampling sampling = RepeatSampling.startingWith(7, model.config(), 1L);
      assertScores("induction", InductionScores.of(model, sampling, RunSettings.plain()));
      assertThat(json().get("start_token").getAsInt()).isEqualTo(7);
      assertThat(json().toString()).contains("drawn from 39 tokens");
    }

    private static HeadScores ovCopying(Transformer model) {
      return EigenvalueScores.ovCopying(Circuits.of(model), 2, 1L).scores();
    }

    private void assertScores(String name, HeadScores expected) throws IOException {
      var values = json().getAsJsonObject("scores").getAsJsonObject(name).getAsJsonArray("values");
      for (int layer = 0; layer < 2; layer++) {
        for (int head = 0; head < 3; head++) {
          assertThat(values.get(layer).getAsJsonArray().get(head).getAsDouble())
              .as("%s L%dH%d", name, layer, head)
              .isCloseTo(expected.score(layer, head), within(1e-12));
        }
      }
    }

    @Test
    void filesAreWrittenBesideTheTables() throws IOException {
      Path json = directory.resolve("scores.json");
      Path png = directory.resolve("heads.png");
      assertThat(heads(saved(small()), "--json", json, "--png", png)).isZero();
      assertThat(out.toString()).contains("All heads");
      assertThat(Json.read(json).object("scores").has("induction")).isTrue();
      assertThat(ImageIO.read(png.toFile()).getWidth()).isGreaterThan(400);
    }

    @Test
    void pictureHasAPanelForEveryScoreWithItsChance() throws IOException {
      Path svg = directory.resolve("heads.svg");
      assertThat(heads(saved(small()), "--png", svg)).isZero();
      assertThat(Files.readString(svg))
          .contains("previous token (chance", "duplicate token (chance", "induction (chance")
          .contains("prefix matching (chance", ">copying (chance", "OV copying (chance")
          .contains("Heads of model");
    }
  }

  @Nested
  class OfAnyModel {

    @Test
    void mayBeInAnotherFormat() throws IOException {
      TransformerConfig llama =
          TransformerConfig.withMlps(2)
              .heads(4)
              .keyValueHeads(2)
              .dModel(16)
              .dHead(4)
              .dMlp(24)
              .gatedMlp(true)
              .activation(Activation.SILU)
              .normalization(Normalization.RMS)
              .rotary(Rotary.of(4))
              .vocab(50)
              .context(40)
              .build();
      Path path = directory.resolve("llama");
      ModelExport.save(Transformer.create(llama, 1L), path, ModelFormat.HUGGINGFACE_LLAMA);
      assertThat(heads(path, "--json", "-")).as(err.toString()).isZero();
      assertThat(json().get("format").getAsString())
          .isEqualTo(ModelFormat.HUGGINGFACE_LLAMA.label());
      assertThat(json().getAsJsonObject("scores").keySet()).hasSize(6);
    }

    @ParameterizedTest
    @CsvSource({
      "1, 9, OV copying",
      "2, 9, previous token|copying|OV copying",
      "3, 9, previous token|copying|OV copying",
      "4, 9, previous token|duplicate token|induction|prefix matching|copying|OV copying",
      "5, 2, previous token|duplicate token|induction|prefix matching|copying|OV copying",
      "8, 9, previous token|duplicate token|induction|prefix matching|copying|OV copying",
      "9, 1, previous token|OV copying",
    })
    void mayBeTooSmallForSomeScoresAndSaysWhich(int context, int vocab, String measured)
        throws IOException {
      Path path = saved(small().context(context).vocab(vocab));
      assertThat(heads(path, "--json", "-", "--png", directory.resolve("x.png")))
          .as(err.toString())
          .isZero();
      String[] keys = measured.replace(' ', '_').split("\\|");
      assertThat(json().getAsJsonObject("scores").keySet()).containsExactly(keys);
      assertThat(json().getAsJsonObject("not_measured").keySet())
          .hasSize(6 - keys.length)
          .doesNotContain(keys);
      out.getBuffer().setLength(0);
      assertThat(heads(path)).isZero();
      long missing = out.toString().lines().filter(l -> l.startsWith("not measured: ")).count();
      assertThat(missing).isEqualTo(6 - keys.length);
    }

    @Test
    void mayPredictOtherTokensThanItReads() throws IOException {
      assertThat(heads(saved(small().vocabOut(7)))).isZero();
      assertThat(out.toString())
          .contains("not measured: copying", "not measured: OV copying", "predicts 7")
          .containsPattern("(?m)^induction ");
    }
  }

  @Nested
  class CannotUse {

    @Test
    void aModelThatIsNotThere() {
      assertThat(heads(directory.resolve("none"))).isEqualTo(2);
      requireOneClearLine("heads: ", "none", "no such file");
    }

    @Test
    void aDirectoryWithoutAModel() throws IOException {
      assertThat(heads(Files.createDirectory(directory.resolve("empty")))).isEqualTo(2);
      requireOneClearLine("heads: ", "empty", "not a model");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 2000})
    void aModelThatIsTruncated(int length) throws IOException {
      Path path = saved(small());
      Path tensors = path.resolve("model.safetensors");
      Files.write(tensors, Arrays.copyOf(Files.readAllBytes(tensors), length));
      assertThat(heads(path)).isEqualTo(2);
      requireOneClearLine("heads: ", "model");
    }

    @Test
    void aModelWithoutHeads() throws IOException {
      Path path = directory.resolve("zero");
      Transformer.create(
              TransformerConfig.attentionOnly(0).dModel(8).vocab(5).context(9).build(), 1L)
          .save(path);
      assertThat(heads(path)).isEqualTo(2);
      requireOneClearLine("0 layers");
    }

    @Test
    void aStartTokenOutsideTheVocabulary() throws IOException {
      assertThat(heads(saved(small()), "--start-token", 40)).isEqualTo(2);
      requireOneClearLine("start token 40", "vocabulary of 40");
    }

    @Test
    void aPictureOfNoKnownKindAndLeavesNothingBehind() throws IOException {
      Path picture = directory.resolve("heads.gif");
      assertThat(heads(saved(small()), "--png", picture)).isEqualTo(2);
      requireOneClearLine("heads.gif", ".png or .svg");
      assertThat(picture).doesNotExist();
    }

    @Test
    void optionsThatAreNotNumbersOrMissing() throws IOException {
      assertThat(heads(saved(small()), "--seed", "x")).isEqualTo(2);
      requireOneClearLine("--seed");
      err.getBuffer().setLength(0);
      assertThat(heads()).isEqualTo(2);
      requireOneClearLine("MODEL");
    }
  }
}
