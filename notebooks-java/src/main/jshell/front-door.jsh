// The front door: make a model, look inside, change something, measure, draw.
// Run it with: jshell --class-path "examples/target/*:examples/target/lib/*" \
//   -R--add-modules=jdk.incubator.vector notebooks-java/src/main/jshell/front-door.jsh

import dev.circuitscope.circuits.heads.*
import dev.circuitscope.core.hook.*
import dev.circuitscope.core.model.*
import dev.circuitscope.core.plot.*
import dev.circuitscope.core.text.*
import dev.circuitscope.core.train.*
import dev.circuitscope.toymodels.superposition.*
import java.nio.file.Path
import org.nd4j.linalg.api.ndarray.INDArray

// Real text, out of a jar that Maven delivered, in windows of 64 tokens.
var corpus = Corpus.commonsMathSources().withoutIndentation().filter("complex numbers", d -> d.name().contains("/complex/"))
var tokenizer = new ByteTokenizer()
var text = TokenizedCorpus.of(corpus, tokenizer)
var batches = TextBatches.of(text, 16, 64, 1L)

// A two-layer attention-only model, trained for a moment.
var config = TransformerConfig.attentionOnly(2).heads(4).dModel(64).vocab(tokenizer.vocabSize()).context(64).build()
var training = TrainingConfig.steps(60).optimizer(AdamWConfig.of(2e-3)).progress(ProgressDisplay.OFF).build()
var result = Trainer.of(Transformer.create(config, 42L), batches, training).train()
var model = result.model()
System.out.println(model)

// Every activation of a run, under TransformerLens's names.
int[][] tokens = batches.batch(0)
var run = model.runWithCache(tokens)
INDArray pattern = run.cache().get(HookPoint.pattern(0))
System.out.println(run.cache())

// Hooks are an argument of the call; nothing stays behind.
System.out.println("loss " + model.loss(tokens))
System.out.println("without L1H3 " + model.loss(tokens, Hooks.zeroHead(1, 3)))
System.out.println("with doubled residual " + model.loss(tokens, Hooks.at(HookPoint.residPre(1), (x, at) -> x.mul(2))))

// Every head's induction score in one call, and its picture.
var induction = InductionScores.of(model, 7L)
System.out.println(induction)
Charts.heads(induction.values(), "Induction scores").save(Path.of("target/jshell/induction.png"))

// Five features in two dimensions: superposition.
var toy = ToyTrainer.of(ToyConfig.builder(5, 2).geometricImportance(0.9).featureProbability(0.05).steps(2000).build()).train()
System.out.println(toy)
