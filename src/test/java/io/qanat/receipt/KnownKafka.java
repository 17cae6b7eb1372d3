package io.qanat.receipt;

import io.qanat.Lane;
import io.qanat.deadletter.DeadLetterIndex;
import io.qanat.kafka.HoldNote;
import io.qanat.kafka.HubHeaders;
import io.qanat.kafka.LaneOffsets.Bounds;
import io.qanat.kafka.LaneOffsets.Progress;
import io.qanat.kafka.Position;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Kafka and the index in memory, with something to happen before each question. */
final class KnownKafka implements Evidence, DeadLetterIndex {
  static final int PARTITION = 3;

  private final List<Lane> lanes = new ArrayList<>();
  private final Map<TopicPartition, TreeMap<Long, ConsumerRecord<byte[], byte[]>>> records =
      new HashMap<>();
  private final Map<TopicPartition, Long> begins = new HashMap<>();
  private final Map<String, Long> committed = new ConcurrentHashMap<>();
  private final Map<String, HoldNote> holds = new HashMap<>();
  private final Map<TopicPartition, Long> indexed = new HashMap<>();
  private final Map<String, Entry> entries = new HashMap<>();

  /** The questions that were asked, in order. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  volatile Runnable beforeEachQuestion = () -> {};
  volatile boolean away;

  KnownKafka(String... sinks) {
    for (String sink : sinks) {
      lanes.add(lane(sink));
    }
  }

  static Lane lane(String sink) {
    return new Lane("contacts-deliver-" + sink, "contacts", sink);
  }

  static Position at(long offset) {
    return Position.ofFlow("contacts", PARTITION, offset);
  }

  /** A record of the flow; headers are names and values in turn. */
  KnownKafka event(long offset, String... headers) {
    return record("qanat.contacts", offset, headers);
  }

  /** A dead letter that tells where its record stood. */
  KnownKafka deadLetter(String sink, long offset, Position died, String code) {
    return record(
        "dlq.contacts." + sink,
        offset,
        HubHeaders.ERRORS + "topic",
        died.topic(),
        HubHeaders.ERRORS + "partition",
        Integer.toString(died.partition()),
        HubHeaders.ERRORS + "offset",
        Long.toString(died.offset()),
        HubHeaders.ERRORS + "code",
        code,
        HubHeaders.ERRORS + "message",
        "The words of " + sink);
  }

  private KnownKafka record(String topic, long offset, String... headers) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(topic, PARTITION, offset, new byte[0], new byte[0]);
    for (int i = 0; i < headers.length; i += 2) {
      record.headers().add(headers[i], headers[i + 1].getBytes(StandardCharsets.UTF_8));
    }
    records
        .computeIfAbsent(new TopicPartition(topic, PARTITION), p -> new TreeMap<>())
        .put(offset, record);
    return this;
  }

  /** Deletes what is before an offset of the flow. */
  KnownKafka expired(long before) {
    TopicPartition partition = at(0).topicPartition();
    records.get(partition).headMap(before).clear();
    begins.put(partition, before);
    return this;
  }

  KnownKafka committed(String sink, long offset) {
    committed.put(lane(sink).id(), offset);
    return this;
  }

  KnownKafka held(String sink, HoldNote note) {
    holds.put(lane(sink).id(), note);
    return this;
  }

  KnownKafka indexed(String sink, long offset) {
    indexed.put(graves(sink), offset);
    return this;
  }

  KnownKafka entry(
      String sink,
      long original,
      State state,
      long diedAt,
      @Nullable Long redrivenTo,
      @Nullable String note) {
    String id = lane(sink).deadLetterId(PARTITION, original);
    entries.put(
        id,
        new Entry(
            id,
            state,
            at(diedAt),
            "INDEXED",
            "As the index has it",
            redrivenTo == null ? null : at(redrivenTo),
            note));
    return this;
  }

  private static TopicPartition graves(String sink) {
    return new TopicPartition(lane(sink).deadLetterTopic(), PARTITION);
  }

  private void question(String name) {
    beforeEachQuestion.run();
    asked.add(name);
    if (away) {
      throw new KafkaException("away");
    }
  }

  @Override
  public Optional<List<Lane>> lanes(String flow) {
    return flow.equals("contacts") ? Optional.of(lanes) : Optional.empty();
  }

  @Override
  public Optional<Progress> progress(Lane lane, TopicPartition partition) {
    question("progress");
    Bounds bounds = present(partition);
    return Optional.of(
        new Progress(
            bounds.begin(),
            committed.getOrDefault(lane.id(), bounds.begin()),
            bounds.end(),
            Optional.ofNullable(holds.get(lane.id()))));
  }

  @Override
  public long indexed(TopicPartition deadLetters) {
    question("indexed");
    return indexed.getOrDefault(deadLetters, 0L);
  }

  @Override
  public Optional<Bounds> bounds(TopicPartition partition) {
    question("bounds");
    return records.containsKey(partition) ? Optional.of(present(partition)) : Optional.empty();
  }

  private Bounds present(TopicPartition partition) {
    var all = records.get(partition);
    return new Bounds(begins.getOrDefault(partition, 0L), all.isEmpty() ? 0 : all.lastKey() + 1);
  }

  @Override
  public Optional<ConsumerRecord<byte[], byte[]>> read(Position at) {
    question("read");
    return Optional.ofNullable(records.get(at.topicPartition()).get(at.offset()));
  }

  @Override
  public Optional<ConsumerRecord<byte[], byte[]>> first(
      TopicPartition partition,
      long from,
      long to,
      Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
    question("first");
    return from >= to
        ? Optional.empty()
        : records.get(partition).subMap(from, to).values().stream().filter(wanted).findFirst();
  }

  @Override
  public Optional<Entry> find(String id) {
    question("find");
    return Optional.ofNullable(entries.get(id));
  }
}
