package io.qanat.kafka;

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

/** Writes records byte for byte, with one producer for all, and tells of each what became of it. */
@Component
public class RecordWriter {
  private final KafkaClients clients;
  private @Nullable Producer<byte[], byte[]> producer;

  RecordWriter(KafkaClients clients) {
    this.clients = clients;
  }

  /**
   * What became of a record.
   *
   * @param written where it stands; null if it was not acknowledged
   * @param failure why it was not acknowledged; it may be on Kafka all the same
   */
  public record Sent(@Nullable RecordMetadata written, @Nullable Throwable failure) {}

  /** Sends the records in this order, waits for Kafka, and answers in the same order. */
  public List<Sent> send(List<ProducerRecord<byte[], byte[]>> records) {
    List<Future<RecordMetadata>> futures = new ArrayList<>(records.size());
    for (ProducerRecord<byte[], byte[]> record : records) {
      try {
        futures.add(producer().send(record));
      } catch (KafkaException e) {
        futures.add(CompletableFuture.failedFuture(e));
      }
    }
    return futures.stream().map(RecordWriter::await).toList();
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
      producer = clients.producer(HubTopic.MAX_DEAD_LETTER_BYTES);
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
