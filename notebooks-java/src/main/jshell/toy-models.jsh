// Toy models of superposition: train them, look at their geometry, compare with theory, sweep.
// Each step is a figure of the paper "Toy Models of Superposition". The build executes this script.
// Run it with: jshell --class-path "examples/target/*:examples/target/lib/*" \
//   -R--add-modules=jdk.incubator.vector notebooks-java/src/main/jshell/toy-models.jsh

import dev.circuitscope.core.plot.*
import dev.circuitscope.core.sweep.*
import dev.circuitscope.toymodels.computation.*
import dev.circuitscope.toymodels.geometry.*
import dev.circuitscope.toymodels.superposition.*
import dev.circuitscope.toymodels.theory.*
import java.nio.file.*

// Five features in two dimensions, from dense to sparse, the best of four restarts at each p.
var config = ToyConfig.builder(5, 2).geometricImportance(0.9).featureProbabilities(ToyConfig.logSpaced(1, 0.05, 5)).restarts(4).steps(6000).build()
var results = ToyTrainer.of(config).train()
System.out.println(results)

Files.createDirectories(Path.of("target/jshell"))
var polygons = new FeaturePolygon("Five features in two dimensions").columns(5)
results.best().forEach(run -> polygons.panel(String.format("p = %.2f", run.featureProbability()), run.model().W()))
polygons.figure().save(Path.of("target/jshell/polygons.png"))

// Which figure the sparse ones form, and how much of a dimension each has.
var pentagon = results.best(4)
System.out.println(InterferenceGraph.of(pentagon.geometry()))
System.out.println(DimensionalityClusters.of(pentagon.geometry()))

// The loss on random samples, and the one that is integrated exactly.
var exact = SparsityExpansion.exact(AnalyticModel.of(pentagon.model(), config.importance()))
System.out.printf("sampled %.6f, integrated %.6f%n", pentagon.model().sampledLoss(config.importance(), 0.05, 4_000_000, 1L), exact.mean(0.05))

// What becomes of the last of two features in one dimension: theory, without any training ...
var ps = ToyConfig.logSpaced(1, 0.01, 10)
var importances = ToyConfig.logSpaced(0.1, 10, 10)
System.out.println(TheoreticalPhases.of(2, ps, importances))

// ... and a sweep of trainings; with .file(...) it would survive being killed.
var p = Axis.of("p", 1.0, 0.1, 0.01)
var importance = Axis.of("importance", 0.3, 1.0, 3.0)
var sweep = Sweep.of("last feature", Grid.product(p, importance), LastFeature.class, cell -> LastFeature.of(ToyTrainer.of(ToyConfig.builder(2, 1).importance(1f, cell.get(importance).floatValue()).featureProbability(cell.get(p)).restarts(3).steps(3000).learningRate(5e-3).seed(cell.seed(1L)).build()).train().best(0).geometry())).run()
System.out.println(sweep)

// Features that never come together lie opposite each other.
var pairs = ToyTrainer.of(ToyConfig.builder(4, 2).distribution(new AnticorrelatedSets(2)).featureProbability(0.05).restarts(4).steps(4000).build()).train()
System.out.printf("cosine of an anticorrelated pair %.3f%n", pairs.best(0).geometry().cosine(0, 1))

// Six neurons compute the absolute values of three features: one for each sign of each.
var absolute = ToyTrainer.of(ToyConfig.builder(3, 6).architecture(ToyArchitecture.ABSOLUTE_VALUE).featureProbability(0.3).restarts(5).steps(6000).build()).train()
System.out.println(AbsoluteValueNeurons.of(absolute.best(0).model()))
