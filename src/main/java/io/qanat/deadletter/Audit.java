package io.qanat.deadletter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.Lanes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.springframework.stereotype.Component;

/**
 * Keeps down who did what with which dead letter: a record for each on the topic {@value #TOPIC},
 * for ever.
 */
@Component
class Audit {
  static final String TOPIC = Lanes.AUDIT;

  private final Outlet outlet;

  Audit(Outlet outlet) {
    this.outlet = outlet;
  }

  /**
   * Writes actions down; returns when Kafka has acknowledged all of them.
   *
   * @throws KafkaException if it has not; then some may be on Kafka all the same
   */
  void record(Map<DeadLetterId, Action> actions) {
    if (actions.isEmpty()) {
      return;
    }
    outlet.ensureAudit();
    List<ProducerRecord<byte[], byte[]>> records =
        actions.entrySet().stream().map(e -> record(e.getKey(), e.getValue())).toList();
    for (var sent : outlet.send(records)) {
      if (sent.failure() != null) {
        throw new KafkaException(String.valueOf(sent.failure().getMessage()), sent.failure());
      }
    }
  }

  private static ProducerRecord<byte[], byte[]> record(DeadLetterId id, Action action) {
    ObjectNode json = action.toJson().put("deadLetter", id.toString());
    return new ProducerRecord<>(
        TOPIC,
        id.toString().getBytes(StandardCharsets.UTF_8),
        json.toString().getBytes(StandardCharsets.UTF_8));
  }
}
