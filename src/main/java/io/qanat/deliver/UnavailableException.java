package io.qanat.deliver;

import org.jspecify.annotations.Nullable;

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
  public UnavailableException(String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** The same, where nothing was thrown before. */
  public UnavailableException(String code, String message) {
    this(code, message, null);
  }

  /** The code of the hold. */
  String code() {
    return code;
  }
}
