package io.qanat.deliver;

import io.qanat.deliver.BatchOutcome.Unsettled;
import io.qanat.kafka.HoldNote;
import io.qanat.kafka.Position;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One polled batch on its way through a deliver route: what was polled, and what is settled of it
 * so far.
 *
 * <p>A record is pending until it is delivered or rejected. What is committed in the end is, per
 * partition, the longest run of settled records from the front: nothing that is pending is ever
 * passed over.
 */
public final class Batch {
  private static final Logger LOG = LoggerFactory.getLogger(Batch.class);

  private final String flow;
  private final Map<Position, ConsumerRecord<byte[], byte[]>> records = new LinkedHashMap<>();
  private final Map<Position, Event> pending = new LinkedHashMap<>();
  private final Map<Position, Failure> rejected = new HashMap<>();
  private final Map<Position, Integer> attempts = new HashMap<>();
  private final Map<Position, Integer> unknownFailures = new HashMap<>();
  private final Map<Position, Note> notes = new HashMap<>();
  private final List<Event> delivered = new ArrayList<>();
  private final Offsets offsets;
  private @Nullable HoldNote hold;
  private boolean indexed;

  /** Commits offsets for the consumer that polled the batch. */
  @FunctionalInterface
  public interface Offsets {
    /**
     * Commits, and returns when Kafka has it.
     *
     * @throws org.apache.kafka.common.KafkaException if it has not
     */
    void commit(Map<TopicPartition, OffsetAndMetadata> offsets);
  }

  /** A batch of a flow, polled by a consumer that commits through {@code offsets}. */
  public Batch(String flow, Offsets offsets) {
    this.flow = flow;
    this.offsets = offsets;
  }

  static Position position(ConsumerRecord<byte[], byte[]> raw) {
    return new Position(raw.topic(), raw.partition(), raw.offset());
  }

  /** Adds a record that was decoded. */
  public void add(ConsumerRecord<byte[], byte[]> raw, Event event) {
    records.put(event.position(), raw);
    pending.put(event.position(), event);
  }

  /** Adds a record that cannot be decoded and so is rejected already. */
  public void reject(ConsumerRecord<byte[], byte[]> raw, Failure failure) {
    records.put(position(raw), raw);
    rejected.put(position(raw), failure);
  }

  /** The flow whose topic the batch came from. */
  public String flow() {
    return flow;
  }

  /** The events that are neither delivered nor rejected, in the order in which they were polled. */
  public List<Event> pending() {
    return List.copyOf(pending.values());
  }

  /** Whether every event is delivered or rejected. */
  boolean isSettled() {
    return pending.isEmpty();
  }

  /** How often a sink was given the record and did not take it. */
  int attempts(Position position) {
    return attempts.getOrDefault(position, 0);
  }

  /**
   * How often a sink failed the record for a reason that is neither transient nor surely its own.
   */
  int unknownFailures(Position position) {
    return unknownFailures.getOrDefault(position, 0);
  }

  /** Takes over what a sink made of pending events; what it held stays pending. */
  void settle(BatchOutcome outcome) {
    for (Event e : outcome.delivered()) {
      if (pending.remove(e.position()) != null) {
        delivered.add(e);
      }
    }
    for (Unsettled u : outcome.rejected()) {
      attempts.merge(u.event().position(), 1, Integer::sum);
      reject(u.event().position(), u.failure());
    }
    for (Unsettled u : outcome.held()) {
      if (!u.failure().isKeptBack()) {
        attempts.merge(u.event().position(), 1, Integer::sum);
      }
      if (u.failure().failureClass() == FailureClass.UNKNOWN) {
        unknownFailures.merge(u.event().position(), 1, Integer::sum);
      }
    }
  }

  private void reject(Position position, Failure failure) {
    if (pending.remove(position) != null) {
      rejected.put(position, failure);
    }
  }

  /** Rejects events that used up their attempts. */
  void giveUp(Collection<Unsettled> events) {
    events.forEach(u -> reject(u.event().position(), u.failure()));
  }

  /** Remembers that the sink was not asked about an event, and why. */
  void note(Event event, Note note) {
    notes.put(event.position(), note);
  }

  /** Why the sink was not asked about a record; null if it was. */
  @Nullable Note note(Position position) {
    return notes.get(position);
  }

  /** Whether the hub must keep the order of events, because the sink does not. */
  void indexed(boolean indexed) {
    this.indexed = indexed;
  }

  boolean indexed() {
    return indexed;
  }

  /** The delivered events, without those that the sink was not asked about. */
  List<Event> written() {
    return delivered.stream().filter(e -> !notes.containsKey(e.position())).toList();
  }

  /** The delivered events that will be polled again, because one before them is pending. */
  Set<Event> early() {
    if (pending.isEmpty()) {
      return Set.of();
    }
    Map<TopicPartition, Long> first = new HashMap<>();
    pending.keySet().forEach(p -> first.merge(p.topicPartition(), p.offset(), Math::min));
    return delivered.stream()
        .filter(
            e ->
                e.position().offset()
                    > first.getOrDefault(e.position().topicPartition(), Long.MAX_VALUE))
        .collect(Collectors.toSet());
  }

  /** The redriven events that were settled, and not because they are for another sink. */
  List<Event> redriven() {
    return delivered.stream()
        .filter(e -> e.redrive() != null && note(e.position()) != Note.NOT_ADDRESSED)
        .toList();
  }

  /** Says with the committed offsets, which stay where they are, why the batch is held. */
  void hold(HoldNote note) {
    if (note.equals(hold)) {
      return;
    }
    hold = note;
    Map<TopicPartition, OffsetAndMetadata> first = new HashMap<>();
    records
        .keySet()
        .forEach(
            p ->
                first.putIfAbsent(
                    p.topicPartition(), new OffsetAndMetadata(p.offset(), note.toMetadata())));
    try {
      offsets.commit(first);
    } catch (KafkaException e) {
      LOG.debug("The reason of a hold was not committed", e);
    }
  }

  /** Commits runs of settled records, each up to its last, and tells what was committed. */
  Map<TopicPartition, OffsetAndMetadata> commit(List<List<ConsumerRecord<byte[], byte[]>>> runs) {
    Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
    for (List<ConsumerRecord<byte[], byte[]>> run : runs) {
      Position last = position(run.get(run.size() - 1));
      ends.put(last.topicPartition(), new OffsetAndMetadata(last.offset() + 1, metadata(last)));
    }
    if (!ends.isEmpty()) {
      offsets.commit(ends);
    }
    return ends;
  }

  private String metadata(Position settled) {
    boolean goesOn =
        pending.keySet().stream()
            .noneMatch(p -> p.topicPartition().equals(settled.topicPartition()));
    return hold == null || goesOn ? "" : hold.toMetadata();
  }

  /** The run of settled records at the front of each partition, in order; what may be committed. */
  List<List<ConsumerRecord<byte[], byte[]>>> settled() {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> runs = new LinkedHashMap<>();
    Set<TopicPartition> stopped = new HashSet<>();
    records.forEach(
        (position, raw) -> {
          if (pending.containsKey(position)) {
            stopped.add(position.topicPartition());
          } else if (!stopped.contains(position.topicPartition())) {
            runs.computeIfAbsent(position.topicPartition(), p -> new ArrayList<>()).add(raw);
          }
        });
    return List.copyOf(runs.values());
  }

  /** Why a record was rejected, or null if it was not. */
  @Nullable Failure rejection(ConsumerRecord<byte[], byte[]> raw) {
    return rejected.get(position(raw));
  }
}
