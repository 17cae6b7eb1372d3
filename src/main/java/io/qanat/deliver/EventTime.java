package io.qanat.deliver;

import com.ethlo.time.ITU;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Times as events write them. */
public final class EventTime {
  private EventTime() {}

  /**
   * The moment that an ISO 8601 text means; without an offset it is UTC.
   *
   * @throws DateTimeException if it is none
   */
  public static Instant parse(String text) {
    try {
      return ITU.parseDateTime(text).toInstant();
    } catch (DateTimeException unusual) {
      return parsedSlowly(text);
    }
  }

  private static Instant parsedSlowly(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    }
  }
}
