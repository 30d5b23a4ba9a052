package dev.circuitscope.examples.incontext;

import dev.circuitscope.circuits.learning.snapshots.ModelSnapshots;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.train.TrainingProvenance;

/**
 * A training of which models were kept.
 *
 * @param kind of model
 * @param model at the end, which is also the last snapshot
 * @param provenance of the training
 * @param snapshots models on the way, from the first weights on
 * @param seconds it took
 */
record KeptTraining(
    ModelKind kind,
    Transformer model,
    TrainingProvenance provenance,
    ModelSnapshots snapshots,
    double seconds) {}
