package dev.circuitscope.examples.report;

import java.util.List;

/**
 * A table.
 *
 * @param caption what it shows
 * @param header names of the columns
 * @param rows as many cells each; the first one names its row
 */
public record Table(String caption, List<String> header, List<List<String>> rows) implements Block {

  /**
   * Checks the rows' lengths.
   *
   * @param caption what it shows
   * @param header names of the columns
   * @param rows as many cells each; the first one names its row
   */
  public Table {
    header = List.copyOf(header);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<String> row : rows) {
      if (row.size() != header.size()) {
        throw new IllegalArgumentException(
            "table '%s' has %d columns, but a row of %d cells: %s"
                .formatted(caption, header.size(), row.size(), row));
      }
    }
  }
}
