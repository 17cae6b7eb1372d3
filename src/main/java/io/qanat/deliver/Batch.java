package io.qanat.deliver;

import io.qanat.deliver.BatchOutcome.Unsettled;
import io.qanat.kafka.Position;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One polled batch on its way through a deliver route: what was polled, and what is settled of it
 * so far.
 *
 * <p>A record is pending until it is delivered or rejected. What is committed in the end is, per
 * partition, the longest run of settled records from the front: nothing that is pending is ever
 * passed over.
 */
public final class Batch {
  private final String flow;
  private final Map<Position, RawRecord> records = new LinkedHashMap<>();
  private final Map<Position, Event> pending = new LinkedHashMap<>();
  private final Map<Position, Failure> rejected = new HashMap<>();
  private final Map<Position, Integer> attempts = new HashMap<>();
  private final Map<Position, Integer> unknownFailures = new HashMap<>();

  /**
   * A record as Kafka gave it, byte for byte.
   *
   * @param record the record
   * @param commit commits the record's offset in its partition, synchronously
   */
  public record RawRecord(ConsumerRecord<byte[], byte[]> record, Runnable commit) {
    /** Where the record stands. */
    public Position position() {
      return new Position(record.topic(), record.partition(), record.offset());
    }
  }

  Batch(String flow) {
    this.flow = flow;
  }

  /** Adds a record that was decoded. */
  void add(RawRecord raw, Event event) {
    records.put(raw.position(), raw);
    pending.put(event.position(), event);
  }

  /** Adds a record that cannot be decoded and so is rejected already. */
  void reject(RawRecord raw, Failure failure) {
    records.put(raw.position(), raw);
    rejected.put(raw.position(), failure);
  }

  /** The flow whose topic the batch came from. */
  public String flow() {
    return flow;
  }

  /** The events that are neither delivered nor rejected, in the order in which they were polled. */
  public List<Event> pending() {
    return List.copyOf(pending.values());
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
    outcome.delivered().forEach(e -> pending.remove(e.position()));
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

  /** The run of settled records at the front of each partition, in order; what may be committed. */
  List<List<RawRecord>> settled() {
    Map<TopicPartition, List<RawRecord>> runs = new LinkedHashMap<>();
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
  @Nullable Failure rejection(RawRecord raw) {
    return rejected.get(raw.position());
  }
}
