package io.qanat.deliver;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.DefaultKafkaManualCommit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells which records their consumer may still deliver. camel-kafka gathers them over several
 * polls, and in between Kafka may have given their partitions to another consumer, or again to this
 * one from the last commit on. What was gathered before that is polled anew by whoever has the
 * partition now; delivered here too it would come twice, and too late for its key.
 */
final class Ownership {
  private static final Logger LOG = LoggerFactory.getLogger(Ownership.class);

  /** No record of the partition that was polled earlier counts. */
  private static final long NOTHING = -1;

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private Ownership() {}

  /**
   * The records without those that are polled anew, in their order.
   *
   * @throws org.apache.kafka.common.KafkaException if Kafka does not tell where a partition stands
   */
  static List<Exchange> current(List<Exchange> polled) {
    if (polled.isEmpty()) {
      return polled;
    }
    Consumer<?, ?> consumer = consumer(polled.get(0).getMessage());
    Set<TopicPartition> mine = consumer.assignment();
    Map<TopicPartition, Long> next = new HashMap<>();
    Deque<Exchange> current = new ArrayDeque<>(polled.size());
    for (int i = polled.size() - 1; i >= 0; i--) {
      Message record = polled.get(i).getMessage();
      TopicPartition partition = partition(record);
      long offset = record.getHeader(KafkaConstants.OFFSET, Long.class);
      boolean valid =
          mine.contains(partition)
              && offset < next.computeIfAbsent(partition, p -> consumer.position(p, TIMEOUT));
      next.put(partition, valid ? offset : NOTHING);
      if (valid) {
        current.addFirst(polled.get(i));
      }
    }
    if (current.size() < polled.size()) {
      LOG.debug(
          "{} records are polled anew, their partitions moved", polled.size() - current.size());
    }
    return List.copyOf(current);
  }

  /** All records of a poll come from one consumer. */
  static Consumer<?, ?> consumer(Message record) {
    return record
        .getHeader(KafkaConstants.MANUAL_COMMIT, DefaultKafkaManualCommit.class)
        .getCamelExchangePayload()
        .consumer;
  }

  private static TopicPartition partition(Message record) {
    return new TopicPartition(
        record.getHeader(KafkaConstants.TOPIC, String.class),
        record.getHeader(KafkaConstants.PARTITION, Integer.class));
  }
}
