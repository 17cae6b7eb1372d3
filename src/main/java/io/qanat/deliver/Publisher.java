package io.qanat.deliver;

import io.qanat.kafka.RecordWriter;
import io.qanat.kafka.RecordWriter.Sent;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Publishes what must be on Kafka before an offset is committed. */
@Component
class Publisher {
  private final RecordWriter writer;

  Publisher(RecordWriter writer) {
    this.writer = writer;
  }

  /**
   * What Kafka has acknowledged and what not.
   *
   * @param written where those stand that it has
   * @param records those that it has not; some may be on Kafka all the same
   * @param failure why, of the first of them; null if there are none
   */
  record Rest(
      List<RecordMetadata> written,
      List<ProducerRecord<byte[], byte[]>> records,
      @Nullable KafkaException failure) {}

  /** Publishes the records, and returns once Kafka has acknowledged or refused each of them. */
  Rest publish(List<ProducerRecord<byte[], byte[]>> records) {
    List<Sent> sent = writer.send(records);
    List<RecordMetadata> written = new ArrayList<>(sent.size());
    List<ProducerRecord<byte[], byte[]>> rest = new ArrayList<>();
    KafkaException failure = null;
    for (int i = 0; i < sent.size(); i++) {
      RecordMetadata at = sent.get(i).written();
      Throwable cause = sent.get(i).failure();
      if (at != null) {
        written.add(at);
      } else if (cause != null) {
        rest.add(records.get(i));
        if (failure == null) {
          failure =
              new KafkaException(
                  "%s takes no records: %s".formatted(records.get(i).topic(), cause.getMessage()),
                  cause);
        }
      }
    }
    return new Rest(written, rest, failure);
  }
}
