package io.qanat.deliver;

import java.util.List;

/** An event cannot become what a sink takes, and never will. */
public final class RefusedException extends Exception {
  private static final int MAX_NAMES = 300;

  private final transient Failure failure;

  /**
   * @param code a stable SCREAMING_SNAKE code
   * @param message what is wrong, for people; without payload
   * @param fields the names of the fields that are wrong
   */
  public RefusedException(String code, String message, List<String> fields) {
    super(message, null, false, false);
    failure = Failure.poison(code, message, fields);
  }

  /** The mapping says nothing of events of this type. */
  public static RefusedException unknownType(Event event) {
    return new RefusedException("UNKNOWN_EVENT_TYPE", "no mapping for " + event.type(), List.of());
  }

  /** The event has fields that the mapping says nothing of. */
  public static RefusedException unmapped(List<String> fields) {
    String names = String.join(", ", fields);
    return new RefusedException(
        "UNMAPPED_FIELD",
        "neither mapped nor ignored: "
            + (names.length() <= MAX_NAMES ? names : names.substring(0, MAX_NAMES)),
        fields);
  }

  /** The same, as what becomes of the event. */
  public Failure failure() {
    return failure;
  }
}
