// Circuits of a two-layer attention-only model whose weights are written by hand, so that every
// number can be checked against what was built. The build executes this script.
// Run it with: jshell --class-path "examples/target/*:examples/target/lib/*" \
//   -R--add-modules=jdk.incubator.vector notebooks-java/src/main/jshell/circuits.jsh

import dev.circuitscope.circuits.algebra.*
import dev.circuitscope.circuits.heads.*
import dev.circuitscope.circuits.known.*
import dev.circuitscope.circuits.paths.*
import dev.circuitscope.core.hook.*
import dev.circuitscope.core.plot.*
import java.nio.file.Path

// A previous-token head L0H1 and an induction head L1H2 that reads it, among heads of small noise.
var known = KnownCircuits.induction(KnownSettings.of(50, 64).heads(4).place(Role.PREVIOUS_TOKEN, 0, 1).place(Role.INDUCTION, 1, 2).noise(0.01, 7L))
var model = known.model()
System.out.println(known)

// Detectors find them from attention alone ...
System.out.println(PreviousTokenScores.of(model, 7L))
System.out.println(InductionScores.of(model, 7L))

// ... composition scores from weights alone, against random heads of the same shape ...
var circuits = Circuits.of(model)
var keys = CompositionScores.of(circuits, Composition.K, 7L)
System.out.println(keys)
Charts.headGraph(keys.adjusted(), "K-composition above chance").save(Path.of("target/jshell/composition.png"))

// ... and the copying of the OV circuit from its eigenvalues.
System.out.println(EigenvalueScores.ovCopying(circuits, 100, 7L))
System.out.println(circuits.fullOv(new Head(1, 2)).top(3, TopOrder.LARGEST))

// Why the induction head attends where it does: its scores, expanded over paths.
int[][] tokens = known.repeats(7L).draw().tokens()
var run = FrozenRun.of(model, tokens[0])
System.out.println(ScoreExpansion.of(run, new Head(1, 2)).table())

// Which paths make the logits, and what each order of paths is worth.
System.out.println(PathExpansion.of(run, 2).table(5, PathRanking.EFFECT))
System.out.println(TermImportance.of(model, tokens))
