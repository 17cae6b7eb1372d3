package io.qanat.deliver;

/** A record that is no event, and why; it is dead-lettered alone. */
public class UndecodableException extends Exception {
  private static final long serialVersionUID = 1L;
  private final String code;

  /**
   * Says what is wrong with the record.
   *
   * @param code a stable SCREAMING_SNAKE code
   * @param message what is wrong, without payload
   */
  public UndecodableException(String code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  /** The code of the dead letter. */
  String code() {
    return code;
  }
}
