package dev.circuitscope.core.train;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.model.Weights;
import dev.circuitscope.core.text.BatchSource;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;

/** SHA-256 of numbers, in hexadecimal. */
final class Fingerprint {

  private static final int SAMPLES = 16;
  private static final int TILE = 1 << 14;

  private Fingerprint() {}

  /** Of batches spread over a training, so that another corpus or seed does not go unnoticed. */
  static DataDescription of(BatchSource source, long steps) {
    List<int[][]> sample =
        LongStream.range(0, SAMPLES)
            .map(i -> Math.round((double) Math.max(0, steps - 1) * i / (SAMPLES - 1)))
            .distinct()
            .mapToObj(source::batch)
            .toList();
    return new DataDescription(source.describe(), of(sample));
  }

  static String of(List<int[][]> batches) {
    MessageDigest digest = sha256();
    for (int[][] batch : batches) {
      for (int[] sequence : batch) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * sequence.length).putInt(sequence.length);
        bytes.asIntBuffer().put(sequence);
        digest.update(bytes.array());
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static String of(Weights weights) {
    MessageDigest digest = sha256();
    FloatBlock block = weights.block();
    float[] tile = new float[TILE];
    ByteBuffer bytes = ByteBuffer.allocate(4 * TILE);
    for (int from = 0; from < block.length(); from += TILE) {
      int n = Math.min(TILE, block.length() - from);
      block.read(from, tile, 0, n);
      bytes.asFloatBuffer().put(tile, 0, n);
      digest.update(bytes.array(), 0, 4 * n);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
