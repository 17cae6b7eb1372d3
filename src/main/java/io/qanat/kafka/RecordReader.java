package io.qanat.kafka;

import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.springframework.stereotype.Component;

/** Reads single records, or a stretch of a partition, apart from any consumer group. */
@Component
public class RecordReader {
  private static final int IDLE_CONSUMERS = 4;
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int MAX_EMPTY_POLLS = 6;

  private final KafkaClients clients;
  private final BlockingQueue<Consumer<byte[], byte[]>> idle =
      new ArrayBlockingQueue<>(IDLE_CONSUMERS);

  RecordReader(KafkaClients clients) {
    this.clients = clients;
  }

  /**
   * The record at a position; empty if Kafka has none there, be it no more or not yet.
   *
   * @throws KafkaException if Kafka does not answer
   */
  public Optional<ConsumerRecord<byte[], byte[]>> read(Position at) {
    return first(at.topicPartition(), at.offset(), at.offset() + 1, r -> true);
  }

  /**
   * The first record of a stretch that is wanted.
   *
   * @param from the first offset
   * @param to the offset after the last; at most the partition's end
   * @throws KafkaException if Kafka does not answer
   */
  public Optional<ConsumerRecord<byte[], byte[]>> first(
      TopicPartition partition,
      long from,
      long to,
      Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
    if (from >= to) {
      return Optional.empty();
    }
    Consumer<byte[], byte[]> consumer = idle.poll();
    if (consumer == null) {
      consumer = clients.consumer();
    }
    boolean sound = false;
    try {
      var found = first(consumer, partition, from, to, wanted);
      sound = true;
      return found;
    } catch (OffsetOutOfRangeException e) {
      sound = true;
      return Optional.empty();
    } finally {
      if (!sound || !idle.offer(consumer)) {
        consumer.close(Duration.ZERO);
      }
    }
  }

  private static Optional<ConsumerRecord<byte[], byte[]>> first(
      Consumer<byte[], byte[]> consumer,
      TopicPartition partition,
      long from,
      long to,
      Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
    consumer.assign(List.of(partition));
    consumer.seek(partition, from);
    int empty = 0;
    while (consumer.position(partition) < to) {
      var records = consumer.poll(POLL).records(partition);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (record.offset() < to && wanted.test(record)) {
          return Optional.of(record);
        }
      }
      empty = records.isEmpty() ? empty + 1 : 0;
      if (empty == MAX_EMPTY_POLLS) {
        throw new KafkaException("Kafka gave nothing of " + partition + " from " + from);
      }
    }
    return Optional.empty();
  }

  @PreDestroy
  void close() {
    for (var consumer = idle.poll(); consumer != null; consumer = idle.poll()) {
      consumer.close(Duration.ZERO);
    }
  }
}
