package dev.circuitscope.core.train;

import com.google.gson.JsonObject;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.io.JsonFields;
import dev.circuitscope.core.io.MalformedFileException;
import java.util.OptionalDouble;

/**
 * What was measured on the weights that a number of updates had made. The entry of step 0 is of the
 * untrained model, that of the last step of the final one.
 *
 * @param step updates made so far
 * @param tokens tokens seen in them
 * @param trainLoss loss on the batch of the next update, in nats per token, before that update
 * @param evalLoss mean loss on the held-out batches, in nats per token; empty where it was not
 *     measured
 * @param learningRate of the next update
 * @param gradientNorm of that batch, before clipping
 * @param seconds of training up to here, over all sessions if it was resumed
 */
public record LogEntry(
    long step,
    long tokens,
    double trainLoss,
    OptionalDouble evalLoss,
    double learningRate,
    double gradientNorm,
    double seconds) {

  /**
   * The entry as one line of JSON.
   *
   * @return an object whose {@code eval_loss} is left out where it was not measured
   */
  public String toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("step", step);
    json.addProperty("tokens", tokens);
    json.addProperty("train_loss", trainLoss);
    evalLoss.ifPresent(loss -> json.addProperty("eval_loss", loss));
    json.addProperty("learning_rate", learningRate);
    json.addProperty("gradient_norm", gradientNorm);
    json.addProperty("seconds", seconds);
    return Json.toCompactString(json);
  }

  /**
   * Reads a line of {@link #toJson}.
   *
   * @param line JSON
   * @param source name for messages
   * @return the entry
   * @throws MalformedFileException if it is not such a line
   */
  public static LogEntry parse(String line, String source) throws MalformedFileException {
    JsonFields json = Json.parseObject(line, source);
    LogEntry entry =
        new LogEntry(
            json.longInteger("step"),
            json.longInteger("tokens"),
            json.number("train_loss"),
            json.has("eval_loss")
                ? OptionalDouble.of(json.number("eval_loss"))
                : OptionalDouble.empty(),
            json.number("learning_rate"),
            json.number("gradient_norm"),
            json.number("seconds"));
    json.expectNoOthers();
    return entry;
  }
}
