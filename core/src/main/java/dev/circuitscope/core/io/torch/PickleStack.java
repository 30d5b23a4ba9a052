package dev.circuitscope.core.io.torch;

import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.torch.PickleValue.Plain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The stack and the memory of the machine, both bounded. */
final class PickleStack {
  private final PickleInput input;
  private final TorchLimits limits;
  private final List<PickleValue> values = new ArrayList<>();
  private final Map<Integer, PickleValue> memo = new HashMap<>();

  PickleStack(PickleInput input, TorchLimits limits) {
    this.input = input;
    this.limits = limits;
  }

  void push(PickleValue value) throws MalformedFileException {
    if (values.size() == limits.maxStack()) {
      throw input.malformed("more than " + limits.maxStack() + " values on its stack");
    }
    values.add(value);
  }

  PickleValue pop() throws MalformedFileException {
    PickleValue top = popOrMark();
    if (top == Plain.MARK) {
      throw input.malformed("a value is missing on its stack");
    }
    return top;
  }

  /** The POP instruction may drop a mark, too. */
  PickleValue popOrMark() throws MalformedFileException {
    requireFilled();
    return values.remove(values.size() - 1);
  }

  PickleValue top() throws MalformedFileException {
    requireFilled();
    PickleValue top = values.get(values.size() - 1);
    if (top == Plain.MARK) {
      throw input.malformed("a value is missing on its stack");
    }
    return top;
  }

  /** Everything above the uppermost mark, lowest first; the mark goes, too. */
  List<PickleValue> popToMark() throws MalformedFileException {
    int mark = values.lastIndexOf(Plain.MARK);
    if (mark < 0) {
      throw input.malformed("a mark is missing on its stack");
    }
    List<PickleValue> above = values.subList(mark + 1, values.size());
    List<PickleValue> popped = new ArrayList<>(above);
    above.clear();
    values.remove(mark);
    return popped;
  }

  int size() {
    return values.size();
  }

  void remember(long index) throws MalformedFileException {
    if (index < 0 || index > Integer.MAX_VALUE) {
      throw input.malformed("memory index " + index);
    }
    if (memo.size() == limits.maxMemo()) {
      throw input.malformed("more than " + limits.maxMemo() + " remembered values");
    }
    memo.put((int) index, top());
  }

  void rememberNext() throws MalformedFileException {
    remember(memo.size());
  }

  void recall(long index) throws MalformedFileException {
    PickleValue value = index < 0 || index > Integer.MAX_VALUE ? null : memo.get((int) index);
    if (value == null) {
      throw input.malformed("nothing is remembered under " + index);
    }
    push(value);
  }

  private void requireFilled() throws MalformedFileException {
    if (values.isEmpty()) {
      throw input.malformed("its stack is empty where a value is needed");
    }
  }
}
