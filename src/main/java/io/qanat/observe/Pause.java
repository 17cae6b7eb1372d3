package io.qanat.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * What an operator has last said about a lane.
 *
 * @param paused whether it is to stand still
 * @param by the operator
 * @param at when they said it
 */
record Pause(boolean paused, String by, Instant at) {
  private static final JsonMapper JSON = new JsonMapper();

  /** The pause as a record's value. */
  byte[] toJson() {
    return JSON.createObjectNode()
        .put("paused", paused)
        .put("by", by)
        .put("at", at.toString())
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Reads a record's value; empty if it is no pause. */
  static Optional<Pause> parse(byte[] value) {
    try {
      JsonNode pause = JSON.readTree(value);
      return pause.path("paused").isBoolean()
          ? Optional.of(
              new Pause(
                  pause.path("paused").asBoolean(),
                  pause.path("by").asText(),
                  Instant.parse(pause.path("at").asText())))
          : Optional.empty();
    } catch (IOException | DateTimeException e) {
      return Optional.empty();
    }
  }
}
