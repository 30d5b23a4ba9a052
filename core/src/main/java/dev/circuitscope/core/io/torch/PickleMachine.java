package dev.circuitscope.core.io.torch;

import dev.circuitscope.core.io.torch.PickleValue.Bytes;
import dev.circuitscope.core.io.torch.PickleValue.ClassName;
import dev.circuitscope.core.io.torch.PickleValue.Mapping;
import dev.circuitscope.core.io.torch.PickleValue.Plain;
import dev.circuitscope.core.io.torch.PickleValue.Scalar;
import dev.circuitscope.core.io.torch.PickleValue.Sequence;
import dev.circuitscope.core.io.torch.PickleValue.Skipped;
import dev.circuitscope.core.io.torch.PickleValue.Text;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Executes a pickle of protocol 0 to 5. Its instructions are those of Python's pickle module, as
 * pickletools describes them; calls end in {@link Rebuilding}, which makes no call at all.
 */
final class PickleMachine {
  private final PickleInput in;
  private final TorchLimits limits;
  private final Rebuilding rebuilding;
  private final PickleStack stack;

  PickleMachine(PickleInput in, TorchLimits limits, Rebuilding rebuilding) {
    this.in = in;
    this.limits = limits;
    this.rebuilding = rebuilding;
    this.stack = new PickleStack(in, limits);
  }

  /** Runs up to the STOP instruction and returns the one value that is left. */
  PickleValue run() throws IOException {
    for (long count = 0; count < limits.maxInstructions(); count++) {
      int instruction = in.u1();
      if (instruction == '.') {
        PickleValue result = stack.pop();
        if (stack.size() > 0) {
          throw in.malformed(stack.size() + " values are left on its stack");
        }
        return result;
      }
      try {
        execute(instruction);
      } catch (IllegalArgumentException e) { // of PickleText
        throw in.malformed(e.getMessage());
      }
    }
    throw in.malformed("more than " + limits.maxInstructions() + " instructions");
  }

  private void execute(int instruction) throws IOException {
    switch (instruction) {
      case 0x80 -> requireProtocol(in.u1());
      case 0x95 -> in.i8(); // FRAME: a hint for buffering
      case '(' -> stack.push(Plain.MARK);
      case '0' -> stack.popOrMark();
      case '1' -> stack.popToMark();
      case '2' -> stack.push(stack.top());

      case 'N' -> stack.push(Plain.NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'I' -> pushInt(in.line());
      case 'L' -> push(PickleText.integer(in.line()));
      case 'J' -> push((long) in.i4());
      case 'K' -> push((long) in.u1());
      case 'M' -> push((long) in.u2());
      case 0x8a -> pushLong(in.u1());
      case 0x8b -> pushLong(in.i4());
      case 'F' -> push(PickleText.floating(in.line()));
      case 'G' -> push(in.f8());

      case 'S' -> stack.push(new Text(PickleText.unquote(in.line())));
      case 'V' -> stack.push(new Text(PickleText.unescape(in.line())));
      case 'U', 0x8c -> pushText(in.u1());
      case 'T', 'X' -> pushText(Integer.toUnsignedLong(in.i4()));
      case 0x8d -> pushText(in.i8());
      case 'C' -> pushBytes(in.u1());
      case 'B' -> pushBytes(Integer.toUnsignedLong(in.i4()));
      case 0x8e, 0x96 -> pushBytes(in.i8());

      case ')' -> stack.push(new Sequence(new ArrayList<>(0), true));
      case 't' -> stack.push(new Sequence(stack.popToMark(), true));
      case 0x85 -> pushTuple(1);
      case 0x86 -> pushTuple(2);
      case 0x87 -> pushTuple(3);
      case ']', 0x8f -> stack.push(new Sequence(new ArrayList<>(0), false));
      case 'l', 0x91 -> stack.push(new Sequence(stack.popToMark(), false));
      case 'a' -> append(List.of(stack.pop()));
      case 'e', 0x90 -> append(stack.popToMark());
      case '}' -> stack.push(new Mapping());
      case 'd' -> pushDictionary(stack.popToMark());
      case 's' -> putLast();
      case 'u' -> put(stack.popToMark());

      case 'p' -> stack.remember(memoIndex(in.line()));
      case 'q' -> stack.remember(in.u1());
      case 'r' -> stack.remember(Integer.toUnsignedLong(in.i4()));
      case 0x94 -> stack.rememberNext();
      case 'g' -> stack.recall(memoIndex(in.line()));
      case 'h' -> stack.recall(in.u1());
      case 'j' -> stack.recall(Integer.toUnsignedLong(in.i4()));

      case 'c' -> stack.push(rebuilding.named(in.line(), in.line()));
      case 0x93 -> pushNamed(stack.pop(), stack.pop());
      case 'R', 0x81 -> call(stack.pop(), stack.pop());
      case 0x92 -> callWithNames(stack.pop(), stack.pop(), stack.pop());
      case 'i' ->
          stack.push(
              rebuilding.call(rebuilding.named(in.line(), in.line()), tuple(stack.popToMark())));
      case 'o' -> callFirst(stack.popToMark());
      case 'b' -> build(stack.pop());
      case 'Q' -> stack.push(rebuilding.persistent(stack.pop()));
      default ->
          throw in.malformed(
              "instruction 0x%02x is unknown, or refers to what is outside the file"
                  .formatted(instruction));
    }
  }

  private void requireProtocol(int protocol) throws IOException {
    if (protocol > 5) {
      throw in.malformed("protocol " + protocol + "; 0 to 5 are read");
    }
  }

  private void push(Object scalar) throws IOException {
    stack.push(new Scalar(scalar));
  }

  /** 00 and 01 are truth values in protocol 0. */
  private void pushInt(String line) throws IOException {
    push(
        switch (line) {
          case "00" -> false;
          case "01" -> true;
          default -> PickleText.integer(line);
        });
  }

  /** Little-endian two's complement. */
  private void pushLong(int length) throws IOException {
    byte[] little = in.bytes(length, 255);
    byte[] big = new byte[little.length];
    for (int i = 0; i < big.length; i++) {
      big[i] = little[little.length - 1 - i];
    }
    push(big.length == 0 ? (Object) 0L : PickleText.narrowed(new BigInteger(big)));
  }

  private void pushText(long length) throws IOException {
    stack.push(new Text(PickleText.decode(in.bytes(length, limits.maxTextBytes()))));
  }

  private void pushBytes(long length) throws IOException {
    if (length > limits.maxTextBytes()) {
      throw in.malformed("a byte string of " + Long.toUnsignedString(length) + " bytes");
    }
    in.skip(length);
    stack.push(new Bytes((int) length));
  }

  private void pushTuple(int size) throws IOException {
    List<PickleValue> items = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      items.add(0, stack.pop());
    }
    stack.push(tuple(items));
  }

