package io.qanat.deliver;

import java.util.List;

/**
 * Why a record was not delivered.
 *
 * @param failureClass what it means for the record
 * @param code a stable SCREAMING_SNAKE code: the sink's own where it has one
 * @param message the sink's words, for people; without payload or secrets
 * @param fields the sink's names of the fields that are wrong, if it told
 */
public record Failure(FailureClass failureClass, String code, String message, List<String> fields) {
  private static final String KEPT_BACK = "PREDECESSOR_HELD";

  public Failure {
    fields = List.copyOf(fields);
  }

  /** A reason to hold the record and try again. */
  public static Failure transientFailure(String code, String message) {
    return new Failure(FailureClass.TRANSIENT, code, message, List.of());
  }

  /** A reason to hold a record that was not tried: an earlier one of its key is held. */
  public static Failure keptBack(String message) {
    return transientFailure(KEPT_BACK, message);
  }

  /** Whether the record was not tried for the sake of an earlier one of its key. */
  boolean isKeptBack() {
    return code.equals(KEPT_BACK);
  }

  /** A reason to dead-letter the record at once. */
  public static Failure poison(String code, String message, List<String> fields) {
    return new Failure(FailureClass.POISON, code, message, fields);
  }

  /** What it means for a record that something was thrown over it: an outage holds it. */
  public static Failure of(Throwable thrown) {
    return FailureClassifier.classify(thrown);
  }

  /** A reason to try a few times more before giving the record up. */
  public static Failure unknown(String code, String message) {
    return new Failure(FailureClass.UNKNOWN, code, message, List.of());
  }
}
