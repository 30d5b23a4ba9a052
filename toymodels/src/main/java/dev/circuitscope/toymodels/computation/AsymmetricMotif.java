package dev.circuitscope.toymodels.computation;

import java.util.List;
import java.util.Locale;

/**
 * A neuron that serves two features asymmetrically, and the neurons that keep it from doing harm.
 *
 * <p>With W1 = [2, -1/2] and W2 = [1/2, 2], as in the paper: the neuron reads the first feature
 * strongly and writes it weakly, and the other way round for the second, one sign of each. Both
 * come out with gain 1. The weak feature disturbs the strong one's output by 1/4; the strong one
 * disturbs the weak one's by 4, which others must inhibit.
 *
 * @param neuron that is shared
 * @param strong the feature that it reads strongly and writes weakly
 * @param weak the feature that it reads weakly and writes strongly
 * @param strongGain |W1| W2 of the strong feature, ideally 1
 * @param weakGain |W1| W2 of the weak feature, ideally 1
 * @param crosstalk what a unit of the strong feature adds to the weak one's output through this
 *     neuron; 4 in the paper's motif
 * @param inhibition the share of the crosstalk that other neurons take away again while the strong
 *     feature is active; 1 if all of it
 * @param inhibitors the neurons that do, strongest first
 */
public record AsymmetricMotif(
    int neuron,
    int strong,
    int weak,
    double strongGain,
    double weakGain,
    double crosstalk,
    double inhibition,
    List<Integer> inhibitors) {

  /**
   * Copies the inhibitors.
   *
   * @param neuron that is shared
   * @param strong the feature that it reads strongly
   * @param weak the feature that it reads weakly
   * @param strongGain of the strong feature
   * @param weakGain of the weak feature
   * @param crosstalk of the strong feature on the weak one
   * @param inhibition share of the crosstalk
   * @param inhibitors strongest first
   */
  public AsymmetricMotif {
    inhibitors = List.copyOf(inhibitors);
  }

  /**
   * One line.
   *
   * @return the neuron, its features, gains, and what inhibits it
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "neuron %d: feature %d strong (gain %.2f), feature %d weak (gain %.2f), crosstalk %.2f,"
            + " %.0f%% inhibited by %s",
        neuron,
        strong,
        strongGain,
        weak,
        weakGain,
        crosstalk,
        100 * inhibition,
        inhibitors);
  }
}
