package dev.circuitscope.core.model;
final class ModelFiles {
  static void save(Transformer t, java.nio.file.Path p) { throw new UnsupportedOperationException(); }
  static Transformer load(java.nio.file.Path p) { throw new UnsupportedOperationException(); }
}
