package dev.circuitscope.core.array;

/** Decides once, at start-up, which kernels this JVM runs. */
final class KernelChoice {

  static final Kernels PLAIN = new PlainKernels();
  static final Kernels BEST = choose();

  private KernelChoice() {}

  private static Kernels choose() {
    if ("plain".equals(System.getProperty("circuitscope.kernels"))) {
      return PLAIN;
    }
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      System.getLogger("dev.circuitscope")
          .log(
              System.Logger.Level.INFO,
              "running without vector instructions; for several times the speed start Java with"
                  + " --add-modules jdk.incubator.vector");
      return PLAIN;
    }
    // By name, so that nothing that reads this class needs the incubator module.
    try {
      return (Kernels)
          Class.forName(KernelChoice.class.getPackageName() + ".vector.VectorKernels")
              .getDeclaredConstructor()
              .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the vector kernels are missing from this build", e);
    }
  }
}
