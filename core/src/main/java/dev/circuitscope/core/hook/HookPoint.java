package dev.circuitscope.core.hook;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a model where an activation can be seen and changed.
 *
 * <pre>{@code
 * HookPoint.pattern(0)                                // blocks.0.attn.hook_pattern
 * HookPoint.parse("blocks.0.attn.hook_pattern")       // the same
 * HookPoint.parse("pattern0")                         // the same
 * HookPoint.pattern(0).axes()                         // [batch, head, dest, src]
 * }</pre>
 *
 * @param site the kind of place
 * @param layer the block it is in, from 0; -1 outside blocks
 */
public record HookPoint(Site site, int layer) implements Comparable<HookPoint> {

  /** Where the token embeddings enter. */
  public static final HookPoint EMBED = new HookPoint(Site.EMBED, -1);

  /** Where the positional embeddings enter. */
  public static final HookPoint POS_EMBED = new HookPoint(Site.POS_EMBED, -1);

  /** The scale of the final normalisation. */
  public static final HookPoint LN_FINAL_SCALE = new HookPoint(Site.LN_FINAL_SCALE, -1);

  /** The output of the final normalisation. */
  public static final HookPoint LN_FINAL_NORMALIZED = new HookPoint(Site.LN_FINAL_NORMALIZED, -1);

  private static final Pattern IN_BLOCK = Pattern.compile("blocks\\.(\\d{1,6})\\.(.+)");
  private static final Pattern SHORT = Pattern.compile("(.*?)(\\d{1,6})?(ln1|ln2)?");

  /**
   * Checks that a layer is given exactly where the site is inside blocks.
   *
   * @param site the kind of place
   * @param layer the block it is in, from 0; -1 outside blocks
   */
  public HookPoint {
    if (site.inBlock() ? layer < 0 : layer != -1) {
      throw new IllegalArgumentException(
          site
              + (site.inBlock()
                  ? " is inside a block and needs a layer from 0, was " + layer
                  : " is outside the blocks; its layer is -1, was " + layer));
    }
  }

  /**
   * The residual stream before a block.
   *
   * @param layer from 0
   * @return {@code blocks.L.hook_resid_pre}
   */
  public static HookPoint residPre(int layer) {
    return new HookPoint(Site.RESID_PRE, layer);
  }

  /**
   * The residual stream after a block.
   *
   * @param layer from 0
   * @return {@code blocks.L.hook_resid_post}
   */
  public static HookPoint residPost(int layer) {
    return new HookPoint(Site.RESID_POST, layer);
  }

  /**
   * The output of a block's attention.
   *
   * @param layer from 0
   * @return {@code blocks.L.hook_attn_out}
   */
  public static HookPoint attnOut(int layer) {
    return new HookPoint(Site.ATTN_OUT, layer);
  }

  /**
   * Queries.
   *
   * @param layer from 0
   * @return {@code blocks.L.attn.hook_q}
   */
  public static HookPoint q(int layer) {
    return new HookPoint(Site.Q, layer);
  }

  /**
   * Keys.
   *
   * @param layer from 0
   * @return {@code blocks.L.attn.hook_k}
   */
  public static HookPoint k(int layer) {
    return new HookPoint(Site.K, layer);
  }

  /**
   * Values.
   *
   * @param layer from 0
   * @return {@code blocks.L.attn.hook_v}
   */
  public static HookPoint v(int layer) {
    return new HookPoint(Site.V, layer);
  }

  /**
   * Attention-weighted values, before the output matrix.
   *
   * @param layer from 0
   * @return {@code blocks.L.attn.hook_z}
   */
  public static HookPoint z(int layer) {
    return new HookPoint(Site.Z, layer);
  }

  /**
   * Queries rotated by their position, of models with rotary positions.
   *
   * @param layer from 0
   * @return {@code blocks.L.attn.hook_rot_q}
   */
  public static HookPoint rotQ(int layer) {
    return new HookPoint(Site.ROT_Q, layer);
  }

  /**
   * Keys rotated by their position, of models with rotary positions.
   *
   * @param layer from 0
   * @return {@code blocks.L.attn.hook_rot_k}
   */
  public static HookPoint rotK(int layer) {
    return new HookPoint(Site.ROT_K, layer);
  }

