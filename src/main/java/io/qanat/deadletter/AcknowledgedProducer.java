package io.qanat.deadletter;

import io.qanat.kafka.KafkaClients;
import jakarta.annotation.PreDestroy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Sends records and waits until Kafka has told of each what became of it. */
@Component
class AcknowledgedProducer {
  /** As large as the largest dead letter. */
  private static final int MAX_BYTES = 2 * 1024 * 1024;

  private final KafkaClients clients;
  private @Nullable Producer<byte[], byte[]> producer;

  AcknowledgedProducer(KafkaClients clients) {
    this.clients = clients;
  }

  /**
   * What became of a record.
   *
   * @param written where it stands; null if it was not acknowledged
   * @param failure why it was not acknowledged; it may be on Kafka all the same
   */
  record Sent(@Nullable RecordMetadata written, @Nullable Throwable failure) {}

  /** Sends the records in this order and answers in it. */
  List<Sent> send(List<ProducerRecord<byte[], byte[]>> records) {
    List<Future<RecordMetadata>> futures = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> record : records) {
      try {
        futures.add(producer().send(record));
      } catch (KafkaException e) {
        futures.add(CompletableFuture.failedFuture(e));
      }
    }
    return futures.stream().map(AcknowledgedProducer::await).toList();
  }

  private static Sent await(Future<RecordMetadata> future) {
    try {
      return new Sent(future.get(), null);
    } catch (ExecutionException e) {
      return new Sent(null, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Sent(null, e);
    }
  }

  private synchronized Producer<byte[], byte[]> producer() {
    if (producer == null) {
      producer = clients.producer(MAX_BYTES);
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
