package io.qanat.deadletter;

import java.util.Locale;

/** Why a dead letter that was asked for is left as it is; the kebab-case name is public API. */
enum Skip {
  /** There is no such dead letter. */
  NOT_FOUND,
  /** It was redriven, delivered or discarded already. */
  NOT_DEAD,
  /** It was redriven as often as {@code qanat.dead-letters.max-redrives} allows. */
  LOOP_GUARD,
  /** Somebody else is at it. */
  BUSY,
  /** Kafka does not have its payload any more. */
  PAYLOAD_GONE,
  /** With its headers it is larger than the topic takes. */
  TOO_LARGE;

  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
