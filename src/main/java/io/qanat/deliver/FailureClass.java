package io.qanat.deliver;

/** What a failure means for the record that met it. */
public enum FailureClass {
  /** The sink is away, busy or over a limit: hold and try again, never dead-letter. */
  TRANSIENT,
  /** The record itself is refused and always will be: dead-letter it at once, alone. */
  POISON,
  /** Neither is certain: try again a bounded number of times, then dead-letter. */
  UNKNOWN
}
