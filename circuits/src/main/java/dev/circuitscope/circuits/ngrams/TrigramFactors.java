package dev.circuitscope.circuits.ngrams;

import dev.circuitscope.circuits.algebra.Circuits;
import dev.circuitscope.circuits.algebra.FactoredMatrix;
import dev.circuitscope.circuits.algebra.KeyPart;
import dev.circuitscope.circuits.algebra.QkTerms;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;

/** The vectors of each token that a head's tables are products of, from its full circuits. */
final class TrigramFactors {

  private TrigramFactors() {}

  /** By a source's own key, or by that of the position before it. */
  static TrigramCircuit of(Transformer model, Head head, KeyPart key) {
    Circuits circuits = Circuits.of(model);
    QkTerms terms = circuits.qkTerms(head);
    FactoredMatrix ov = circuits.fullOv(head);
    double[] scales = EmbeddedTokens.alone(model, "blocks." + head.layer() + ".ln1").scales();
    double[] bQ = circuits.head(head).biases().query();
    double scale = model.config().attention().scale();
    FlatMatrix queries = FlatMatrix.of(terms.tokenToToken().a());
    FlatMatrix keys = FlatMatrix.of(terms.tokenToToken().b().transpose());
    FlatMatrix values = FlatMatrix.of(ov.a());
    int e = queries.width();
    for (int i = 0; i < queries.values().length; i++) {
      double sigma = scales[i / e];
      // q = (x W_Q / sigma + b_Q) / sqrt(d_head), k = x W_K / sigma, v = x W_V / sigma
      queries.values()[i] = (queries.values()[i] / sigma + bQ[i % e]) * scale;
      keys.values()[i] *= key.share(terms.keyShare()) / sigma;
      values.values()[i] /= sigma;
    }
    return new TrigramCircuit(
        head, queries, keys.centered(), values, FlatMatrix.of(ov.b().transpose()).centered());
  }
}
