package io.qanat.lint;

import java.util.stream.Stream;

/**
 * A step of a route.
 *
 * @param eip its keyword
 * @param body what stands under the keyword
 */
record Step(String eip, Yaml body) {
  /** All steps in this piece and below it, in the order of the file. */
  static Stream<Step> in(Yaml piece) {
    return piece
        .entries()
        .filter(entry -> entry.getKey().equals("steps"))
        .flatMap(entry -> directly(entry.getValue()));
  }

  /** The steps of this list, without those inside them. */
  static Stream<Step> directly(Yaml steps) {
    return steps.items().stream()
        .flatMap(item -> item.fields().entrySet().stream())
        .map(entry -> new Step(entry.getKey(), entry.getValue()));
  }

  /** The kamelet that this step calls, empty if it calls none. */
  String kamelet() {
    if (eip.equals("kamelet")) {
      return body.isScalar() ? body.text() : body.textAt("name");
    }
    String uri = body.isScalar() ? body.text() : body.textAt("uri");
    return eip.equals("to") && uri.startsWith("kamelet:")
        ? uri.substring("kamelet:".length()).replaceFirst("[/?].*", "")
        : "";
  }

  boolean isOn(String option) {
    return body.textAt(option).equals("true");
  }
}
