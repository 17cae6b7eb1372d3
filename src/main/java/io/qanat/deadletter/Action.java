package io.qanat.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.kafka.Position;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Somebody did something with a dead letter: a record of the audit.
 *
 * @param at when
 * @param by the operator, or {@code hub}
 * @param kind what was done
 * @param record the redriven record, or the dead one that was discarded; null if the audit does not
 *     tell
 * @param reason why, if a person said so
 * @param corrected whether the payload was replaced
 */
record Action(
    Instant at,
    String by,
    Kind kind,
    @Nullable Position record,
    @Nullable String reason,
    boolean corrected)
    implements Happening {

  /** What can be done with a dead letter. */
  enum Kind {
    /** It was put back on the topic of its flow. */
    REDRIVEN,
    /** Its redrive was delivered. */
    DELIVERED,
    /** Its redrive found that the sink had something newer. */
    SUPERSEDED,
    /** A person decided that it is not to be delivered. */
    DISCARDED;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public String identity() {
    // Whoever redelivers an event tells its end again, at another time.
    return kind + (record == null ? at + by : record.toString());
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("action", kind.text())
            .put("at", at.toString())
            .put("by", by);
    if (record != null) {
      json.put(kind == Kind.DISCARDED ? "of" : "to", record.receipt());
    }
    if (reason != null) {
      json.put("reason", reason);
    }
    if (corrected) {
      json.put("corrected", true);
    }
    return json;
  }

  static Optional<Action> of(JsonNode json) {
    String action = json.path("action").asText();
    return Arrays.stream(Kind.values())
        .filter(k -> k.text().equals(action))
        .findFirst()
        .map(
            kind ->
                new Action(
                    Happening.time(json.path("at").asText()),
                    json.path("by").asText("unknown"),
                    kind,
                    Position.parse(json.path(kind == Kind.DISCARDED ? "of" : "to").asText())
                        .orElse(null),
                    json.path("reason").isTextual() ? json.path("reason").asText() : null,
                    json.path("corrected").asBoolean()));
  }
}
