package dev.circuitscope.circuits.known;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Parameter;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The weights of a blueprint.
 *
 * <p>With LayerNorm each dimension x of the stream becomes two, (x, -x): the mean is 0, and what
 * reads halves both. Then LayerNorm divides by sqrt(|x|^2 / d + eps) only, and its weight
 * multiplies by that again, for the norm that the stream has when all heads write all they can.
 */
final class Emission {

  /** sigmoid(-40) is 4e-18: the key is the one before. */
  private static final float KEY_BEFORE = -40;

  /** LayerNorm's scale varies with what heads write: room for scores to be this much too low. */
  private static final double ROOM = 1.5;

  private final Blueprint plan;
  private final Stream stream;
  private final KnownSettings settings;
  private final boolean paired;
  private final int dModel;
  private final int dHead;
  private final int heads;

  private Emission(Blueprint plan) {
    this.plan = plan;
    this.stream = plan.stream();
    this.settings = plan.settings();
    this.paired = settings.normalization() == Normalization.LN;
    this.dModel = stream.width() * (paired ? 2 : 1);
    this.dHead = plan.drafts().values().stream().mapToInt(HeadDraft::width).reduce(1, Math::max);
    this.heads = plan.heads();
  }

  static Transformer model(Blueprint plan) {
    return new Emission(plan).build();
  }

  private Transformer build() {
    TransformerConfig config =
        TransformerConfig.attentionOnly(plan.layers())
            .heads(heads)
            .dModel(dModel)
            .dHead(dHead)
            .vocab(settings.vocabulary())
            .context(settings.context())
            .positions(settings.positions())
            .normalization(settings.normalization())
            .smearedKeys(plan.drafts().values().stream().anyMatch(HeadDraft::smeared))
            .build();
    return Transformer.of(config, Weights.of(config, p -> values(p, config)));
  }

  private float[] values(Parameter p, TransformerConfig config) {
    float[] w = new float[p.length()];
    String[] name = p.name().split("\\.");
    if (name[0].equals("blocks")) {
      int layer = Integer.parseInt(name[1]);
      if (name[2].equals("ln1")) {
        fillNorm(w, name[3], layer, config.eps());
      } else {
        for (int head = 0; head < heads; head++) {
          fillHead(w, name[3], layer, head);
        }
      }
      return w;
    }
    switch (p.name()) {
      case "embed.W_E" -> fillRows(w, settings.vocabulary(), stream::embed);
      case "pos_embed.W_pos" -> fillRows(w, settings.context(), stream::position);
      case "unembed.W_U" -> fillUnembedding(w);
      case "ln_final.w" -> fillNorm(w, "w", plan.layers(), config.eps());
      default -> {}
    }
    return w;
  }

  private interface RowOf {
    void write(int i, double[] x);
  }

  private void fillRows(float[] w, int rows, RowOf row) {
    double[] x = new double[stream.width()];
    for (int r = 0; r < rows; r++) {
      Arrays.fill(x, 0);
      row.write(r, x);
      for (int i = 0; i < x.length; i++) {
        writer(w, r * dModel, i, x[i]);
      }
    }
  }

  private void fillUnembedding(float[] w) {
    int v = settings.vocabulary();
    double gain = settings.sharpness().gain(stream.tokenCode().coherence());
    double[] u = new double[stream.width()];
    for (int t = 0; t < v; t++) {
      Arrays.fill(u, 0);
      stream.unembed(t, u);
      for (int i = 0; i < u.length; i++) {
        if (u[i] != 0) {
          reader(w, t, v, i, gain * u[i]);
        }
      }
    }
  }

  private void fillHead(float[] w, String matrix, int layer, int head) {
    HeadDraft draft = plan.drafts().get(new Head(layer, head));
    if (matrix.equals("smear")) {
      w[head] = draft != null && draft.smeared() ? KEY_BEFORE : 0;
      return;
    }
    if (!matrix.startsWith("W_")) {
      return;
    }
    char kind = matrix.charAt(2);
    int size = dModel * dHead;
    int from = head * size;
    if (draft == null) {
      double deviation = settings.distractors().deviation();
      SplittableRandom random = settings.distractors().random(layer, head, kind);
      for (int i = from; deviation > 0 && i < from + size; i++) {
        w[i] = (float) (deviation * random.nextGaussian());
      }
      return;
    }
    switch (kind) {
      case 'Q' -> {
        // q . k / sqrt(d_head) is to be beta times the drafted score
        double scale = beta(draft) * Math.sqrt(dHead);
        readAll(w, from, draft.scores().stream().map(HeadDraft.Score::query).toList(), scale);
      }
      case 'K' -> readAll(w, from, draft.scores().stream().map(HeadDraft.Score::key).toList(), 1);
      case 'V' -> readAll(w, from, draft.moves().stream().map(HeadDraft.Move::read).toList(), 1);
      default -> {
        for (int e = 0; e < draft.moves().size(); e++) {
          Direction write = draft.moves().get(e).write();
          for (int i = 0; i < write.dimensions().length; i++) {
            writer(w, from + e * dModel, write.dimensions()[i], write.weights()[i]);
          }
        }
      }
    }
  }

  private double beta(HeadDraft draft) {
    double beta = settings.sharpness().beta(draft.role(), draft.gap(), settings.context());
    return paired ? ROOM * beta : beta;
  }

  /** Columns of a [d_model, d_head] matrix. */
  private void readAll(float[] w, int from, List<Direction> columns, double scale) {
    for (int e = 0; e < columns.size(); e++) {
      Direction read = columns.get(e);
      for (int i = 0; i < read.dimensions().length; i++) {
        reader(w, from + e, dHead, read.dimensions()[i], scale * read.weights()[i]);
      }
    }
  }

  private void writer(float[] w, int row, int dimension, double value) {
    if (paired) {
      w[row + 2 * dimension] += (float) value;
      w[row + 2 * dimension + 1] -= (float) value;
    } else {
      w[row + dimension] += (float) value;
    }
  }

  private void reader(float[] w, int column, int columns, int dimension, double value) {
    if (paired) {
      w[column + 2 * dimension * columns] += (float) (value / 2);
      w[column + (2 * dimension + 1) * columns] -= (float) (value / 2);
    } else {
      w[column + dimension * columns] += (float) value;
    }
  }

  private void fillNorm(float[] w, String which, int layer, double eps) {
    if (which.equals("w")) {
      // sqrt(var + eps) of the pairs (x, -x): var = |x|^2 / d
      Arrays.fill(w, (float) Math.sqrt(squaredNorm(layer) / stream.width() + eps));
    }
  }

  /** |x|^2 of a layer's input: token 1, positions 3, and what the heads before write. */
  private double squaredNorm(int layer) {
    double embedded = settings.positions() == Positions.STANDARD ? 4 : 1;
    return embedded
        + IntStream.range(0, heads * layer)
            .mapToObj(i -> plan.drafts().get(new Head(i / heads, i % heads)))
            .filter(Objects::nonNull)
            .mapToDouble(draft -> draft.writes() * draft.writes())
            .sum();
  }
}
