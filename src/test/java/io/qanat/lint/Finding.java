package io.qanat.lint;

/**
 * One place where a convention is broken.
 *
 * @param where the route, kamelet or operation
 * @param message what is wrong and how to put it right, in one line
 */
record Finding(Rule rule, String file, int line, String where, String message) {
  @Override
  public String toString() {
    return "%s:%d: %s: %s [%s]".formatted(file, line, where, message, rule.id());
  }
}
