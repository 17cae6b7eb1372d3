package io.qanat.receipt;

import java.util.Locale;

/** What an event is to a sink; the kebab-case names are part of the public API. */
enum State {
  /** The sink has not settled it. */
  WAITING,
  /** The sink has it, or did not need it any more. */
  DELIVERED,
  /** The sink refused it; it waits for a person. */
  DEAD_LETTERED,
  /** It was dead, and was put back on its flow's topic as another record. */
  REDRIVEN,
  /** It was dead, and a person decided that it is not to be delivered. */
  DISCARDED;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
