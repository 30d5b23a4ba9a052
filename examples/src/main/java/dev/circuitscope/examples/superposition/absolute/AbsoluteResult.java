package dev.circuitscope.examples.superposition.absolute;

import dev.circuitscope.examples.superposition.ToyNumbers;
import dev.circuitscope.toymodels.computation.AbsoluteValueNeurons;
import dev.circuitscope.toymodels.computation.AsymmetricMotif;
import dev.circuitscope.toymodels.computation.AsymmetricSuperposition;
import dev.circuitscope.toymodels.superposition.ToyResults;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What models that compute absolute values learned.
 *
 * @param recipe what was trained
 * @param seed of weights and data
 * @param pairs with two neurons for each feature
 * @param sweep with fewer, over sparsities
 */
public record AbsoluteResult(AbsoluteRecipe recipe, long seed, ToyResults pairs, ToyResults sweep) {

  /** A neuron of less purity serves several features. */
  static final double MONOSEMANTIC = 0.5;

  /**
   * A motif and the model it is in.
   *
   * @param run of the sweep
   * @param motif in its model
   */
  record Found(ToyRun run, AsymmetricMotif motif) {

    /** The smaller of the two gains: 1 if the neuron serves both features alone. */
    double leastGain() {
      return Math.min(motif.strongGain(), motif.weakGain());
    }
  }

  /** What the neurons of one of several models do. */
  static AbsoluteValueNeurons neurons(ToyResults of, ToyRun run) {
    return AbsoluteValueNeurons.of(run.model(), of.config().importance());
  }

  /** How many neurons of a model of the sweep serve one feature. */
  int monosemantic(ToyRun run) {
    return (int)
        neurons(sweep, run).neurons().stream().filter(n -> n.purity() > MONOSEMANTIC).count();
  }

  /** The motifs of all models of one sparsity. */
  List<Found> motifs(int probability) {
    return sweep.restarts(probability).stream().flatMap(run -> motifs(run).stream()).toList();
  }

  /** The motifs of all models of the sweep, those at the densest p first. */
  List<Found> motifs() {
    return IntStream.range(0, sweep.config().featureProbabilities().size())
        .boxed()
        .flatMap(probability -> motifs(probability).stream())
        .toList();
  }

  /** The motifs of one model. */
  static List<Found> motifs(ToyRun run) {
    return found(run, AsymmetricSuperposition.Criteria.DEFAULT);
  }

  /** The motifs of one model, and what would be one if others inhibited the crosstalk. */
  static List<Found> asymmetric(ToyRun run) {
    AsymmetricSuperposition.Criteria criteria = AsymmetricSuperposition.Criteria.DEFAULT;
    return found(
        run,
        new AsymmetricSuperposition.Criteria(
            criteria.leastGain(), criteria.asymmetry(), -Double.MAX_VALUE));
  }

  private static List<Found> found(ToyRun run, AsymmetricSuperposition.Criteria criteria) {
    return AsymmetricSuperposition.of(
            ToyNumbers.matrix(run.model().weights()),
            ToyNumbers.matrix(run.model().decoder()),
            criteria)
        .motifs()
        .stream()
        .map(motif -> new Found(run, motif))
        .toList();
  }

  /** The motif that serves both of its features best. */
  Optional<Found> clearest() {
    return motifs().stream().max(Comparator.comparingDouble(Found::leastGain));
  }
}
