package dev.circuitscope.core.hook;

import java.util.function.BiConsumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What to do with an activation when a run reaches it, and with its gradient when the backward pass
 * does.
 *
 * <p>As a lambda it is the forward part: it gets the activation and the point, and returns what the
 * run goes on with, of the same shape: the same array (left alone, or changed in place) or another.
 * The backward part then passes the gradient on unchanged, which is exact for hooks that add
 * something or only look. A hook that does more overrides {@link #backward}.
 */
@FunctionalInterface
public interface Hook {

  /**
   * Sees and changes an activation.
   *
   * @param activation the value computed by the model; may be changed in place; valid only during
   *     the call
   * @param at the point that was reached
   * @return what the run goes on with, of the same shape
   */
  INDArray forward(INDArray activation, HookPoint at);

  /**
   * Turns the gradient of the loss with respect to this hook's output into that with respect to its
   * input.
   *
   * @param gradient with respect to the output; may be changed in place; valid only during the call
   * @param at the point that was reached
   * @return the gradient with respect to the input, of the same shape
   */
  default INDArray backward(INDArray gradient, HookPoint at) {
    return gradient;
  }

  /**
   * Whether the hook leaves values and gradients as they are. A run then need not stop for it, and
   * calls it in the end; see {@link #reading}.
   *
   * @return false unless overridden
   */
  default boolean readsOnly() {
    return false;
  }

  /**
   * Whether the hook fills the activation whatever the model computes there. A run need then not
   * compute it: if such a hook is the first of its point, what it gets may have any contents.
   *
   * @return false unless overridden
   */
  default boolean overwrites() {
    return false;
  }

  /**
   * A hook that looks at the activation and changes nothing. It costs no more than keeping the
   * activation: the run goes on, and the hook sees the finished values when it ends, in the order
   * in which their points were reached; but where it shares its point with a hook that changes
   * something, it is called in its turn.
   *
   * @param reader gets the activation, valid only during the call and not to be changed, and the
   *     point
   * @return the hook
   */
  static Hook reading(BiConsumer<INDArray, HookPoint> reader) {
    return new Hook() {
      @Override
      public INDArray forward(INDArray activation, HookPoint at) {
        reader.accept(activation, at);
        return activation;
      }

      @Override
      public boolean readsOnly() {
        return true;
      }
    };
  }

  /**
   * A hook that only touches gradients.
   *
   * @param backward from the gradient at the point to the one that the backward pass goes on with
   * @return the hook
   */
  static Hook onGradient(Hook backward) {
    return new Hook() {
      @Override
      public INDArray forward(INDArray activation, HookPoint at) {
        return activation;
      }

      @Override
      public INDArray backward(INDArray gradient, HookPoint at) {
        return backward.forward(gradient, at);
      }
    };
  }

  /**
   * A hook that applies the same linear map forward and backward, one that is its own transpose:
   * zeroing, masking, scaling element by element.
   *
   * @param map a symmetric linear map
   * @return the hook
   */
  static Hook symmetric(Hook map) {
    return new Hook() {
      @Override
      public INDArray forward(INDArray activation, HookPoint at) {
        return map.forward(activation, at);
      }

      @Override
      public INDArray backward(INDArray gradient, HookPoint at) {
        return map.forward(gradient, at);
      }
    };
  }

  /**
   * A hook that puts a fixed value in place of the activation; no gradient passes it.
   *
   * @param value of the activation's shape; read at each run, never modified
   * @return the hook
   */
  static Hook replaceWith(INDArray value) {
    return new Hook() {
      @Override
      public INDArray forward(INDArray activation, HookPoint at) {
        return value;
      }

      @Override
      public INDArray backward(INDArray gradient, HookPoint at) {
        return gradient.assign(0);
      }

      @Override
      public boolean overwrites() {
        return true;
      }
    };
  }
}
