package io.qanat.deliver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.kafka.Position;
import io.qanat.kafka.Redrive;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One decoded record of a flow: its envelope (CloudEvents attributes) and its data.
 *
 * @param position where the record stands in Kafka
 * @param key the business key, never empty; events of one key are in order
 * @param id the CloudEvents {@code id}
 * @param type the CloudEvents {@code type}, such as {@code contact.upserted}
 * @param time when the hub accepted it
 * @param data the payload, a JSON object; shared, so a sink must not change it
 * @param redrive what it was redriven for, if it was
 * @param idempotency by what it is known for the same event, if its caller said so
 */
public record Event(
    Position position,
    String key,
    String id,
    String type,
    Instant time,
    ObjectNode data,
    @Nullable Redrive redrive,
    @Nullable Idempotency idempotency) {

  /**
   * What makes an event the same as another, whatever record carries it.
   *
   * @param scope whose keys these are: the CloudEvents {@code source}
   * @param key the caller's Idempotency-Key
   * @param fingerprint of the type, the key and the data, so that another body is noticed
   */
  public record Idempotency(String scope, String key, String fingerprint) {}

  /** An event that was neither redriven nor given an Idempotency-Key. */
  public Event(
      Position position, String key, String id, String type, Instant time, ObjectNode data) {
    this(position, key, id, type, time, data, null, null);
  }

  /** Its place in the order of its key: where it stood first, however often it is redriven. */
  public Position order() {
    return redrive == null ? position : redrive.of();
  }
}
