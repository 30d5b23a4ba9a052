package dev.circuitscope.examples.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.core.generate.Generation;
import dev.circuitscope.core.generate.GenerationOptions;
import dev.circuitscope.core.generate.Generator;
import dev.circuitscope.core.generate.Sampling;
import dev.circuitscope.core.model.AttentionDirection;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.text.ByteTokenizer;
import dev.circuitscope.core.text.Tokenizers;
import dev.circuitscope.examples.cli.Circuitscope;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@DisplayName("circuitscope generate")
class GenerateCommandTest {

  private record Ran(int code, String out, String err) {
    static Ran with(Path model, String... options) {
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();
      CommandLine line = Circuitscope.commandLine();
      line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
      String[] words =
          Stream.concat(Stream.of("generate", model.toString()), Stream.of(options))
              .toArray(String[]::new);
      return new Ran(line.execute(words), out.toString(), err.toString());
    }
  }

  @TempDir private Path root;

  private final Transformer model =
      Transformer.create(
          TransformerConfig.attentionOnly(1).heads(2).dModel(8).vocab(257).context(12).build(), 3L);

  private Path withTokenizer;
  private Path withoutTokenizer;

  @BeforeEach
  void saveModels() throws IOException {
    withTokenizer = root.resolve("with");
    model.save(withTokenizer);
    Tokenizers.save(withTokenizer.resolve("tokenizer.json"), new ByteTokenizer());
    withoutTokenizer = root.resolve("without");
    model.save(withoutTokenizer);
  }

  @Test
  void printsThePromptAndWhatFollows() {
    Ran ran = Ran.with(withTokenizer, "--prompt", "Hi", "--max-new", "5", "--seed", "4");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
    Generation expected =
        Generator.of(model, new ByteTokenizer())
            .generate("Hi", GenerationOptions.of(5).withSampling(Sampling.random(4)));
    assertThat(ran.out()).isEqualTo("Hi" + expected.text().orElseThrow() + "\n");
  }

  @Test
  void printsTokensOfAModelWithoutTokenizer() {
    Ran ran = Ran.with(withoutTokenizer, "--tokens", "5,6", "--max-new", "3", "--greedy");
    assertThat(ran.err()).isEmpty();
    Generation expected = Generator.of(model).generate(new int[] {5, 6}, GenerationOptions.of(3));
    assertThat(ran.out())
        .isEqualTo(
            "5 6 "
                + expected.newTokens().stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(" "))
                + "\n");
  }

  @Test
  void printsSeveralSamplesAndStatistics() {
    Ran ran =
        Ran.with(
            withoutTokenizer,
            "--tokens",
            "5",
            "--samples",
            "2",
            "--top-k",
            "9",
            "--top-p",
            "0.9",
            "--temperature",
            "0.5",
            "--max-new",
            "90",
            "--stats");
    assertThat(ran.code()).isZero();
    assertThat(ran.out().lines().toList()).hasSize(4).contains("== 1 of 2", "== 2 of 2");
    assertThat(ran.out().lines().toList().get(1)).isNotEqualTo(ran.out().lines().toList().get(3));
    assertThat(ran.err())
        .hasLineCount(2)
        .contains("11 tokens after 1, temperature 0.5, top-k 9, top-p 0.9, seed 1: ")
        .contains("stopped by the model's context is full");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--max-new 3 | give either --prompt or --tokens",
        "--prompt a --tokens 1 | give either --prompt or --tokens",
        "--prompt a | the model has no tokenizer",
        "--tokens 1,300 | token 300 is outside the vocabulary, ids 0 to 256",
        "--tokens 1 --top-k 0 | top-k must be at least 1, was 0",
        "--tokens 1 --top-p 2 | top-p must be from 0 to 1, was 2.0",
        "--tokens 1 --temperature -1 | the temperature must be a number from 0",
        "--tokens 1 --greedy --top-k 3 | --greedy does not go with",
        "--tokens 1 --samples 0 | --samples must be at least 1, was 0",
        "--tokens 1 --max-new -1 | must be at least 0, was -1",
        "--tokens 1,1,1,1,1,1,1,1,1,1,1,1,1 | a prompt of 13 tokens exceeds the model's context",
        "--tokens 1,x | Invalid value",
      })
  void answersBadInputWithOneLineAndTwo(String options, String message) {
    Ran ran = Ran.with(withoutTokenizer, options.trim().split(" "));
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains(message.trim()).hasLineCount(1);
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void refusesModelsThatCannotWrite() throws IOException {
    TransformerConfig both =
        model.config().toBuilder().direction(AttentionDirection.BIDIRECTIONAL).build();
    Transformer.create(both, 1L).save(root.resolve("both"));
    Ran ran = Ran.with(root.resolve("both"), "--tokens", "1");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("does not write from left to right").hasLineCount(1);
    assertThat(Ran.with(root.resolve("nothing"), "--tokens", "1").code()).isEqualTo(2);
  }
}
