package io.qanat.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** One thing that happened to a dead letter, as Kafka tells it. */
sealed interface Happening permits Death, Action {
  /** No clock of anybody's shows more. */
  Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  /** When it happened, by the clock of the instance that wrote it down. */
  Instant at();

  /** What is the same however often the thing is told. */
  String identity();

  /** The thing as it is stored and shown. */
  ObjectNode toJson();

  /** Reads what {@link #toJson()} wrote; empty if it is nothing of the kind. */
  static Optional<Happening> of(JsonNode json) {
    return json.path("action").asText().equals(Death.DIED)
        ? Death.of(json).map(Happening.class::cast)
        : Action.of(json).map(Happening.class::cast);
  }

  /** Reads a point in time; the epoch if it is none, or none that can be stored. */
  static Instant time(String text) {
    try {
      return time(Instant.parse(text));
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }

  /** A point in time; the epoch if it lies outside of what can be stored. */
  static Instant time(Instant at) {
    return at.isBefore(Instant.EPOCH) || at.isAfter(LATEST) ? Instant.EPOCH : at;
  }
}
