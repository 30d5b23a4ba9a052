package dev.circuitscope.core.format;

import dev.circuitscope.core.model.Transformer;
import java.util.List;

/** What a format's loader hands back: everything but the tokenizer. */
record FoundModel(
    Transformer transformer, ModelFormat format, List<String> ignored, List<String> notes) {}
