package io.qanat.deliver;

import io.qanat.Lane;
import io.qanat.kafka.LaneOffsets;
import io.qanat.kafka.Position;
import io.qanat.kafka.RecordReader;
import io.qanat.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.springframework.stereotype.Component;

/**
 * Knows the newest event of each key that a lane has delivered, for sinks that cannot hold it
 * themselves.
 *
 * <p>It is the compacted topic {@code qanat-versions.<flow>.<sink>}: in the partition of the
 * events, key by key the offset of the newest delivered one, and under the empty key, last of each
 * batch, the highest of all. Whatever is above that is new, and costs no look at the keys; they are
 * read only when a topic is replayed, or a dead letter redriven.
 */
@Component
class VersionIndex {
  private static final byte[] HIGHEST = new byte[0];

  private final LaneOffsets offsets;
  private final RecordReader reader;
  private final Topics topics;
  private final Map<Position, PartitionVersions> partitions = new ConcurrentHashMap<>();
  private final Map<String, Boolean> created = new ConcurrentHashMap<>();

  VersionIndex(LaneOffsets offsets, RecordReader reader, Topics topics) {
    this.offsets = offsets;
    this.reader = reader;
    this.topics = topics;
  }

  private static String topic(Lane lane) {
    return "qanat-versions." + lane.flow() + "." + lane.sink();
  }

  private PartitionVersions partition(Lane lane, int partition) {
    return partitions.computeIfAbsent(
        new Position(topic(lane), partition, 0),
        p -> new PartitionVersions(log(p.topicPartition()), System::nanoTime));
  }

  private PartitionVersions.Log log(TopicPartition partition) {
    return new PartitionVersions.Log() {
      @Override
      public long end() {
        return offsets.end(partition);
      }

      @Override
      public void read(long from, long to, Consumer<ConsumerRecord<byte[], byte[]>> each) {
        var unused =
            reader.first(
                partition,
                from,
                to,
                record -> {
                  each.accept(record);
                  return false;
                });
      }
    };
  }

  /**
   * What a lane has delivered of the keys of events, as {@link GuardedSink.Versions} wants it.
   *
   * @throws UnavailableException if Kafka does not tell
   */
  Map<Position, Long> delivered(Lane lane, List<Event> events) {
    Map<Integer, List<Event>> byPartition = new HashMap<>();
    events.forEach(
        e -> byPartition.computeIfAbsent(e.position().partition(), p -> new ArrayList<>()).add(e));
    Map<Position, Long> delivered = new HashMap<>();
    try {
      look(lane, byPartition.keySet());
      byPartition.forEach((p, some) -> partition(lane, p).delivered(some, delivered));
    } catch (KafkaException e) {
      throw new UnavailableException(
          "VERSIONS_UNREACHABLE", "Kafka does not tell what was delivered last of each key", e);
    }
    return delivered;
  }

  /** One question for all partitions, so that a Kafka whose answers come late can be used too. */
  private void look(Lane lane, Collection<Integer> events) {
    List<TopicPartition> due =
        events.stream()
            .filter(p -> partition(lane, p).due())
            .map(p -> new TopicPartition(topic(lane), p))
            .toList();
    if (!due.isEmpty()) {
      offsets.ends(due).forEach((p, end) -> partition(lane, p.partition()).look(end));
    }
  }

  /** Learns of its own records where they stand, instead of reading them. */
  void wrote(Lane lane, List<RecordMetadata> records) {
    records.stream()
        .filter(r -> r.topic().equals(topic(lane)))
        .collect(
            Collectors.groupingBy(
                RecordMetadata::partition, Collectors.summarizingLong(RecordMetadata::offset)))
        .forEach(
            (p, at) ->
                partition(lane, p).wrote(at.getMin(), at.getMax(), Math.toIntExact(at.getCount())));
  }

  /** The records that say that a lane has delivered these events. */
  List<ProducerRecord<byte[], byte[]>> records(Lane lane, List<Event> delivered) {
    if (delivered.isEmpty()) {
      return List.of();
    }
    String topic = topic(lane);
    created.computeIfAbsent(
        topic,
        t -> {
          topics.createBeside(
              Position.topicOf(lane.flow()), t, Map.of("cleanup.policy", "compact"));
          return true;
        });
    Map<Integer, Map<String, Long>> newest = new LinkedHashMap<>();
    for (Event event : delivered) {
      newest
          .computeIfAbsent(event.position().partition(), p -> new LinkedHashMap<>())
          .merge(event.key(), event.order().offset(), Math::max);
    }
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(delivered.size() + 6);
    newest.forEach(
        (partition, keys) -> {
          long highest = partition(lane, partition).raise(max(keys.values()));
          keys.forEach(
              (key, offset) ->
                  records.add(
                      record(topic, partition, key.getBytes(StandardCharsets.UTF_8), offset)));
          records.add(record(topic, partition, HIGHEST, highest));
        });
    return records;
  }

  private static long max(Collection<Long> offsets) {
    return offsets.stream().mapToLong(Long::longValue).max().orElse(-1);
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, int partition, byte[] key, long offset) {
    return new ProducerRecord<>(
        topic, partition, key, Long.toString(offset).getBytes(StandardCharsets.US_ASCII));
  }
}
