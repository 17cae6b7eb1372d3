package io.qanat.deliver;

/** Why an event was settled without the sink being asked. */
enum Note {
  /** The sink has something newer of its key. */
  SUPERSEDED,
  /** The same event, by its Idempotency-Key, came before. */
  DUPLICATE,
  /** It was redriven for another sink. */
  NOT_ADDRESSED
}
