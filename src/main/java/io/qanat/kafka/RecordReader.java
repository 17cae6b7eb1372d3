package io.qanat.kafka;

import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.springframework.stereotype.Component;

/** Reads single records, or a stretch of a partition, apart from any consumer group. */
@Component
public class RecordReader {
  private static final int CONSUMERS = 8;
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final KafkaClients clients;
  private final Semaphore places = new Semaphore(CONSUMERS);
  private final BlockingQueue<Consumer<byte[], byte[]>> idle = new ArrayBlockingQueue<>(CONSUMERS);
  private final Set<TopicPartition> existing = ConcurrentHashMap.newKeySet();

  RecordReader(KafkaClients clients) {
    this.clients = clients;
  }

  /**
   * The record at a position; empty if Kafka has none there, be it no more or not yet.
   *
   * @throws KafkaException if Kafka does not answer in time
   */
  public Optional<ConsumerRecord<byte[], byte[]>> read(Position at) {
    return first(at.topicPartition(), at.offset(), at.offset() + 1, r -> true);
  }

  /**
   * The first record of a stretch that is wanted; what of the stretch is not there is passed over.
   *
   * @param from the first offset
   * @param to the offset after the last
   * @throws KafkaException if Kafka does not answer in time
   */
  public Optional<ConsumerRecord<byte[], byte[]>> first(
      TopicPartition partition,
      long from,
      long to,
      Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
    if (from >= to) {
      return Optional.empty();
    }
    long deadline = System.nanoTime() + LIMIT.toNanos();
    takePlace();
    try {
      return first(new Stretch(partition, from, to, deadline), wanted);
    } finally {
      places.release();
    }
  }

  private void takePlace() {
    try {
      if (!places.tryAcquire(LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new TimeoutException("Too many are reading from Kafka");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException(e);
    }
  }

  private record Stretch(TopicPartition partition, long from, long to, long deadline) {}

  private Optional<ConsumerRecord<byte[], byte[]>> first(
      Stretch stretch, Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
    Consumer<byte[], byte[]> consumer = idle.poll();
    if (consumer == null) {
      consumer = clients.consumer();
    }
    boolean sound = false;
    try {
      var found =
          exists(consumer, stretch.partition())
              ? first(consumer, stretch, wanted)
              : Optional.<ConsumerRecord<byte[], byte[]>>empty();
      sound = true;
      return found;
    } finally {
      if (!sound || !idle.offer(consumer)) {
        consumer.close(Duration.ZERO);
      }
    }
  }

  /** A consumer waits for a partition that does not exist as for one that does not answer. */
  private boolean exists(Consumer<byte[], byte[]> consumer, TopicPartition partition) {
    if (!existing.contains(partition)) {
      List<PartitionInfo> there = consumer.partitionsFor(partition.topic());
      if (there != null) {
        there.forEach(p -> existing.add(new TopicPartition(p.topic(), p.partition())));
      }
    }
    return existing.contains(partition);
  }

  private static Optional<ConsumerRecord<byte[], byte[]>> first(
      Consumer<byte[], byte[]> consumer,
      Stretch stretch,
      Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
    TopicPartition partition = stretch.partition();
    List<TopicPartition> one = List.of(partition);
    consumer.assign(one);
    // A poll at the end would wait for the next record.
    long to = Math.min(stretch.to(), consumer.endOffsets(one).getOrDefault(partition, 0L));
    if (stretch.from() >= to) {
      return Optional.empty();
    }
    consumer.seek(partition, stretch.from());
    while (consumer.position(partition) < to) {
      try {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
          if (record.offset() < to && wanted.test(record)) {
            return Optional.of(record);
          }
        }
      } catch (OffsetOutOfRangeException e) {
        // The front of the stretch was deleted; what is behind it may be wanted all the same.
        consumer.seekToBeginning(one);
      }
      if (System.nanoTime() - stretch.deadline() > 0 && consumer.position(partition) < to) {
        throw new TimeoutException(
            "%s was not read from %d to %d in time".formatted(partition, stretch.from(), to));
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
