package io.qanat.deliver;

import com.ethlo.time.ITU;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.deliver.Batch.Offsets;
import io.qanat.deliver.Event.Idempotency;
import io.qanat.kafka.HubHeaders;
import io.qanat.kafka.Position;
import io.qanat.kafka.Redrive;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Makes a batch of events out of records that camel-kafka polled. A record that is no event of the
 * hub is rejected here, alone, with a code that tells why; other producers may write to the topic,
 * so nothing of a record is trusted.
 */
public class BatchDecoder {
  private static final ObjectReader JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build()
          .reader();

  /** What a malformed part of a text becomes. */
  private static final char REPLACEMENT = '\uFFFD';

  private String flow = "";
  private String foreignType = "";
  private RecordDecoder decoder = BatchDecoder::event;

  /** The flow whose topic is read. */
  public void setFlow(String flow) {
    this.flow = flow;
  }

  /**
   * The type of events that records are which other producers wrote, without an envelope; none
   * means that such records are refused.
   */
  public void setForeignType(String foreignType) {
    this.foreignType = foreignType;
  }

  /** What makes an event of a single record. */
  public void setDecoder(RecordDecoder decoder) {
    this.decoder = decoder;
  }

  /** Decodes the polled records into a batch. */
  @Handler
  public Batch decode(List<Exchange> polled) {
    Batch batch = new Batch(flow, offsets(polled));
    for (Exchange exchange : polled) {
      ConsumerRecord<byte[], byte[]> raw = raw(exchange.getMessage());
      try {
        batch.add(raw, decoder.decode(foreignType.isEmpty() ? raw : adopted(raw)));
      } catch (UndecodableException e) {
        batch.reject(raw, Failure.poison(e.code(), e.getMessage(), List.of()));
      }
    }
    return batch;
  }

  private static ConsumerRecord<byte[], byte[]> raw(Message m) {
    return new ConsumerRecord<>(
        (String) m.getHeader(KafkaConstants.TOPIC),
        (Integer) m.getHeader(KafkaConstants.PARTITION),
        (Long) m.getHeader(KafkaConstants.OFFSET),
        (Long) m.getHeader(KafkaConstants.TIMESTAMP),
        TimestampType.NO_TIMESTAMP_TYPE,
        -1,
        -1,
        (byte[]) m.getHeader(KafkaConstants.KEY),
        (byte[]) m.getBody(),
        (Headers) m.getHeader(KafkaConstants.HEADERS),
        Optional.empty());
  }

  /** A record with an envelope: if it has none, its place tells it from others. */
  private ConsumerRecord<byte[], byte[]> adopted(ConsumerRecord<byte[], byte[]> raw) {
    if (raw.headers().lastHeader("ce_id") != null || raw.headers().lastHeader("ce_type") != null) {
      return raw;
    }
    Header redriven = raw.headers().lastHeader(HubHeaders.REDRIVE_OF);
    byte[] place =
        redriven == null
            ? Batch.position(raw).receipt().getBytes(StandardCharsets.UTF_8)
            : redriven.value();
    Headers envelope = new RecordHeaders(raw.headers());
    envelope.add("ce_id", place);
    envelope.add("ce_type", foreignType.getBytes(StandardCharsets.UTF_8));
    return new ConsumerRecord<>(
        raw.topic(),
        raw.partition(),
        raw.offset(),
        raw.timestamp(),
        raw.timestampType(),
        -1,
        -1,
        raw.key() == null || raw.key().length == 0 ? place : raw.key(),
        raw.value(),
        envelope,
        Optional.empty());
  }

  private static Offsets offsets(List<Exchange> polled) {
    if (polled.isEmpty()) {
      return none -> {};
    }
    return Ownership.consumer(polled.get(0).getMessage())::commitSync;
  }

  /**
   * The headers of a record that the hub knows, read in one pass; of several with one name the last
   * counts.
   */
  private static final class Envelope {
    private byte @Nullable [] id;
    private byte @Nullable [] type;
    private byte @Nullable [] time;
    private byte @Nullable [] source;
    private byte @Nullable [] idempotencyKey;
    private boolean redriven;

