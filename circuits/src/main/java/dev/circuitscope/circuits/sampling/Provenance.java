package dev.circuitscope.circuits.sampling;

import com.google.gson.JsonObject;
import dev.circuitscope.core.Library;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.model.ConfigJson;
import dev.circuitscope.core.model.Processing;
import dev.circuitscope.core.model.TransformerConfig;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a measurement was taken on.
 *
 * @param libraryVersion version of this library
 * @param model shape of the model
 * @param sequences how many sequences ran through it
 * @param length tokens in each
 * @param data what the sequences are, in words
 * @param seed they were drawn with, if they were
 * @param sha256 hash, in hexadecimal, of all token ids as 32-bit big-endian integers
 * @param hooks points at which the run was changed, in words; empty if it was not
 */
public record Provenance(
    String libraryVersion,
    TransformerConfig model,
    int sequences,
    int length,
    String data,
    OptionalLong seed,
    String sha256,
    String hooks) {

  /**
   * Describes a measurement.
   *
   * @param model shape of the model
   * @param tokens [sequence, pos]
   * @param data what they are, in words
   * @param seed they were drawn with, if they were
   * @param settings how they ran
   * @return the description
   */
  public static Provenance of(
      TransformerConfig model,
      int[][] tokens,
      String data,
      OptionalLong seed,
      RunSettings settings) {
    String hooks =
        settings.hooks().points().stream()
            .sorted()
            .map(HookPoint::name)
            .collect(Collectors.joining(", "));
    int length = tokens.length == 0 ? 0 : tokens[0].length;
    return new Provenance(
        Library.version(), model, tokens.length, length, data, seed, hash(tokens), hooks);
  }

  /**
   * Describes a measurement of weights, which no sequence ran for.
   *
   * @param model shape of the model
   * @return the description
   */
  public static Provenance ofWeights(TransformerConfig model) {
    return ofWeights(model, Set.of());
  }

  /**
   * Describes a measurement of weights that were processed first.
   *
   * @param model shape of the model
   * @param processing what was done to the weights
   * @return the description
   */
  public static Provenance ofWeights(TransformerConfig model, Set<Processing> processing) {
    String data =
        processing.isEmpty()
            ? "the weights"
            : "the weights after "
                + processing.stream()
                    .sorted()
                    .map(Processing::label)
                    .collect(Collectors.joining(", "));
    return of(model, new int[0][], data, OptionalLong.empty(), RunSettings.plain());
  }

  /**
   * Renders the description.
   *
   * @return an object; seed is left out where there is none
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("library_version", libraryVersion);
    try {
      json.add("model", Json.parse(ConfigJson.write(model), "configuration"));
    } catch (MalformedFileException e) {
      throw new IllegalStateException("a configuration writes JSON", e);
    }
    json.addProperty("sequences", sequences);
    json.addProperty("length", length);
    json.addProperty("data", data);
    seed.ifPresent(s -> json.addProperty("seed", s));
    json.addProperty("tokens_sha256", sha256);
    json.addProperty("hooks", hooks);
    return json;
  }

  /** One line: sequences, seed, hooks, and the start of the hash; or that it is the weights. */
  @Override
  public String toString() {
    if (sequences == 0) {
      return data;
    }
    return "%d sequence%s of %d tokens: %s%s%s, SHA-256 %s..."
        .formatted(
            sequences,
            sequences == 1 ? "" : "s",
            length,
            data,
            seed.isPresent() ? ", seed " + seed.getAsLong() : "",
            hooks.isEmpty() ? "" : ", hooks at " + hooks,
            sha256.substring(0, 12));
  }

  private static String hash(int[][] tokens) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (int[] sequence : tokens) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * sequence.length);
        bytes.asIntBuffer().put(sequence);
        digest.update(bytes);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
