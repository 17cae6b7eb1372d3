package io.qanat.deliver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.kafka.Position;
import java.time.Instant;

/**
 * One decoded record of a flow: its envelope (CloudEvents attributes) and its data.
 *
 * @param position where the record stands in Kafka
 * @param key the business key, never empty; events of one key are in order
 * @param id the CloudEvents {@code id}
 * @param type the CloudEvents {@code type}, such as {@code contact.upserted}
 * @param time when the hub accepted it
 * @param data the payload, a JSON object; shared, so a sink must not change it
 */
public record Event(
    Position position, String key, String id, String type, Instant time, ObjectNode data) {}
