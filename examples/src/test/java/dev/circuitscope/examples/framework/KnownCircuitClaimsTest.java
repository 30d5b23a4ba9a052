package dev.circuitscope.examples.framework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.known.KnownCircuits;
import dev.circuitscope.circuits.known.KnownSettings;
import dev.circuitscope.circuits.known.Role;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.text.CompactTokenizer;
import dev.circuitscope.core.text.Corpus;
import dev.circuitscope.core.text.Gpt2Tokenizer;
import dev.circuitscope.core.text.TokenizedCorpus;
import dev.circuitscope.core.train.Schedule;
import dev.circuitscope.core.train.Trainer;
import dev.circuitscope.core.train.TrainingProvenance;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.report.HtmlReport;
import dev.circuitscope.examples.report.Pages;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.report.Table;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.Recipe;
import dev.circuitscope.examples.training.ShownTraining;
import dev.circuitscope.examples.training.TextData;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("Claims and sections of the framework reproduction")
class KnownCircuitClaimsTest {

  private static final Head PREVIOUS = new Head(0, 1);
  private static final Head INDUCTION = new Head(1, 2);
  private static final int HEADS = 3;

  private static final Corpus CORPUS =
      Corpus.ofTexts(
          "fables",
          "A fox saw a crow with a piece of cheese in her beak. ".repeat(8),
          "The crow saw a fox under the tree, and held on to the cheese; he sang. ".repeat(8));
  private static final CompactTokenizer TOKENIZER =
      CompactTokenizer.of(Gpt2Tokenizer.get(), CORPUS, 60);
  private static final TokenizedCorpus TEXT = TokenizedCorpus.of(CORPUS, TOKENIZER);
  private static final TextData DATA = new TextData(CORPUS.provenance(), TOKENIZER, TEXT, TEXT);
  private static final FrameworkRecipe RECIPE = FrameworkRecipe.quick();
  private static final int CONTEXT = RECIPE.shape().context();

  private static final FrameworkResult BUILT = result(built());
  private static final FrameworkResult UNTRAINED = result(untrained(2));

  private static Transformer built() {
    return KnownCircuits.induction(
            KnownSettings.of(TOKENIZER.vocabSize(), CONTEXT)
                .start(TOKENIZER.bosToken().orElseThrow())
                .heads(HEADS)
                .place(Role.PREVIOUS_TOKEN, PREVIOUS.layer(), PREVIOUS.head())
                .place(Role.INDUCTION, INDUCTION.layer(), INDUCTION.head())
                .noise(0.01, 5L))
        .model();
  }

  private static Transformer untrained(int layers) {
    return Transformer.create(
        TransformerConfig.attentionOnly(layers)
            .heads(HEADS)
            .dModel(12)
            .vocab(TOKENIZER.vocabSize())
            .context(CONTEXT)
            .build(),
        3L);
  }

  private static FrameworkResult result(Transformer twoLayers) {
    Framework framework = new Framework(RECIPE, 9L);
    return framework.measure(
        DATA,
        List.of(
            trained("0 layers", untrained(0)),
            trained("1 layer", untrained(1)),
            trained("2 layers", twoLayers)),
        Progress.silent());
  }

  private static TrainedModel trained(String name, Transformer model) {
    Recipe.Training training = RECIPE.oneLayer();
    TrainingProvenance provenance =
        Trainer.of(
                untrained(1),
                DATA.plain(2, CONTEXT, 1L),
                ShownTraining.config(training, 1, Schedule.constant(), 1L))
            .train()
            .provenance();
    return new TrainedModel(name, model, "a text", provenance, List.of(), 1.5, 2);
  }

  private static Map<String, Claim> claims(FrameworkResult result) {
    return FrameworkClaims.of(result).stream()
        .collect(Collectors.toMap(Claim::id, Function.identity()));
  }

  @Nested
  class OfInductionHeadsWrittenByHand {

    private final Map<String, Claim> claims = claims(BUILT);

