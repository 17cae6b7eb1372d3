package io.qanat.deliver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.qanat.Lane;
import io.qanat.Lanes;
import io.qanat.kafka.Position;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The topic that tells what became of dead letters; the engine tells how a redrive ended. */
final class Audit {
  static final String TOPIC = Lanes.AUDIT;

  private Audit() {}

  static ProducerRecord<byte[], byte[]> settled(
      Lane lane, Event event, boolean superseded, Instant at) {
    Position of = event.order();
    String id = lane.deadLetterId(of.partition(), of.offset());
    String json =
        JsonNodeFactory.instance
            .objectNode()
            .put("at", at.toString())
            .put("by", "hub")
            .put("action", superseded ? "superseded" : "delivered")
            .put("deadLetter", id)
            .put("to", event.position().receipt())
            .toString();
    return new ProducerRecord<>(
        TOPIC, id.getBytes(StandardCharsets.UTF_8), json.getBytes(StandardCharsets.UTF_8));
  }
}
