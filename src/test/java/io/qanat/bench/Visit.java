package io.qanat.bench;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * A person on a day: whom did they meet?
 *
 * @param person the person's id
 * @param day the day, in UTC
 */
record Visit(long person, LocalDate day) {
  OffsetDateTime first() {
    return day.atStartOfDay().atOffset(ZoneOffset.UTC);
  }

  /** The first moment after it. */
  OffsetDateTime after() {
    return first().plusDays(1);
  }
}
