package io.qanat.deliver;

import io.qanat.kafka.KafkaClients;
import jakarta.annotation.PreDestroy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Publishes what must be on Kafka before an offset is committed. */
@Component
class Publisher {
  private final KafkaClients clients;
  private @Nullable Producer<byte[], byte[]> producer;

  Publisher(KafkaClients clients) {
    this.clients = clients;
  }

  /**
   * Publishes the records and returns once Kafka has acknowledged all of them.
   *
   * @throws KafkaException if it has not; then some may be on Kafka all the same
   */
  void publish(List<ProducerRecord<byte[], byte[]>> records) {
    List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
    records.forEach(r -> sent.add(producer().send(r)));
    for (int i = 0; i < sent.size(); i++) {
      try {
        sent.get(i).get();
      } catch (ExecutionException e) {
        throw new KafkaException(
            "%s takes no records, so the batch waits: %s"
                .formatted(records.get(i).topic(), e.getCause().getMessage()),
            e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new KafkaException(e);
      }
    }
  }

  private synchronized Producer<byte[], byte[]> producer() {
    if (producer == null) {
      producer = clients.producer(DeadLetters.MAX_BYTES);
    }
    return producer;
  }

  @PreDestroy
  synchronized void close() {
    if (producer != null) {
      producer.close();
    }
  }
}
