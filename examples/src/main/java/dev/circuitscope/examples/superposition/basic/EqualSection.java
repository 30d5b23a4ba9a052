package dev.circuitscope.examples.superposition.basic;

import dev.circuitscope.core.plot.FeaturePolygon;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.report.Table;
import dev.circuitscope.examples.superposition.ToyNumbers;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Features of one importance, where no order says which ones to keep. */
final class EqualSection {

  private EqualSection() {}

  static Section of(BasicResult result) {
    ToyRun dense = result.equalDense();
    ToyRun sparse = result.equalSparse();
    Map<String, ToyRun> models = models(result);
    FeaturePolygon polygon = new FeaturePolygon("Five features in two dimensions");
    models.forEach((title, run) -> polygon.panel(title, ToyNumbers.matrix(run.model().weights())));
    return new Section(
        "Features of one importance",
        List.of(
            new Prose(
                String.format(
                    Locale.ROOT,
                    "With dense features of one importance, keeping any two of the five costs the "
                        + "same, %.6f on average, as does projecting onto any other plane if the "
                        + "outputs do not reach the ReLU. So nothing makes the model choose two "
                        + "features; a plane between them that puts some outputs below 0 is cheaper "
                        + "still. The best of %d trained models has an exact loss of %.6f. Of features "
                        + "whose importance falls as %s^i, the best model keeps %d.",
                    result.dedicatedLoss(),
                    result.equal().config().restarts(),
                    result.equalDenseLoss(),
                    result.recipe().falling().importanceRatio(),
                    result.falling().best(0).geometry().featuresKept())),
            new ReportFigure(
                "basic-equal",
                polygon.figure(),
                "Directions of five features, equally important but for the middle panel.",
                "‖W‖² is %s at p = %s and %s at p = %s."
                    .formatted(
                        Numbers.two(dense.geometry().squaredNorm()),
                        ToyNumbers.p(dense.featureProbability()),
                        Numbers.two(sparse.geometry().squaredNorm()),
                        ToyNumbers.p(sparse.featureProbability()))),
            table(models)));
  }

  private static Map<String, ToyRun> models(BasicResult result) {
    Map<String, ToyRun> models = new LinkedHashMap<>();
    models.put(ToyNumbers.title(result.equalDense()), result.equalDense());
    ToyRun falling = result.falling().best(0);
    models.put(
        "%s, I = %s^i"
            .formatted(ToyNumbers.title(falling), result.recipe().falling().importanceRatio()),
        falling);
    models.put(ToyNumbers.title(result.equalSparse()), result.equalSparse());
    return models;
  }

  private static Table table(Map<String, ToyRun> models) {
    List<String> header = new ArrayList<>(List.of("Feature"));
    models.keySet().forEach(at -> header.addAll(List.of("‖Wᵢ‖, " + at, "bᵢ, " + at, "Dᵢ, " + at)));
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < models.values().iterator().next().model().features(); i++) {
      List<String> row = new ArrayList<>(List.of(String.valueOf(i)));
      for (ToyRun run : models.values()) {
        row.add(Numbers.three(run.geometry().norms()[i]));
        row.add(Numbers.three(run.model().bias()[i]));
        row.add(Numbers.three(run.geometry().dimensionality()[i]));
      }
      rows.add(row);
    }
    return new Table("Five features in two dimensions", header, rows);
  }
}
