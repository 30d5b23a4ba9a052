package dev.circuitscope.examples.compare;

import java.util.Comparator;
import java.util.List;

/**
 * Tensors of one kind and how far they are apart.
 *
 * @param kind what they are
 * @param count how many were compared
 * @param largestAbsolute the largest absolute error in any of them
 * @param largestRelative the largest relative error in any of them; see {@link Agreement}
 * @param worst the tensor that uses most of what is allowed
 * @param allowed the error that is allowed
 * @param within whether every tensor is within it
 */
public record TensorGroup(
    Kind kind,
    int count,
    double largestAbsolute,
    double largestRelative,
    String worst,
    double allowed,
    boolean within) {

  /** What a tensor of a golden file is, by the beginning of its name. */
  public enum Kind {
    /** The weights as the engine holds them. */
    WEIGHTS("weights", false),
    /** Logits. */
    LOGITS("logits", false),
    /** The mean loss. */
    LOSS("loss", false),
    /** The loss at every position. */
    LOSS_PER_TOKEN("loss_per_token", false),
    /** Activations at hook points. */
    ACT("act", false),
    /** Gradients of the loss at hook points. */
    ACT_GRAD("act_grad", true),
    /** Gradients of the loss with respect to weights. */
    WEIGHT_GRAD("weight_grad", true),
    /** The weights after folding LayerNorm. */
    FOLDED("folded", false),
    /** The residual stream before every block and at the end. */
    ACCUMULATED_RESID("accumulated_resid", false),
    /** What every layer added to the residual stream. */
    DECOMPOSE_RESID("decompose_resid", false),
    /** What every head added to the residual stream. */
    STACK_HEAD_RESULTS("stack_head_results", false),
    /** How similar heads' attention is to that of kinds of heads. */
    DETECT("detect", false),
    /** Copying scores by the eigenvalues of full OV circuits. */
    FULL_OV("full_OV.copying_score", false),
    /** Composition scores of pairs of heads. */
    COMPOSITION("composition", false),
    /** Singular values of OV circuits. */
    OV_SINGULAR_VALUES("OV.singular_values", false),
    /** Singular values of QK circuits. */
    QK_SINGULAR_VALUES("QK.singular_values", false),
    /** Real parts of the eigenvalues of OV circuits. */
    OV_EIGENVALUES_REAL("OV.eigenvalues_real", false),
    /** Imaginary parts of the eigenvalues of OV circuits. */
    OV_EIGENVALUES_IMAG("OV.eigenvalues_imag", false);

    private final String label;
    private final boolean gradient;

    Kind(String label, boolean gradient) {
      this.label = label;
      this.gradient = gradient;
    }

    /**
     * The name in files and reports.
     *
     * @return for example {@code act_grad}
     */
    public String label() {
      return label;
    }

    /**
     * Whether the relative error decides, not the absolute one.
     *
     * @return true for gradients
     */
    public boolean gradient() {
      return gradient;
    }

    /** The error that decides. */
    double deciding(Agreement agreement) {
      return gradient ? agreement.relative() : agreement.absolute();
    }

    /** Gradients may be off by ten times the tolerance, relative. */
    double allowed(double tolerance) {
      return gradient ? 10 * tolerance : tolerance;
    }
  }

  /** Sums up at least one agreement. */
  static TensorGroup of(Kind kind, List<Agreement> agreements, double tolerance) {
    Agreement worst =
        agreements.stream().max(Comparator.comparingDouble(kind::deciding)).orElseThrow();
    double allowed = kind.allowed(tolerance);
    return new TensorGroup(
        kind,
        agreements.size(),
        agreements.stream().mapToDouble(Agreement::absolute).max().orElseThrow(),
        agreements.stream().mapToDouble(Agreement::relative).max().orElseThrow(),
        worst.tensor(),
        allowed,
        kind.deciding(worst) <= allowed);
  }
}
