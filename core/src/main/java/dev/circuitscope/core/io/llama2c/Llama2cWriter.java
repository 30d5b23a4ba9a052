package dev.circuitscope.core.io.llama2c;

import dev.circuitscope.core.io.AtomicFiles;
import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.io.TensorBytes;
import dev.circuitscope.core.io.llama2c.Llama2cFormat.Part;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Writes checkpoints that llama2.c runs.
 *
 * <pre>{@code
 * Llama2cWriter.write(Path.of("model.bin"), new Llama2cModel(header, weights), Llama2cFormat.LEGACY);
 * }</pre>
 */
public final class Llama2cWriter {
  /** Base of the rotary frequencies in the tables of version 0. */
  private static final double ROTARY_BASE = 10_000;

  private Llama2cWriter() {}

  /**
   * Writes a model, atomically.
   *
   * @param file target, replaced if it exists
   * @param model header and weights, of type FLOAT and any layout
   * @param format layout of the file
   * @throws IllegalArgumentException if a weight has another type or shape than the header says, or
   *     the classifier is shared but {@code output.weight} differs from the embedding
   * @throws java.util.NoSuchElementException if a weight is missing
   * @throws IOException if writing fails; the target is then untouched
   */
  public static void write(Path file, Llama2cModel model, Llama2cFormat format) throws IOException {
    for (Part part : format.parts(model.header())) {
      requireWeight(part, model.tensors());
    }
    requireShared(model);
    AtomicFiles.writeChannel(
        file,
        out -> {
          writeFully(out, header(model.header(), format));
          boolean cosine = true;
          for (Part part : format.parts(model.header())) {
            if (part.name() != null) {
              TensorBytes.write(model.tensors().get(part.name()), out);
            } else {
              writeRotation(model.header(), cosine, out);
              cosine = false;
            }
          }
        });
  }

  private static void requireWeight(Part part, NamedTensors tensors) {
    if (part.name() == null) {
      return;
    }
    INDArray array = tensors.get(part.name());
    if (array.dataType() != DataType.FLOAT || !Arrays.equals(array.shape(), part.shape())) {
      throw new IllegalArgumentException(
          "llama2.c: weight '%s' is %s %s; the header asks for FLOAT %s"
              .formatted(
                  part.name(),
                  array.dataType(),
                  Arrays.toString(array.shape()),
                  Arrays.toString(part.shape())));
    }
  }

  private static void requireShared(Llama2cModel model) throws IOException {
    NamedTensors tensors = model.tensors();
    if (!model.header().sharedClassifier() || !tensors.contains(Llama2cFormat.OUTPUT)) {
      return;
    }
    INDArray output = tensors.get(Llama2cFormat.OUTPUT);
    INDArray embedding = tensors.get(Llama2cFormat.EMBEDDING);
    boolean same =
        output == embedding
            || output.dataType() == embedding.dataType()
                && Arrays.equals(output.shape(), embedding.shape())
                && Arrays.equals(digest(output), digest(embedding));
    if (!same) {
      throw new IllegalArgumentException(
          "llama2.c: the header shares the classifier, but output.weight is not the embedding;"
              + " use a header with sharedClassifier false");
    }
  }

  private static byte[] digest(INDArray array) throws IOException {
    try {
      DigestOutputStream out =
          new DigestOutputStream(
              OutputStream.nullOutputStream(), MessageDigest.getInstance("SHA-256"));
      TensorBytes.write(array, Channels.newChannel(out));
      return out.getMessageDigest().digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static ByteBuffer header(Llama2cHeader h, Llama2cFormat format) {
    ByteBuffer out = ByteBuffer.allocate(format.headerBytes()).order(ByteOrder.LITTLE_ENDIAN);
    boolean legacy = format == Llama2cFormat.LEGACY;
    if (!legacy) {
      out.putInt(Llama2cCheckpoint.MAGIC).putInt(1);
    }
    out.putInt(h.dim()).putInt(h.hiddenDim()).putInt(h.nLayers()).putInt(h.nHeads());
    out.putInt(h.nKvHeads());
    out.putInt(legacy && !h.sharedClassifier() ? -h.vocabSize() : h.vocabSize());
    out.putInt(h.seqLen());
    if (!legacy) {
      out.put((byte) (h.sharedClassifier() ? 1 : 0));
    }
    return out.rewind();
  }

  /** cos or sin of pos * base^(-2 i / head_size), [pos, i]. */
  private static void writeRotation(Llama2cHeader h, boolean cosine, WritableByteChannel out)
      throws IOException {
    int pairs = h.headSize() / 2;
    ByteBuffer row = ByteBuffer.allocate(pairs * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int pos = 0; pos < h.seqLen(); pos++) {
      row.clear();
      for (int i = 0; i < pairs; i++) {
        double angle = pos * Math.pow(ROTARY_BASE, -2.0 * i / h.headSize());
        row.putFloat((float) (cosine ? Math.cos(angle) : Math.sin(angle)));
      }
      writeFully(out, row.flip());
    }
  }

  private static void writeFully(WritableByteChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
