package dev.circuitscope.core.io.fuzz;

import dev.circuitscope.core.io.torch.PickleBytes;
import java.util.SplittableRandom;

/** Pickles made to run something, to exhaust something, or to reach outside their storages. */
final class HostilePickles {
  private static final String[][] FUNCTIONS = {
    {"os", "system"},
    {"posix", "system"},
    {"nt", "system"},
    {"builtins", "eval"},
    {"__builtin__", "exec"},
    {"subprocess", "Popen"},
    {"runpy", "_run_code"},
    {"torch.storage", "_load_from_bytes"},
    {"torch._tensor", "_rebuild_from_type_v2"},
    {"collections", "OrderedDict"},
    {"collections", "defaultdict"},
    {"torch", "Size"},
    {"java.lang", "Runtime"},
    {"dev.circuitscope.core.io.fuzz", "Canary"},
  };

  /** Every instruction, known or not, and those with arguments in front of plausible ones. */
  private static final int[] INSTRUCTIONS = {
    '(', '.', '0', '1', '2', 'N', 0x88, 0x89, 'I', 'L', 'J', 'K', 'M', 0x8a, 0x8b, 'F', 'G', 'S',
    'V', 'U', 'T', 'X', 0x8c, 0x8d, 'C', 'B', 0x8e, 0x96, ')', 't', 0x85, 0x86, 0x87, ']', 0x8f,
    'l', 0x91, 'a', 'e', 0x90, '}', 'd', 's', 'u', 'p', 'q', 'r', 0x94, 'g', 'h', 'j', 'c', 0x93,
    'R', 0x81, 0x92, 'i', 'o', 'b', 'Q', 'P', 0x80, 0x95, 0x82, 0x83, 0x84, 0x97, 0x98
  };

  private HostilePickles() {}

  static byte[] next(String command, SplittableRandom random) {
    PickleBytes pickle = PickleBytes.protocol(random.nextInt(6));
    switch (random.nextInt(6)) {
      case 0 -> call(pickle, command, random);
      case 1 -> soup(pickle, command, random);
      case 2 -> tower(pickle, random);
      case 3 -> laughs(pickle, random);
      case 4 -> flood(pickle, random);
      default -> tensors(pickle, random);
    }
    return pickle.stop().bytes();
  }

  private static void call(PickleBytes pickle, String command, SplittableRandom random) {
    String[] f = FUNCTIONS[random.nextInt(FUNCTIONS.length)];
    pickle.op('}').text("model");
    switch (random.nextInt(7)) {
      case 0 -> pickle.global(f[0], f[1]).text(command).op(0x85, 'R');
      case 1 -> pickle.text(f[0]).text(f[1]).op(0x93).text(command).op(0x85, 'R');
      case 2 -> pickle.op('(').text(command).op('i').line(f[0]).line(f[1]);
      case 3 -> pickle.op('(').global(f[0], f[1]).text(command).op('o');
      case 4 -> pickle.global(f[0], f[1]).text(command).op(0x85, 0x81);
      case 5 -> pickle.global(f[0], f[1]).text(command).op(0x85, '}', 0x92);
      default ->
          pickle
              .global(f[0], f[1])
              .op(')', 0x81, '}')
              .text("__reduce__")
              .text(command)
              .op('s', 'b');
    }
    pickle.op('s');
  }

  private static void soup(PickleBytes pickle, String command, SplittableRandom random) {
    for (int i = random.nextInt(120); i >= 0; i--) {
      int instruction = INSTRUCTIONS[random.nextInt(INSTRUCTIONS.length)];
      if (random.nextInt(4) > 0) {
        push(pickle, command, random);
      }
      pickle.op(instruction);
      switch (random.nextInt(4)) {
        case 0 -> pickle.op(random.nextInt(4));
        case 1 -> pickle.line(random.nextBoolean() ? "3" : "os");
        case 2 -> pickle.op(random.nextInt(256), random.nextInt(256));
        default -> {}
      }
    }
  }

  private static void push(PickleBytes pickle, String command, SplittableRandom random) {
    String[] f = FUNCTIONS[random.nextInt(FUNCTIONS.length)];
    switch (random.nextInt(7)) {
      case 0 -> pickle.text(command);
      case 1 -> pickle.number(random.nextLong());
      case 2 -> pickle.global(f[0], f[1]);
      case 3 -> pickle.op(')');
      case 4 -> pickle.op('}');
      case 5 -> pickle.op(']');
      default -> pickle.op('(');
    }
  }

  private static void tower(PickleBytes pickle, SplittableRandom random) {
    int height = 1 << random.nextInt(16);
    int[] step = new int[][] {{')', 0x85}, {']', 'a'}, {'(', 't'}}[random.nextInt(3)];
    for (int i = 0; i < height; i++) {
      pickle.op(step[0]);
    }
    for (int i = 1; i < height; i++) {
      pickle.op(step[1]);
    }
  }

  private static void laughs(PickleBytes pickle, SplittableRandom random) {
    int count = 2 + random.nextInt(100);
    int fan = 1 + random.nextInt(20);
    pickle.op(']', 'q', 0);
    for (int i = 1; i < count; i++) {
      pickle.op('}', 'q', i);
      for (int j = 0; j < fan; j++) {
        pickle.text("k" + j).op('h', i - 1, 's');
      }
    }
    if (random.nextBoolean()) {
      pickle.op('h', 0, 'a');
    }
    pickle.op('q', 200);
    for (int i = 0; i < count; i++) {
      pickle.op('0');
    }
    pickle.op('h', random.nextBoolean() ? 200 : count - 1);
  }

  private static void flood(PickleBytes pickle, SplittableRandom random) {
    int times = 1 << random.nextInt(14);
    switch (random.nextInt(4)) {
      case 0 -> {
        pickle.op('N');
        for (int i = 0; i < times; i++) {
          pickle.op('2', 0x94);
        }
      }
      case 1 -> {
        pickle.op('(').op(new int[times]).op('t');
      }
      case 2 -> {
        pickle.global("collections", "OrderedDict").op('q', 0).numbers(new long[times % 1000]);
        pickle.op('q', 1);
        for (int i = 0; i < times; i++) {
          pickle.op('h', 0, 'h', 1, 0x85, 'R');
        }
      }
      default -> {
        for (int i = 0; i < times; i++) {
          pickle.global("m" + i, "c".repeat(random.nextInt(600)));
        }
      }
    }
  }

  private static void tensors(PickleBytes pickle, SplittableRandom random) {
    pickle.op('}');
    for (int i = random.nextInt(4); i >= 0; i--) {
      String type = random.nextBoolean() ? "FloatStorage" : "BoolStorage";
      PickleBytes storage =
          new PickleBytes()
              .storage(type, random.nextInt(3) + "", size(random), random.nextBoolean());
      int rank = random.nextInt(5) == 0 ? random.nextInt(70) : random.nextInt(4);
      long[] shape = new long[rank];
      long[] stride = new long[random.nextInt(9) == 0 ? 1 : rank];
      java.util.Arrays.setAll(shape, axis -> size(random));
      java.util.Arrays.setAll(stride, axis -> size(random));
      pickle.text("t" + i).tensor(storage, size(random), shape, stride).op('s');
    }
  }

  private static long size(SplittableRandom random) {
    return switch (random.nextInt(12)) {
      case 0 -> random.nextLong();
      case 1 -> 1L << random.nextInt(64);
      case 2 -> -1;
      case 3 -> 1 << random.nextInt(22);
      default -> random.nextInt(9);
    };
  }
}
