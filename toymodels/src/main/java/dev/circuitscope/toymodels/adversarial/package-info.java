/**
 * How easily toy models are fooled: section "Relationship to Adversarial Robustness" of "Toy Models
 * of Superposition" (Elhage et al., 2022).
 *
 * <p>What belongs here: small changes of the input that raise a given model's loss. What does not:
 * training against them.
 *
 * <p>Start at {@link dev.circuitscope.toymodels.adversarial.AdversarialAttack}.
 */
package dev.circuitscope.toymodels.adversarial;
