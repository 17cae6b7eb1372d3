package io.qanat.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** A table with the conditions it was measured under: printed, and kept as Markdown. */
final class Report {
  private final List<String> lines = new ArrayList<>();

  /** Of servers that are warmed up and measured for a while. */
  Report(String title) {
    this(
        title,
        "warm-up %d s, rounds of %d s"
            .formatted(BenchSettings.warmup().toSeconds(), BenchSettings.measure().toSeconds()));
  }

  Report(String title, String how) {
    lines.add("## " + title);
    lines.add("");
    lines.add(
        "%s %s, %d processors, JDK %s; %s."
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                BenchSettings.version(BenchSettings.javaHome()).orElse(Runtime.version()),
                how));
    lines.add("");
  }

  /** A row of the table; the first is its head. */
  void row(String... cells) {
    boolean head = lines.stream().noneMatch(line -> line.startsWith("|"));
    lines.add("| " + String.join(" | ", cells) + " |");
    if (head) {
      lines.add("|---".repeat(cells.length) + "|");
    }
  }

  /** A sentence below the table. */
  void line(String text) {
    lines.add("");
    lines.add(text);
  }

  /** Prints it, and writes it to {@code target/bench/}. */
  void write(String file) throws IOException {
    String text = String.join("\n", lines) + "\n";
    System.out.println(text);
    Files.writeString(MeasuredJvm.reports().resolve(file), text);
  }
}
