package dev.circuitscope.toymodels.dl4j;

import dev.circuitscope.toymodels.superposition.ToyActivation;
import dev.circuitscope.toymodels.superposition.ToyBatches;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToyModel;
import java.util.stream.IntStream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.schedule.ISchedule;

/** Toy models as networks of DL4J, and back. */
final class ToyNetworks {

  private ToyNetworks() {}

  /** A network with the loss and the optimiser of a configuration; DL4J draws its weights. */
  static MultiLayerNetwork of(ToyConfig config) {
    INDArray importance =
        Nd4j.createFromArray(config.importance().toArray(new Float[0])).reshape(1, -1);
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(config.seed())
                // Adam, and decay times the learning rate of W and b: that is AdamW.
                .updater(new Adam(new Rate(config)))
                .weightDecay(config.weightDecay(), true)
                .weightDecayBias(config.weightDecay(), true)
                .list()
                .layer(new ReluOutputLayer(config.features(), config.hidden()))
                // LossMSE takes the mean over features, and the network that over samples.
                .layer(
                    new LossLayer.Builder(new LossMSE(importance))
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.feedForward(config.features()))
                .build());
    network.init();
    return network;
  }

  /** The same, with the weights of a model. */
  static MultiLayerNetwork of(ToyConfig config, ToyModel model) {
    MultiLayerNetwork network = of(config);
    // Not setParam, which leaves the weights of such a layer as they were.
    network.getParam("0_W").assign(model.W());
    network.getParam("0_b").assign(model.b());
    return network;
  }

  /** The weights of a network as a model. */
  static ToyModel model(MultiLayerNetwork network) {
    return ToyModel.of(
        network.getParam("0_W").toFloatMatrix(),
        network.getParam("0_b").toFloatVector(),
        ToyActivation.RELU_OUTPUT);
  }

  /** What an instance is trained on, step by step: features, and themselves as labels. */
  static DataSetIterator batches(ToyConfig config, int instance) {
    ToyBatches batches = ToyBatches.of(config, instance);
    return new ExistingDataSetIterator(
        IntStream.range(0, config.steps())
            .mapToObj(batches::at)
            .map(x -> new DataSet(x, x))
            .iterator());
  }

  /** The learning rate of a configuration over its steps. */
  private record Rate(ToyConfig config) implements ISchedule {

    @Override
    public double valueAt(int step, int epoch) {
      return config.learningRate() * config.training().schedule().factor(step, config.steps());
    }

    @Override
    public ISchedule clone() {
      return this;
    }
  }
}
