package dev.circuitscope.core.hook;

import java.util.List;

/**
 * A kind of place in a transformer where an activation can be seen and changed; with a layer it is
 * a {@link HookPoint}. Names and axes are TransformerLens's.
 */
public enum Site {
  /** Token embeddings [batch, pos, d_model]. */
  EMBED("hook_embed", false, "batch", "pos", "d_model"),
  /** Positional embeddings [batch, pos, d_model]. */
  POS_EMBED("hook_pos_embed", false, "batch", "pos", "d_model"),
  /** The residual stream as a block reads it [batch, pos, d_model]. */
  RESID_PRE("hook_resid_pre", true, "batch", "pos", "d_model"),
  /** What each head's queries read [batch, pos, head, d_model]; only when asked for. */
  Q_INPUT("hook_q_input", true, "batch", "pos", "head", "d_model"),
  /** What each head's keys read [batch, pos, kv_head, d_model]; only when asked for. */
  K_INPUT("hook_k_input", true, "batch", "pos", "kv_head", "d_model"),
  /** What each head's values read [batch, pos, kv_head, d_model]; only when asked for. */
  V_INPUT("hook_v_input", true, "batch", "pos", "kv_head", "d_model"),
  /** Scale of the first normalisation [batch, pos, 1]. */
  LN1_SCALE("ln1.hook_scale", true, "batch", "pos", "1"),
  /** Output of the first normalisation, of RMSNorm before its weights [batch, pos, d_model]. */
  LN1_NORMALIZED("ln1.hook_normalized", true, "batch", "pos", "d_model"),
  /** Queries [batch, pos, head, d_head]. */
  Q("attn.hook_q", true, "batch", "pos", "head", "d_head"),
  /**
   * Keys [batch, pos, kv_head, d_head]; kv_head counts the heads but with grouped-query attention.
   */
  K("attn.hook_k", true, "batch", "pos", "kv_head", "d_head"),
  /** Values [batch, pos, kv_head, d_head]. */
  V("attn.hook_v", true, "batch", "pos", "kv_head", "d_head"),
  /** Keys mixed with the one before, of models with smeared keys [batch, pos, kv_head, d_head]. */
  SMEARED_K("attn.hook_smeared_k", true, "batch", "pos", "kv_head", "d_head"),
  /** Queries rotated by their position [batch, pos, head, d_head]. */
  ROT_Q("attn.hook_rot_q", true, "batch", "pos", "head", "d_head"),
  /** Keys rotated by their position [batch, pos, kv_head, d_head]. */
  ROT_K("attn.hook_rot_k", true, "batch", "pos", "kv_head", "d_head"),
  /** Scores before the softmax, negative infinity where masked [batch, head, dest, src]. */
  ATTN_SCORES("attn.hook_attn_scores", true, "batch", "head", "dest", "src"),
  /** Attention patterns [batch, head, dest, src]. */
  PATTERN("attn.hook_pattern", true, "batch", "head", "dest", "src"),
  /** Attention-weighted values [batch, pos, head, d_head]. */
  Z("attn.hook_z", true, "batch", "pos", "head", "d_head"),
  /** Each head's output to the residual stream [batch, pos, head, d_model]; only when asked for. */
  RESULT("attn.hook_result", true, "batch", "pos", "head", "d_model"),
  /** All heads' output to the residual stream [batch, pos, d_model]. */
  ATTN_OUT("hook_attn_out", true, "batch", "pos", "d_model"),
  /** The residual stream between attention and the MLP [batch, pos, d_model]. */
  RESID_MID("hook_resid_mid", true, "batch", "pos", "d_model"),
  /** Scale of the second normalisation [batch, pos, 1]. */
  LN2_SCALE("ln2.hook_scale", true, "batch", "pos", "1"),
  /** Output of the second normalisation, of RMSNorm before its weights [batch, pos, d_model]. */
  LN2_NORMALIZED("ln2.hook_normalized", true, "batch", "pos", "d_model"),
  /** Neurons before their activation [batch, pos, d_mlp]. */
  MLP_PRE("mlp.hook_pre", true, "batch", "pos", "d_mlp"),
  /** What multiplies the neurons of a gated MLP [batch, pos, d_mlp]. */
  MLP_PRE_LINEAR("mlp.hook_pre_linear", true, "batch", "pos", "d_mlp"),
  /** Neurons after SoLU and before its LayerNorm [batch, pos, d_mlp]. */
  MLP_MID("mlp.hook_mid", true, "batch", "pos", "d_mlp"),
  /** Scale of SoLU's LayerNorm [batch, pos, 1]. */
  MLP_LN_SCALE("mlp.ln.hook_scale", true, "batch", "pos", "1"),
  /** Output of SoLU's LayerNorm [batch, pos, d_mlp]. */
  MLP_LN_NORMALIZED("mlp.ln.hook_normalized", true, "batch", "pos", "d_mlp"),
  /** Neurons as the output matrix reads them [batch, pos, d_mlp]. */
  MLP_POST("mlp.hook_post", true, "batch", "pos", "d_mlp"),
  /** The MLP's output to the residual stream [batch, pos, d_model]. */
  MLP_OUT("hook_mlp_out", true, "batch", "pos", "d_model"),
  /** The residual stream as a block leaves it [batch, pos, d_model]. */
  RESID_POST("hook_resid_post", true, "batch", "pos", "d_model"),
  /** Scale of the final normalisation [batch, pos, 1]. */
  LN_FINAL_SCALE("ln_final.hook_scale", false, "batch", "pos", "1"),
  /** Output of the final normalisation, of RMSNorm before its weights [batch, pos, d_model]. */
  LN_FINAL_NORMALIZED("ln_final.hook_normalized", false, "batch", "pos", "d_model");

  private final String path;
  private final boolean inBlock;
  private final List<String> axes;

  Site(String path, boolean inBlock, String... axes) {
    this.path = path;
    this.inBlock = inBlock;
    this.axes = List.of(axes);
  }

  /**
   * The name within its block, or the whole name outside blocks.
   *
   * @return for example {@code attn.hook_pattern}
   */
  public String path() {
    return path;
  }

  /**
   * Whether every block has such a place.
   *
   * @return false for embeddings and the final normalisation
   */
  public boolean inBlock() {
    return inBlock;
  }

  /**
   * What each axis of the activation counts.
   *
   * @return for example batch, head, dest, src
   */
  public List<String> axes() {
    return axes;
  }

  /**
   * Whether the activation is computed only for runs that ask for it, because it is as large as
   * {@code n_heads} residual streams.
   *
   * @return true for {@link #RESULT} and the inputs per head
   */
  public boolean onDemand() {
    return this == RESULT || this == Q_INPUT || this == K_INPUT || this == V_INPUT;
  }

  /** Which normalisation the place belongs to: {@code ln1}, {@code mlp.ln}, or nothing. */
  String normalization() {
    int dot = path.lastIndexOf('.');
    String owner = dot < 0 ? "" : path.substring(0, dot);
    return owner.contains("ln") ? owner : "";
  }

  /** The last part of the path without {@code hook_}: {@code pattern}, {@code resid_pre}. */
  String shorthand() {
    return path.substring(path.indexOf("hook_") + "hook_".length());
  }
}
