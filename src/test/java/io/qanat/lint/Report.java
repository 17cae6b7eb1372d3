package io.qanat.lint;

import java.util.ArrayList;
import java.util.List;

/** Gathers what one rule has to say about one file. */
final class Report {
  private final Rule rule;
  private final LintFile file;
  private final List<Finding> findings = new ArrayList<>();

  Report(Rule rule, LintFile file) {
    this.rule = rule;
    this.file = file;
  }

  /** Notes a breach in the line of this piece. */
  void say(Yaml piece, String message, Object... arguments) {
    say(piece.line(), message, arguments);
  }

  /** Notes a breach in this line. */
  @SuppressWarnings("AnnotateFormatMethod") // a dependency for one annotation is too much
  void say(int line, String message, Object... arguments) {
    String text = arguments.length == 0 ? message : message.formatted(arguments);
    findings.add(new Finding(rule, file.name(), line, file.identity(), text));
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }
}
