package io.qanat.deliver;

/**
 * Something that delivery needs, beside the sink itself, cannot be reached: the events are held.
 */
public class UnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String code;

  /**
   * Says what is missing.
   *
   * @param code a stable SCREAMING_SNAKE code for the hold
   * @param message what cannot be reached, for people
   */
  public UnavailableException(String code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** The code of the hold. */
  String code() {
    return code;
  }
}