  private static Sequence tuple(List<PickleValue> items) {
    return new Sequence(items, true);
  }

  private void append(List<PickleValue> items) throws IOException {
    PickleValue target = stack.top();
    if (target instanceof Sequence sequence && !sequence.isTuple()) {
      sequence.items().addAll(items);
    } else if (target instanceof Skipped skipped) {
      skipped.items().addAll(items);
    } else {
      throw in.malformed("items for what is no list");
    }
  }

  private void pushDictionary(List<PickleValue> keysAndValues) throws IOException {
    stack.push(new Mapping());
    put(keysAndValues);
  }

  private void putLast() throws IOException {
    PickleValue value = stack.pop();
    put(List.of(stack.pop(), value));
  }

  private void put(List<PickleValue> keysAndValues) throws IOException {
    PickleValue target = stack.top();
    Mapping mapping =
        target instanceof Skipped skipped
            ? skipped.entries()
            : target instanceof Mapping plain ? plain : null;
    if (mapping == null || keysAndValues.size() % 2 != 0) {
      throw in.malformed("entries for what is no dictionary, or a key without a value");
    }
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      mapping.put(keysAndValues.get(i), keysAndValues.get(i + 1));
    }
  }

  private long memoIndex(String line) throws IOException {
    if (PickleText.integer(line) instanceof Long index) {
      return index;
    }
    throw in.malformed("memory index " + line);
  }

  private void pushNamed(PickleValue name, PickleValue module) throws IOException {
    if (name instanceof Text n && module instanceof Text m) {
      stack.push(rebuilding.named(m.value(), n.value()));
    } else {
      throw in.malformed("a class whose name is no text");
    }
  }

  private void call(PickleValue arguments, PickleValue callable) throws IOException {
    if (!(arguments instanceof Sequence tuple && tuple.isTuple())) {
      throw in.malformed("arguments that are no tuple");
    }
    stack.push(rebuilding.call(callable, tuple));
  }

  private void callWithNames(PickleValue named, PickleValue arguments, PickleValue callable)
      throws IOException {
    call(arguments, callable);
    if (named instanceof Mapping names && stack.top() instanceof Skipped skipped) {
      skipped.states().add(names);
    }
  }

  private void callFirst(List<PickleValue> callableAndArguments) throws IOException {
    if (callableAndArguments.isEmpty()) {
      throw in.malformed("a call without a class");
    }
    PickleValue callable = callableAndArguments.remove(0);
    stack.push(rebuilding.call(callable, tuple(callableAndArguments)));
  }

  /** Only what stands for an unknown object keeps a state; that of a dictionary is of no use. */
  private void build(PickleValue state) throws IOException {
    PickleValue target = stack.top();
    if (target instanceof Skipped skipped) {
      skipped.states().add(state);
    } else if (target instanceof ClassName || target instanceof Plain) {
      throw in.malformed("a state for what is no object");
    }
  }
}
