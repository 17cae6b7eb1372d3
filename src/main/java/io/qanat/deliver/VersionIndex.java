package io.qanat.deliver;

import io.qanat.Lane;
import io.qanat.deliver.DeadLetters.DeadLetter;
import io.qanat.kafka.HubTopic;
import io.qanat.kafka.LaneOffsets;
import io.qanat.kafka.Position;
import io.qanat.kafka.RecordReader;
import io.qanat.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Knows of what a lane has delivered as much as it takes to let nothing old pass, for sinks that
 * cannot hold it themselves.
 *
 * <p>It is the compacted topic {@code qanat-versions.<flow>.<sink>}, with the partitions of the
 * events. Under the empty key stands up to which offset the partition is settled: an event before
 * that is replayed. Only a redriven event may come late, so the newest delivered offset is kept for
 * the keys alone of which an event died ({@code dead 17}), and for events that were delivered while
 * an earlier one was held and that will be polled again ({@code ahead 17}), until all before them
 * are settled.
 */
@Component
class VersionIndex {
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

  private PartitionVersions partition(Lane lane, int partition) {
    return partitions.computeIfAbsent(
        new Position(lane.versionsTopic(), partition, 0),
        p -> new PartitionVersions(log(p.topicPartition()), System::nanoTime));
  }

  private PartitionVersions.Log log(TopicPartition partition) {
    return (from, to, each) -> {
      var unused =
          reader.first(
              partition,
              from,
              to,
              record -> {
                each.accept(record);
                return false;
              });
    };
  }

  /**
   * What a lane has delivered of the keys of events, as {@link GuardedSink.Versions} wants it.
   *
   * @throws UnavailableException if Kafka does not tell
   */
  Map<Position, Long> delivered(Lane lane, List<Event> events) {
    Map<Integer, List<Event>> byPartition =
        events.stream().collect(Collectors.groupingBy(e -> e.position().partition()));
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
  private void look(Lane lane, Collection<Integer> touched) {
    List<TopicPartition> due =
        touched.stream()
            .filter(p -> partition(lane, p).due())
            .map(p -> new TopicPartition(lane.versionsTopic(), p))
            .toList();
    if (!due.isEmpty()) {
      offsets.ends(due).forEach((p, end) -> partition(lane, p.partition()).look(end));
    }
  }

  /** Learns of its own records where they stand, instead of reading them. */
  void wrote(Lane lane, List<RecordMetadata> records) {
    records.stream()
        .filter(r -> r.topic().equals(lane.versionsTopic()))
        .collect(
            Collectors.groupingBy(
                RecordMetadata::partition, Collectors.summarizingLong(RecordMetadata::offset)))
        .forEach(
            (p, at) ->
                partition(lane, p).wrote(at.getMin(), at.getMax(), Math.toIntExact(at.getCount())));
  }

  /**
   * The records to write before the offsets of a batch are committed, and once its dead letters are
   * on Kafka: an event that died passes for superseded where something newer of its key is known.
   *
   * @throws KafkaException if Kafka does not tell what stands there
   */
  List<ProducerRecord<byte[], byte[]>> records(Lane lane, Batch batch, List<DeadLetter> letters) {
    Map<Integer, Set<String>> died = new HashMap<>();
    for (DeadLetter letter : letters) {
      byte[] key = letter.raw().key();
      if (key != null && key.length > 0) {
        died.computeIfAbsent(letter.raw().partition(), p -> new HashSet<>())
            .add(new String(key, StandardCharsets.UTF_8));
      }
    }
    Map<Integer, List<Event>> written =
        batch.written().stream().collect(Collectors.groupingBy(e -> e.position().partition()));
    Set<Event> early = batch.early();
    Set<Integer> touched = new HashSet<>(died.keySet());
    touched.addAll(written.keySet());
    // A batch of which nothing could be decoded was not looked up before.
    look(lane, touched);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int p : touched) {
      partition(lane, p)
          .remember(died.getOrDefault(p, Set.of()), written.getOrDefault(p, List.of()), early)
          .forEach((key, value) -> records.add(record(lane, p, key, value)));
    }
    return records;
  }

  /**
   * The records to write once the offsets of a batch are committed; were they not, an event could
   * be taken for settled whose dead letter never came to Kafka.
   *
   * @throws KafkaException if Kafka does not tell what stands there
   */
  List<ProducerRecord<byte[], byte[]>> settled(
      Lane lane, Map<TopicPartition, OffsetAndMetadata> committed) {
    look(lane, committed.keySet().stream().map(TopicPartition::partition).toList());
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    committed.forEach(
        (p, at) ->
            partition(lane, p.partition())
                .settled(at.offset())
                .forEach((key, value) -> records.add(record(lane, p.partition(), key, value))));
    return records;
  }

  private ProducerRecord<byte[], byte[]> record(
      Lane lane, int partition, String key, @Nullable String value) {
    String topic = lane.versionsTopic();
    created.computeIfAbsent(
        topic,
        t -> {
          topics.ensure(HubTopic.versions(lane));
          return true;
        });
    return new ProducerRecord<>(
        topic,
        partition,
        key.getBytes(StandardCharsets.UTF_8),
        value == null ? null : value.getBytes(StandardCharsets.US_ASCII));
  }
}
