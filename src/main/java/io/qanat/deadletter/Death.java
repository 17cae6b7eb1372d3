package io.qanat.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.kafka.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A record was given up, the first time or after a redrive.
 *
 * @param at when
 * @param record the record that died
 * @param deadLetter where its dead letter stands, with payload and headers
 * @param reason why it died
 * @param event which event it was
 * @param redrive which redrive of the event this was; 0 for none
 */
record Death(
    Instant at, Position record, Position deadLetter, Reason reason, Envelope event, int redrive)
    implements Happening {
  static final String DIED = "died";

  /**
   * Why a record died; texts are empty where the dead letter does not tell.
   *
   * @param code a stable code
   * @param failureClass {@code POISON} or {@code UNKNOWN}
   * @param message in the words of the sink
   * @param fields in the names of the sink
   * @param attempts how often the sink was given it
   */
  record Reason(
      String code, String failureClass, String message, List<String> fields, int attempts) {
    Reason {
      fields = List.copyOf(fields);
    }
  }

  /** The key, the id and the type of the event; empty where the record has none. */
  record Envelope(String key, String id, String type) {}

  @Override
  public String identity() {
    return DIED + record;
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("action", DIED)
            .put("at", at.toString())
            .put("of", record.receipt())
            .put("code", reason.code())
            .put("class", reason.failureClass())
            .put("message", reason.message())
            .put("attempts", reason.attempts())
            .put("key", event.key())
            .put("eventId", event.id())
            .put("type", event.type())
            .put("redrive", redrive);
    reason.fields().forEach(json.putArray("fields")::add);
    json.putObject("deadLetter")
        .put("topic", deadLetter.topic())
        .put("partition", deadLetter.partition())
        .put("offset", deadLetter.offset());
    return json;
  }

  static Optional<Death> of(JsonNode json) {
    List<String> fields = new ArrayList<>();
    json.path("fields").forEach(f -> fields.add(f.asText()));
    JsonNode letter = json.path("deadLetter");
    return Position.parse(json.path("of").asText())
        .map(
            record ->
                new Death(
                    Happening.time(json.path("at").asText()),
                    record,
                    new Position(
                        letter.path("topic").asText(),
                        letter.path("partition").asInt(),
                        letter.path("offset").asLong()),
                    new Reason(
                        json.path("code").asText(),
                        json.path("class").asText(),
                        json.path("message").asText(),
                        fields,
                        json.path("attempts").asInt()),
                    new Envelope(
                        json.path("key").asText(),
                        json.path("eventId").asText(),
                        json.path("type").asText()),
                    json.path("redrive").asInt()));
  }
}
