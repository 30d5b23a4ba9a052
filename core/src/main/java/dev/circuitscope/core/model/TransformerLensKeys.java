package dev.circuitscope.core.model;

import dev.circuitscope.core.io.JsonFields;
import dev.circuitscope.core.io.MalformedFileException;
import java.util.Set;

/**
 * The keys of TransformerLens's configuration that a {@link TransformerConfig} has no place for:
 * those that never change what a model computes, and those that must have their neutral value.
 */
final class TransformerLensKeys {

  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          // how it was made, where it runs
          "checkpoint_index",
          "checkpoint_label_type",
          "checkpoint_value",
          "device",
          "dtype",
          "from_checkpoint",
          "init_mode",
          "init_weights",
          "initializer_range",
          "model_name",
          "n_devices",
          "n_params",
          "original_architecture",
          "seed",
          "trust_remote_code",
          "weight_init_mode",
          // its tokenizer
          "decoder_start_token_id",
          "default_prepend_bos",
          "tokenizer_name",
          "tokenizer_prepends_bos",
          // which hook points there are
          "ungroup_grouped_query_attention",
          "use_attn_in",
          "use_attn_result",
          "use_hook_mlp_in",
          "use_hook_tokens",
          "use_split_qkv_input",
          // parameters of what is refused below, or of other kinds of positions
          "NTK_by_parts_factor",
          "NTK_by_parts_high_freq_factor",
          "NTK_by_parts_low_freq_factor",
          "NTK_original_ctx_len",
          "attn_types",
          "experts_per_token",
          "relative_attention_max_distance",
          "relative_attention_num_buckets",
          "window_size");

  private static final Set<String> MUST_BE_FALSE =
      Set.of(
          "load_in_4bit",
          "post_embedding_ln",
          "rmsnorm_uses_offset",
          "scale_attn_by_inverse_layer_idx",
          "use_NTK_by_parts_rope",
          "use_local_attn",
          "use_normalization_before_and_after",
          "use_qk_norm");

  private static final Set<String> MUST_BE_ABSENT = Set.of("num_experts", "rotary_base_local");

  /** Caps on scores and logits; -1 is none. */
  private static final Set<String> MUST_NOT_BE_POSITIVE =
      Set.of("attn_scores_soft_cap", "output_logits_soft_cap");

  private TransformerLensKeys() {}

  /**
   * Accepts the keys without effect.
   *
   * @throws IllegalArgumentException if a value says that the model computes something else
   */
  static void check(JsonFields json, AttentionShape attention) throws MalformedFileException {
    WITHOUT_EFFECT.forEach(json::has);
    for (String key : MUST_BE_FALSE) {
      require(!json.bool(key, false), key, "true");
    }
    for (String key : MUST_BE_ABSENT) {
      require(!json.has(key), key, "given");
    }
    for (String key : MUST_NOT_BE_POSITIVE) {
      double cap = json.number(key, -1);
      require(cap <= 0, key, cap);
    }
    double scale = json.number("attn_scale", -1);
    boolean usual = Math.abs(scale - Math.sqrt(attention.dHead())) <= 1e-6 * scale;
    require(scale <= 0 || !attention.scaled() || usual, "attn_scale", scale);
  }

  private static void require(boolean neutral, String key, Object value) {
    if (!neutral) {
      throw new IllegalArgumentException(
          "%s is %s, and this library has no models that compute that".formatted(key, value));
    }
  }
}
