/**
 * What writes into the residual stream of a model, what reads it, and the edges between them: the
 * words in which path patching, hand-built circuits and circuit discovery speak.
 *
 * <pre>{@code
 * EdgeGraph graph = EdgeGraph.of(model.config());
 * graph.edges();                                        // every edge, in computational order
 * graph.into(Receiver.logits());                        // tokens -> logits, ..., L1H7 -> logits
 * Edge edge = new Edge(Sender.head(0, 1), Receiver.key(1, 2));                  // L0H1 -> L1H2.K
 * }</pre>
 *
 * <p>What belongs here: names of senders, receivers and edges, and which of them a configuration
 * has. What does not: anything that runs a model or looks at its weights.
 */
package dev.circuitscope.circuits.edges;
