package io.qanat.postgis;

import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.deliver.Event;
import io.qanat.deliver.FieldPath;
import org.jspecify.annotations.Nullable;

/**
 * A column of the rows that events become.
 *
 * @param name its name in statements
 * @param type its type
 * @param from the path of the event's field
 * @param absence what it holds where the event lacks the field
 */
record Column(String name, ColumnType type, FieldPath from, Absence absence) {

  /** What becomes of an event that lacks a column's field, or has null there. */
  enum Absence {
    /** It is refused. */
    REFUSED,
    /** The column is null. */
    NULL,
    /** The column is the time at which the event was accepted. */
    ACCEPTED_AT
  }

  /**
   * The column's value for an event.
   *
   * @throws IllegalArgumentException whose message says what is wrong
   */
  @Nullable Object read(Event event) {
    JsonNode value = from.in(event.data());
    if (value != null && !value.isNull()) {
      try {
        return type.read(value);
      } catch (RuntimeException e) {
        throw new IllegalArgumentException("%s must be %s".formatted(from, type.words()), e);
      }
    }
    return switch (absence) {
      case REFUSED -> throw new IllegalArgumentException(from + " is missing");
      case NULL -> null;
      case ACCEPTED_AT -> ColumnType.micros(event.time());
    };
  }
}
