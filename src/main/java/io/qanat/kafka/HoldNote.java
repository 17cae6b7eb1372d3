package io.qanat.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * Why a lane stands still. It travels as the metadata of the group's committed offsets, so that
 * every instance sees it and the next commit takes it away.
 *
 * @param code the code of the failure that holds the lane
 * @param message the failure in the words of the sink, at most {@value #MAX_MESSAGE} characters
 * @param since when the hold began
 */
public record HoldNote(String code, String message, Instant since) {
  private static final int MAX_MESSAGE = 500;
  private static final JsonMapper JSON = new JsonMapper();

  public HoldNote {
    message = message.length() <= MAX_MESSAGE ? message : message.substring(0, end(message));
  }

  /** Half a surrogate pair is no character. */
  private static int end(String message) {
    return Character.isHighSurrogate(message.charAt(MAX_MESSAGE - 1))
        ? MAX_MESSAGE - 1
        : MAX_MESSAGE;
  }

  /** The note as commit metadata. */
  public String toMetadata() {
    return JSON.createObjectNode()
        .put("held", code)
        .put("message", message)
        .put("since", since.toString())
        .toString();
  }

  /** Reads commit metadata; empty if it is no such note. */
  public static Optional<HoldNote> parse(String metadata) {
    if (!metadata.startsWith("{")) {
      return Optional.empty();
    }
    try {
      JsonNode note = JSON.readTree(metadata);
      return note.path("held").isTextual()
          ? Optional.of(
              new HoldNote(
                  note.path("held").asText(),
                  note.path("message").asText(),
                  Instant.parse(note.path("since").asText())))
          : Optional.empty();
    } catch (JsonProcessingException | DateTimeException e) {
      return Optional.empty();
    }
  }
}
