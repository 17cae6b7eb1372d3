package io.qanat;

/** Tells whether a server that flows need can be used now. */
public interface ServerCheck {
  /** The name by which routes ask for it, such as {@code kafka}. */
  String name();

  /**
   * Asks the server something small, and waits no longer than a few seconds for the answer.
   *
   * @throws Exception if it does not answer, or not well
   */
  void check() throws Exception;
}
