package dev.circuitscope.core.sweep;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Why a cell has no results. It holds what is the same wherever the cell ran, so no stack trace: a
 * task run on {@code grid.cells().get(i)} by hand shows that.
 *
 * @param exception its class
 * @param message its message; empty if it has none
 * @param where the line that threw it; empty if it is not known
 * @param causes class and message of each cause, the nearest first
 */
public record CellFailure(String exception, String message, String where, List<String> causes) {

  /** A chain of causes can be a ring. */
  private static final int MOST_CAUSES = 16;

  /**
   * Checks that everything is there.
   *
   * @param exception its class
   * @param message its message; empty if it has none
   * @param where the line that threw it; empty if it is not known
   * @param causes class and message of each cause, the nearest first; copied
   * @throws NullPointerException if a component is null
   */
  public CellFailure {
    Objects.requireNonNull(exception, "exception");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(where, "where");
    causes = List.copyOf(causes);
  }

  static CellFailure of(Throwable thrown) {
    List<String> causes = new ArrayList<>();
    for (Throwable cause = thrown.getCause();
        cause != null && causes.size() < MOST_CAUSES;
        cause = cause.getCause()) {
      causes.add(cause.toString());
    }
    StackTraceElement[] trace = thrown.getStackTrace();
    return new CellFailure(
        thrown.getClass().getName(),
        thrown.getMessage() == null ? "" : thrown.getMessage(),
        trace.length == 0 ? "" : place(trace[0]),
        causes);
  }

  /** Without the class loader and the module that a full rendering begins with. */
  private static String place(StackTraceElement top) {
    return "%s.%s(%s:%d)"
        .formatted(top.getClassName(), top.getMethodName(), top.getFileName(), top.getLineNumber());
  }

  /**
   * The failure as JSON.
   *
   * @return an object with every component
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("exception", exception);
    json.addProperty("message", message);
    json.addProperty("where", where);
    JsonArray chain = new JsonArray();
    causes.forEach(chain::add);
    json.add("causes", chain);
    return json;
  }

  /**
   * The failure on one line.
   *
   * @return class, message, place and causes
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(exception);
    if (!message.isEmpty()) {
      text.append(": ").append(message);
    }
    if (!where.isEmpty()) {
      text.append(" at ").append(where);
    }
    causes.forEach(cause -> text.append(", caused by ").append(cause));
    return text.toString();
  }
}
