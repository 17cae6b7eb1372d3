package io.qanat.task;

/** What is said of a server that does not answer, or refuses. */
final class Failures {
  private Failures() {}

  /** The failure in one line, which names the server; the exception goes with it for the log. */
  static IllegalStateException of(String server, Exception e) {
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String own = String.valueOf(e.getMessage());
    String reason = String.valueOf(root.getMessage());
    IllegalStateException failure =
        new IllegalStateException(
            "%s does not do what it is asked: %s"
                .formatted(server, own.contains(reason) ? own : own + ": " + reason));
    // As a cause it would tell in place of this one.
    failure.addSuppressed(e);
    return failure;
  }
}