  /**
   * The residual stream between a block's attention and its MLP.
   *
   * @param layer from 0
   * @return {@code blocks.L.hook_resid_mid}
   */
  public static HookPoint residMid(int layer) {
    return new HookPoint(Site.RESID_MID, layer);
  }

  /**
   * Neurons before their activation.
   *
   * @param layer from 0
   * @return {@code blocks.L.mlp.hook_pre}
   */
  public static HookPoint mlpPre(int layer) {
    return new HookPoint(Site.MLP_PRE, layer);
  }

  /**
   * Neurons as the output matrix reads them.
   *
   * @param layer from 0
   * @return {@code blocks.L.mlp.hook_post}
   */
  public static HookPoint mlpPost(int layer) {
    return new HookPoint(Site.MLP_POST, layer);
  }

  /**
   * The output of a block's MLP.
   *
   * @param layer from 0
   * @return {@code blocks.L.hook_mlp_out}
   */
  public static HookPoint mlpOut(int layer) {
    return new HookPoint(Site.MLP_OUT, layer);
  }

  /**
   * Attention scores before the softmax.
   *
   * @param layer from 0
   * @return {@code blocks.L.attn.hook_attn_scores}
   */
  public static HookPoint attnScores(int layer) {
    return new HookPoint(Site.ATTN_SCORES, layer);
  }

  /**
   * Attention patterns.
   *
   * @param layer from 0
   * @return {@code blocks.L.attn.hook_pattern}
   */
  public static HookPoint pattern(int layer) {
    return new HookPoint(Site.PATTERN, layer);
  }

  /**
   * Each head's output to the residual stream.
   *
   * @param layer from 0
   * @return {@code blocks.L.attn.hook_result}
   */
  public static HookPoint result(int layer) {
    return new HookPoint(Site.RESULT, layer);
  }

  /**
   * Reads TransformerLens's name ({@code blocks.0.attn.hook_pattern}) or its shorthand ({@code
   * pattern0}, {@code resid_pre1}, {@code scale0ln1}, {@code embed}).
   *
   * @param name the name
   * @return the point
   * @throws IllegalArgumentException if there is no such name, with the names that exist
   */
  public static HookPoint parse(String name) {
    Matcher full = IN_BLOCK.matcher(name);
    if (full.matches()) {
      for (Site site : Site.values()) {
        if (site.inBlock() && site.path().equals(full.group(2))) {
          return new HookPoint(site, Integer.parseInt(full.group(1)));
        }
      }
      throw unknown(name);
    }
    for (Site site : Site.values()) {
      if (!site.inBlock() && (site.path().equals(name) || shorthandOutside(site).equals(name))) {
        return new HookPoint(site, -1);
      }
    }
    Matcher brief = SHORT.matcher(name);
    if (brief.matches() && brief.group(2) != null) {
      String norm = brief.group(3) == null ? "" : brief.group(3);
      for (Site site : Site.values()) {
        if (site.inBlock()
            && site.shorthand().equals(brief.group(1))
            && site.normalization().equals(norm)) {
          return new HookPoint(site, Integer.parseInt(brief.group(2)));
        }
      }
    }
    throw unknown(name);
  }

  /**
   * TransformerLens's name.
   *
   * @return for example {@code blocks.0.attn.hook_pattern}
   */
  public String name() {
    return site.inBlock() ? "blocks." + layer + "." + site.path() : site.path();
  }

  /**
   * What each axis of the activation counts.
   *
   * @return for example batch, head, dest, src
   */
  public List<String> axes() {
    return site.axes();
  }

  /** Orders points by name of site and layer, for listings. */
  @Override
  public int compareTo(HookPoint other) {
    return layer != other.layer ? Integer.compare(layer, other.layer) : site.compareTo(other.site);
  }

  @Override
  public String toString() {
    return name();
  }

  private static String shorthandOutside(Site site) {
    return switch (site) {
      case LN_FINAL_SCALE -> "scale";
      case LN_FINAL_NORMALIZED -> "normalized";
      default -> site.shorthand();
    };
  }

  private static IllegalArgumentException unknown(String name) {
    List<String> names = new ArrayList<>();
    for (Site site : Site.values()) {
      names.add(site.inBlock() ? "blocks.L." + site.path() : site.path());
    }
    return new IllegalArgumentException(
        "no hook point is named '" + name + "'; the names are " + String.join(", ", names));
  }
}
