package dev.circuitscope.core;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** This library itself. */
public final class Library {

  private static final String VERSION = read();

  private Library() {}

  /**
   * The version, for the provenance of results.
   *
   * @return for example {@code 0.1.0}
   */
  public static String version() {
    return VERSION;
  }

  private static String read() {
    try (InputStream in = Library.class.getResourceAsStream("library.properties")) {
      if (in == null) {
        throw new IllegalStateException("library.properties is missing; build core with Maven");
      }
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read library.properties", e);
    }
  }
}