    @Test
    void nameTheHeads() {
      assertThat(BUILT.induction().induction()).isEqualTo(INDUCTION);
      assertThat(BUILT.induction().previous()).isEqualTo(PREVIOUS);
      assertThat(BUILT.induction().inductionHeads(0.4)).containsExactly(INDUCTION);
      assertThat(claims.get("framework.induction-head").measured()).isCloseTo(1, within(1e-3));
      assertThat(claims.get("framework.previous-token-head").measured()).isCloseTo(1, within(0.1));
    }

    @Test
    void hold() {
      assertThat(
              List.of(
                  claims.get("framework.induction-head"),
                  claims.get("framework.previous-token-head"),
                  claims.get("framework.k-composition"),
                  claims.get("framework.score-term"),
                  claims.get("framework.score-share"),
                  claims.get("framework.induction-ov"),
                  claims.get("framework.induction-qk")))
          .allMatch(Claim::holds);
    }

    @Test
    void findAllOfTheScoresInTheCompositionWithThePreviousTokenHead() {
      assertThat(ScoreShares.of(BUILT.induction().terms()).keyComposition(PREVIOUS))
          .isCloseTo(1, within(0.05));
      assertThat(BUILT.composition().keys().best().toString()).isEqualTo("L0H1 -> L1H2");
    }

    @Test
    void findBothCircuitsPositive() {
      assertThat(BUILT.composition().matching(INDUCTION)).isCloseTo(1, within(0.05));
      assertThat(BUILT.composition().eigenvalues().copying(INDUCTION)).isCloseTo(1, within(0.05));
    }
  }

  @Nested
  class OfAnUntrainedModel {

    private final Map<String, Claim> claims = claims(UNTRAINED);

    @Test
    void doNotHoldWhereTheyAreAboutHeads() {
      assertThat(claims.get("framework.induction-head").holds()).isFalse();
      assertThat(claims.get("framework.previous-token-head").holds()).isFalse();
      assertThat(claims.get("framework.k-composition").measured()).isNaN();
      assertThat(claims.get("framework.bigrams").holds()).isFalse();
    }

    @Test
    void haveIdsOfTheirOwnAndTheSeed() {
      assertThat(claims)
          .hasSize(13)
          .allSatisfy((id, claim) -> assertThat(id).startsWith("framework."));
      assertThat(claims.values()).allMatch(claim -> claim.seed() == 9);
    }
  }

  @Nested
  class TheReport {

    private final List<Section> sections = new Framework(RECIPE, 9L).sections(BUILT);

    @Test
    void isAWellFormedPageWithEveryFinding() {
      List<String> findings = FrameworkFindings.of(BUILT);
      String html = new HtmlReport("T", "L", findings, sections).toHtml();
      String text = Pages.parse(html).getDocumentElement().getTextContent();
      assertThat(text).contains(findings).contains("L0H1 -> L1H2");
    }

    @Test
    void addsUpTheTermsOfEveryOrder() {
      Table importance =
          sections.stream()
              .flatMap(section -> section.blocks().stream())
              .filter(Table.class::isInstance)
              .map(Table.class::cast)
              .filter(table -> table.caption().contains("like those it was trained on"))
              .findFirst()
              .orElseThrow();
      assertThat(importance.rows().stream().map(row -> row.get(0)))
          .containsExactly(
              "nothing (uniform)",
              "direct path",
              "single heads",
              "— first those of layer 0",
              "— then those of layer 1",
              "virtual heads");
      assertThat(importance.rows().stream().map(row -> row.get(1)))
          .containsExactly("", "1", "6", "3", "3", "9");
    }

    @Test
    void namesEveryFigureOnce() {
      List<String> names =
          sections.stream()
              .flatMap(section -> section.figures().stream())
              .map(figure -> figure.name())
              .toList();
      assertThat(names)
          .hasSize(12)
          .doesNotHaveDuplicates()
          .allMatch(n -> n.startsWith("framework-"));
      assertThat(sections.stream().map(Section::blocks)).allMatch(blocks -> blocks.size() > 1);
    }
  }
}
