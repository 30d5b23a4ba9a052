package dev.circuitscope.core.format;

/** The kinds of files that models come in. */
public enum ModelFormat {
  /** This library's own: {@code Transformer.save}. */
  CIRCUITSCOPE("Circuitscope"),
  /** The transformers library, {@code model_type} gpt2. */
  HUGGINGFACE_GPT2("Hugging Face, GPT-2"),
  /** The transformers library, {@code model_type} gpt_neox: GPT-NeoX and Pythia. */
  HUGGINGFACE_GPT_NEOX("Hugging Face, GPT-NeoX"),
  /** The transformers library, {@code model_type} llama. */
  HUGGINGFACE_LLAMA("Hugging Face, Llama"),
  /** The transformers library, {@code model_type} mistral. */
  HUGGINGFACE_MISTRAL("Hugging Face, Mistral"),
  /** TransformerLens's state dictionary. */
  TRANSFORMER_LENS("TransformerLens"),
  /** nanoGPT's checkpoint. */
  NANO_GPT("nanoGPT"),
  /** llama2.c's checkpoint. */
  LLAMA2_C("llama2.c");

  private final String label;

  ModelFormat(String label) {
    this.label = label;
  }

  /**
   * A name for people.
   *
   * @return for example {@code Hugging Face, GPT-2}
   */
  public String label() {
    return label;
  }
}
