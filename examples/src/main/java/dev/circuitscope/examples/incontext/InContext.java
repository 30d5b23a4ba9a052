package dev.circuitscope.examples.incontext;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.learning.pertoken.LossPca;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.Reproduction;
import dev.circuitscope.examples.training.ModelFiles;
import dev.circuitscope.examples.training.PlainTextPlan;
import dev.circuitscope.examples.training.TextData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** When induction heads form, and what they do for in-context learning. */
public final class InContext implements Reproduction<InContextResult> {

  private static final int COMPONENTS = 2;

  private final InContextRecipe recipe;
  private final long seed;
  private final Optional<PlainTextPlan> plainText;

  /**
   * The experiment.
   *
   * @param recipe of data, models and measures
   * @param seed of weights and batches
   * @param plainText how long to train on plain text alone as well, a limit of time shared among
   *     the models and one of tokens for each; empty for not at all
   */
  public InContext(InContextRecipe recipe, long seed, Optional<PlainTextPlan> plainText) {
    this.recipe = recipe;
    this.seed = seed;
    this.plainText = plainText;
  }

  @Override
  public String name() {
    return "incontext";
  }

  @Override
  public InContextResult run(Progress progress) throws IOException {
    progress.say("Reading and tokenizing text");
    TextData data = TextData.load(recipe.data());
    progress.say("Training on " + data.train());
    ModelTrainings trainings = new ModelTrainings(recipe, data, seed, progress);
    CourseMeasures measures = CourseMeasures.of(recipe, data);
    List<ModelCourse> courses = new ArrayList<>();
    List<AblationStudy> ablations = new ArrayList<>();
    for (ModelKind kind : ModelKind.values()) {
      // snapshots of one training at a time are in memory
      KeptTraining kept = trainings.mixed(kind);
      ModelCourse course = measured(kept, measures, progress);
      courses.add(course);
      ablation(kept, course, measures, progress).ifPresent(ablations::add);
    }
    progress.say("Analysing per-token losses");
    LossPca pca = LossPca.of(courses.stream().map(ModelCourse::losses).toList(), COMPONENTS);
    List<ModelCourse> plain = new ArrayList<>();
    if (plainText.isPresent()) {
      PlainTextPlan share = plainText.get().sharedBy(ModelKind.values().length);
      for (ModelKind kind : ModelKind.values()) {
        plain.add(measured(trainings.plain(kind, share), measures, progress));
      }
    }
    return new InContextResult(
        recipe, seed, data.corpus(), data.tokenizer(), courses, pca, ablations, plain);
  }

  private static ModelCourse measured(
      KeptTraining kept, CourseMeasures measures, Progress progress) {
    String task = kept.kind().label() + ": measuring";
    try (Progress.Bar bar = progress.start(task, kept.snapshots().moments().size(), "snapshots")) {
      return ModelCourse.of(kept, measures, (done, all, at) -> bar.update(done, ""));
    }
  }

  /** Of models of more than one layer without smeared keys, as in the paper. */
  private Optional<AblationStudy> ablation(
      KeptTraining kept, ModelCourse course, CourseMeasures measures, Progress progress) {
    if (kept.kind().layers() < 2 || kept.kind().smeared()) {
      return Optional.empty();
    }
    return course
        .change(recipe.readings())
        .map(
            change -> {
              progress.say(kept.kind().label() + ": ablating every head");
              return AblationStudy.of(kept, course, change, measures);
            });
  }

  @Override
  public List<String> findings(InContextResult result) {
    return InContextFindings.of(result);
  }

  @Override
  public List<Section> sections(InContextResult result) {
    List<Section> sections = new ArrayList<>();
    sections.add(ChangeSection.of(result));
    sections.add(HeadsSection.of(result));
    sections.add(PerTokenSection.of(result));
    sections.add(AblationSection.of(result));
    sections.add(TokenIndexSection.of(result));
    if (!result.plainText().isEmpty()) {
      sections.add(PlainTextSection.of(result));
    }
    return List.copyOf(sections);
  }

  @Override
  public List<Claim> claims(InContextResult result) {
    return InContextClaims.of(result);
  }

  @Override
  public List<List<String>> recipe(InContextResult result) {
    return InContextRows.of(result);
  }

  @Override
  public JsonObject json(InContextResult result) {
    JsonObject json = new JsonObject();
    json.addProperty("corpus", result.corpus().name());
    json.addProperty("corpus_sha256", result.corpus().sha256());
    json.add("models", courses(result.courses()));
    json.add("per_token_components", result.pca().toJson());
    JsonArray ablations = new JsonArray();
    result.ablations().forEach(study -> ablations.add(study.toJson()));
    json.add("ablations", ablations);
    if (!result.plainText().isEmpty()) {
      json.add("plain_text", courses(result.plainText()));
    }
    return json;
  }

  private static JsonArray courses(List<ModelCourse> courses) {
    JsonArray array = new JsonArray();
    courses.forEach(course -> array.add(course.toJson()));
    return array;
  }

  @Override
  public void saveModels(InContextResult result, Path directory) throws IOException {
    for (ModelCourse course : result.courses()) {
      save(result, course, directory.resolve(course.kind().directory()));
    }
    for (ModelCourse course : result.plainText()) {
      save(result, course, directory.resolve(course.kind().directory() + "-plain-text"));
    }
  }

  private static void save(InContextResult result, ModelCourse course, Path directory)
      throws IOException {
    ModelFiles.save(course.model(), result.tokenizer(), directory);
  }
}
