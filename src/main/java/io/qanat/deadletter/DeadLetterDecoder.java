package io.qanat.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.deadletter.Death.Envelope;
import io.qanat.deadletter.Death.Reason;
import io.qanat.deliver.Event;
import io.qanat.deliver.RecordDecoder;
import io.qanat.kafka.HubHeaders;
import io.qanat.kafka.Position;
import io.qanat.kafka.Redrive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Reads what the records of the dead-letter topics and of the audit tell. Nothing is rejected: of a
 * record that others wrote is taken what can be read, and one that tells nothing becomes an event
 * without an id, which the projection passes over.
 */
@Component("deadLetterDecoder")
class DeadLetterDecoder implements RecordDecoder {
  /** The field of an event's data that names the dead letter. */
  static final String ID = "id";

  /** The field of an event's data that holds what happened to it. */
  static final String HAPPENING = "happening";

  private static final JsonMapper JSON = new JsonMapper();
  private static final String TYPE = "deadletter.happened";
  private static final String NO_CODE = "NO_CODE";

  /** More than the hub's own headers and keys ever hold. */
  private static final int MAX_TEXT = 2_048;

  @Override
  public Event decode(ConsumerRecord<byte[], byte[]> record) {
    Position at = new Position(record.topic(), record.partition(), record.offset());
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    if (record.topic().equals(Audit.TOPIC)) {
      readAudit(record, data);
    } else {
      readDeadLetter(record, data);
    }
    String position = at.toString();
    // Each record has a key of its own, because none of them stands in the way of another.
    return new Event(at, position, position, TYPE, Instant.ofEpochMilli(record.timestamp()), data);
  }

  private static void readAudit(ConsumerRecord<byte[], byte[]> record, ObjectNode data) {
    try {
      JsonNode json = record.value() == null ? null : JSON.readTree(record.value());
      if (json != null) {
        DeadLetterId.parse(json.path("deadLetter").asText())
            .ifPresent(id -> Action.of(json).ifPresent(action -> put(data, id, action)));
      }
    } catch (IOException e) {
      // Not the hub's: it stays without an id.
    }
  }

  private static void put(ObjectNode data, DeadLetterId id, Happening happening) {
    data.put(ID, id.toString()).set(HAPPENING, happening.toJson());
  }

  private static void readDeadLetter(ConsumerRecord<byte[], byte[]> record, ObjectNode data) {
    Headers headers = record.headers();
    Position died =
        new Position(
            error(headers, "topic"),
            (int) number(error(headers, "partition"), Integer.MAX_VALUE),
            number(error(headers, "offset"), Long.MAX_VALUE));
    Optional<DeadLetterId> own = DeadLetterId.of(record.topic(), died);
    if (own.isPresent() && died.topic().equals(own.get().original().topic())) {
      Optional<Redrive> redrive = redrive(headers, died);
      Position original = redrive.map(Redrive::of).orElse(died);
      DeadLetterId id =
          new DeadLetterId(
              own.get().flow(), own.get().sink(), original.partition(), original.offset());
      put(data, id, death(record, died, redrive.map(Redrive::count).orElse(0)));
    }
  }

  /** What the record was redriven for; nothing if it claims what cannot be. */
  private static Optional<Redrive> redrive(Headers headers, Position died) {
    try {
      return Redrive.of(headers, died);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Death death(ConsumerRecord<byte[], byte[]> record, Position died, int redrive) {
    Headers headers = record.headers();
    Instant time = Happening.time(error(headers, "time"));
    Instant written = Instant.ofEpochMilli(record.timestamp());
    String code = error(headers, "code");
    String fields = error(headers, "fields");
    return new Death(
        time.equals(Instant.EPOCH) ? Happening.time(written) : time,
        died,
        new Position(record.topic(), record.partition(), record.offset()),
        new Reason(
            code.isEmpty() ? NO_CODE : code,
            error(headers, "class"),
            error(headers, "message"),
            fields.isEmpty() ? List.of() : List.of(fields.split(",", -1)),
            (int) Math.max(0, number(error(headers, "attempts"), Integer.MAX_VALUE))),
        new Envelope(key(record), text(headers, "ce_id"), text(headers, "ce_type")),
        redrive);
  }

  private static String key(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null ? "" : cut(new String(record.key(), StandardCharsets.UTF_8));
  }

  private static String error(Headers headers, String name) {
    return text(headers, HubHeaders.ERRORS + name);
  }

  private static String text(Headers headers, String name) {
    @Nullable String text = HubHeaders.text(headers, name);
    return text == null ? "" : cut(text);
  }

  private static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
  }

  /** A number from 0 to a bound; -1 if the text is none. */
  private static long number(String text, long max) {
    try {
      long number = text.length() > 19 ? -1 : Long.parseLong(text);
      return number > max ? -1 : number;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