    Envelope(Headers headers) {
      for (Header header : headers) {
        switch (header.key()) {
          case "ce_id" -> id = header.value();
          case "ce_type" -> type = header.value();
          case "ce_time" -> time = header.value();
          case "ce_source" -> source = header.value();
          case HubHeaders.IDEMPOTENCY_KEY -> idempotencyKey = header.value();
          case HubHeaders.REDRIVE_SINK, HubHeaders.REDRIVE_OF, HubHeaders.REDRIVE_COUNT ->
              redriven = true;
          default -> {
            // Another producer's.
          }
        }
      }
    }
  }

  /** The event of a flow that a record is. */
  static Event event(ConsumerRecord<byte[], byte[]> record) throws UndecodableException {
    if (record.key() == null || record.key().length == 0) {
      throw new UndecodableException("MISSING_KEY", "The record has no key");
    }
    Envelope envelope = new Envelope(record.headers());
    String type = header("ce_type", envelope.type);
    String id = header("ce_id", envelope.id);
    if (type == null || id == null) {
      throw new UndecodableException(
          "MISSING_ENVELOPE", "The record has no ce_id or ce_type header");
    }
    Position position = new Position(record.topic(), record.partition(), record.offset());
    String key = text("The key", record.key());
    ObjectNode data = data(record.value());
    return new Event(
        position,
        key,
        id,
        type,
        time(header("ce_time", envelope.time), record.timestamp()),
        data,
        envelope.redriven ? redrive(record, position) : null,
        idempotency(envelope, type, key, data));
  }

  private static @Nullable Redrive redrive(ConsumerRecord<byte[], byte[]> record, Position position)
      throws UndecodableException {
    try {
      return Redrive.of(record.headers(), position).orElse(null);
    } catch (IllegalArgumentException e) {
      throw new UndecodableException("INVALID_REDRIVE", e.getMessage());
    }
  }

  private static @Nullable Idempotency idempotency(
      Envelope envelope, String type, String key, ObjectNode data) throws UndecodableException {
    String named = header(HubHeaders.IDEMPOTENCY_KEY, envelope.idempotencyKey);
    if (named == null) {
      return null;
    }
    String source = header("ce_source", envelope.source);
    return new Idempotency(source == null ? "" : source, named, Fingerprint.of(type, key, data));
  }

  private static ObjectNode data(byte @Nullable [] value) throws UndecodableException {
    if (value == null) {
      throw new UndecodableException("NOT_JSON", "The record has no value");
    }
    try {
      JsonNode node = JSON.readTree(value);
      if (node instanceof ObjectNode object) {
        return object;
      }
      if (node.isMissingNode()) {
        throw new UndecodableException("NOT_JSON", "The value is empty");
      }
      throw new UndecodableException("NOT_AN_OBJECT", "The value is not a JSON object");
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw new UndecodableException(
          "NOT_JSON",
          "The value is not well-formed JSON"
              + (at == null
                  ? ""
                  : ", at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr())));
    } catch (NumberFormatException e) {
      throw new UndecodableException("NOT_JSON", "The exponent of a number is too large");
    } catch (IOException e) {
      throw new UndecodableException("NOT_JSON", "The value is not UTF-8 JSON");
    }
  }

  private static Instant time(@Nullable String text, long timestamp) {
    try {
      return text == null ? Instant.ofEpochMilli(timestamp) : ITU.parseDateTime(text).toInstant();
    } catch (DateTimeException e) {
      // Another producer's clock format must not cost a record that is right otherwise.
      return Instant.ofEpochMilli(timestamp);
    }
  }

  private static @Nullable String header(String name, byte @Nullable [] value)
      throws UndecodableException {
    return value == null || value.length == 0 ? null : text("The header " + name, value);
  }

  private static String text(String what, byte[] bytes) throws UndecodableException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) < 0) {
      return text;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new UndecodableException("NOT_UTF8", what + " is not UTF-8");
    }
  }
}
