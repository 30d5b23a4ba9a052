package dev.circuitscope.circuits.known;

/**
 * The residual stream of a known model, cut into subspaces: what stands here, where here is, and
 * what is to be predicted.
 *
 * <pre>
 * token     the current token: its code, and one more dimension for the start token
 * here      the code of the position, p + 1
 * before    the code of the position before, p
 * first     1 at position 0
 * later     1 at all other positions
 * output    the code of the token that is predicted: what the unembedding reads
 * ...       slots that heads write and later heads read
 * </pre>
 */
final class Stream {

  private final int start;
  private final Code tokenCode;
  private final Code positionCode;
  private final Subspace token;
  private final Subspace here;
  private final Subspace before;
  private final Subspace first;
  private final Subspace later;
  private final Subspace output;
  private int width;

  /** With codes for all tokens but the start token, and for one more position than there are. */
  Stream(int start, Code tokenCode, Code positionCode) {
    this.start = start;
    this.tokenCode = tokenCode;
    this.positionCode = positionCode;
    this.token = add(tokenCode.dimension() + 1);
    this.here = add(positionCode.dimension());
    this.before = add(positionCode.dimension());
    this.first = add(1);
    this.later = add(1);
    this.output = add(tokenCode.dimension());
  }

  Subspace add(int dimensions) {
    width += dimensions;
    return new Subspace(width - dimensions, dimensions);
  }

  int width() {
    return width;
  }

  Subspace token() {
    return token;
  }

  Subspace here() {
    return here;
  }

  Subspace before() {
    return before;
  }

  Subspace first() {
    return first;
  }

  Subspace later() {
    return later;
  }

  Subspace output() {
    return output;
  }

  Code tokenCode() {
    return tokenCode;
  }

  Code positionCode() {
    return positionCode;
  }

  /** What is 1 at every position. */
  Direction always() {
    return first.unit(0, 1).plus(later.unit(0, 1));
  }

  /** What is 1 at a start token. */
  Direction starts(double weight) {
    return token.unit(tokenCode.dimension(), weight);
  }

  /** W_E[token], into an array of the stream's width. */
  void embed(int id, double[] x) {
    if (id == start) {
      x[token.offset() + tokenCode.dimension()] = 1;
    } else {
      write(tokenCode, index(id), token, x);
    }
  }

  /** W_pos[p], into an array of the stream's width; its norm is the same everywhere. */
  void position(int p, double[] x) {
    write(positionCode, p + 1, here, x);
    write(positionCode, p, before, x);
    x[p == 0 ? first.offset() : later.offset()] = 1;
  }

  /** W_U[:, token] for a gain of 1; the start token is never predicted. */
  void unembed(int id, double[] u) {
    if (id != start) {
      write(tokenCode, index(id), output, u);
    }
  }

  /** The code's number of a token, which leaves out the start token. */
  int index(int id) {
    return id < start ? id : id - 1;
  }

  private static void write(Code code, int thing, Subspace to, double[] x) {
    for (int i = 0; i < code.dimension(); i++) {
      x[to.offset() + i] = code.at(thing, i);
    }
  }
}
