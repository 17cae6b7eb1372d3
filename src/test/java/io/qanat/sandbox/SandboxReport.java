package io.qanat.sandbox;

import java.util.ArrayList;
import java.util.List;

/** What runs where, as a short table for the terminal. */
final class SandboxReport {
  private final List<String[]> rows = new ArrayList<>();

  /** A report of the sandbox's servers. */
  static SandboxReport of(Sandbox sandbox) {
    SandboxReport report = new SandboxReport();
    for (SandboxServer server : sandbox.servers()) {
      report.row(server.name(), server.kind(), withoutCredentials(server.address()));
    }
    return report;
  }

  SandboxReport row(String name, String kind, String address) {
    rows.add(new String[] {name, kind, address});
    return this;
  }

  /** The table, a line for each row. */
  String table() {
    int name = width(0);
    int kind = width(1);
    StringBuilder table = new StringBuilder();
    for (String[] row : rows) {
      table.append(("  %-" + name + "s  %-" + kind + "s  %s%n").formatted(row[0], row[1], row[2]));
    }
    return table.toString();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row[column].length()).max().orElse(1);
  }

  static String withoutCredentials(String address) {
    return address
        .replaceFirst("//[^/@]*@", "//")
        .replaceFirst("(?i)([?&;](?:user|password)=)[^&;]*", "$1...")
        .replaceFirst("(?i)([?&;]password=)[^&;]*", "$1...");
  }
}
