package io.qanat.kafka;

import io.qanat.Lane;
import io.qanat.Lanes;
import jakarta.annotation.PreDestroy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How far the lanes have come, as their consumer groups have committed it. */
@Component
public class LaneOffsets {
  private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final int TIMEOUT_MS = 5_000;

  private final KafkaClients clients;
  private final Lanes lanes;
  private final Map<String, Slot> slots = new ConcurrentHashMap<>();
  private @Nullable Admin admin;

  LaneOffsets(KafkaClients clients, Lanes lanes) {
    this.clients = clients;
    this.lanes = lanes;
  }

  /**
   * Where a partition of a lane stands.
   *
   * @param begin the first offset that Kafka still has
   * @param committed the offset up to which everything is settled; {@code begin} if nothing was
   *     committed yet
   * @param end the offset after the last record
   * @param hold why the lane stands still here, if it does
   */
  public record Progress(long begin, long committed, long end, Optional<HoldNote> hold) {
    /** How many records wait. */
    public long lag() {
      return Math.max(0, end - Math.max(begin, committed));
    }
  }

  private static final class Slot {
    private @Nullable Map<TopicPartition, Progress> value;
    private long readAt;
  }

  /**
   * Where the lane stands, not older than 250 ms; callers at once share one question to Kafka.
   * Partitions of topics that do not exist yet are left out.
   *
   * @throws KafkaException if Kafka does not answer
   */
  public Map<TopicPartition, Progress> of(Lane lane) {
    Slot slot = slots.computeIfAbsent(lane.id(), id -> new Slot());
    synchronized (slot) {
      if (slot.value == null || System.nanoTime() - slot.readAt > FRESH_NANOS) {
        // The age counts from before the question, or the answer would seem younger than it is.
        long asked = System.nanoTime();
        slot.value = ask(lane);
        slot.readAt = asked;
      }
      return Objects.requireNonNull(slot.value);
    }
  }

  private Map<TopicPartition, Progress> ask(Lane lane) {
    // Committed before end: so that a lag is never negative, and a settled record is never missed.
    Map<TopicPartition, OffsetAndMetadata> committed =
        answer(admin().listConsumerGroupOffsets(lane.id()).partitionsToOffsetAndMetadata()::get);
    Map<TopicPartition, OffsetSpec> first = new HashMap<>();
    Map<TopicPartition, OffsetSpec> last = new HashMap<>();
    for (TopicPartition p : partitions(lanes.topics(lane))) {
      first.put(p, OffsetSpec.earliest());
      last.put(p, OffsetSpec.latest());
    }
    var begins = answer(admin().listOffsets(first).all()::get);
    var ends = answer(admin().listOffsets(last).all()::get);
    Map<TopicPartition, Progress> progress = new HashMap<>();
    for (TopicPartition p : last.keySet()) {
      OffsetAndMetadata done = committed.get(p);
      long begin = offset(begins, p);
      progress.put(
          p,
          new Progress(
              begin,
              done == null ? begin : done.offset(),
              offset(ends, p),
              done == null ? Optional.empty() : HoldNote.parse(done.metadata())));
    }
    return Map.copyOf(progress);
  }

  private static long offset(Map<TopicPartition, ListOffsetsResultInfo> of, TopicPartition p) {
    return Objects.requireNonNull(of.get(p)).offset();
  }

  /**
   * The end of a partition now: the offset that the next record will get; 0 if it does not exist.
   *
   * @throws KafkaException if Kafka does not answer
   */
  public long end(TopicPartition partition) {
    try {
      return answer(
              admin().listOffsets(Map.of(partition, OffsetSpec.latest())).partitionResult(partition)
                  ::get)
          .offset();
    } catch (UnknownTopicOrPartitionException e) {
      return 0;
    }
  }

  private List<TopicPartition> partitions(List<String> topics) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (var described : admin().describeTopics(topics).topicNameValues().entrySet()) {
      try {
        answer(described.getValue()::get)
            .partitions()
            .forEach(p -> partitions.add(new TopicPartition(described.getKey(), p.partition())));
      } catch (UnknownTopicOrPartitionException e) {
        // It is created with its first record.
      }
    }
    return partitions;
  }

  /** How many consumers the lane's group has now. */
  public int members(Lane lane) {
    try {
      return answer(
              Objects.requireNonNull(
                      admin()
                          .describeConsumerGroups(List.of(lane.id()))
                          .describedGroups()
                          .get(lane.id()))
                  ::get)
          .members()
          .size();
    } catch (GroupIdNotFoundException e) {
      return 0;
    }
  }

  private interface Question<T> {
    T get() throws ExecutionException, InterruptedException;
  }

  private static <T> T answer(Question<T> question) {
    try {
      return question.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException k ? k : new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException(e);
    }
  }

  private synchronized Admin admin() {
    if (admin == null) {
      admin = clients.admin(TIMEOUT_MS);
    }
    return admin;
  }

  @PreDestroy
  synchronized void close() {
    if (admin != null) {
      admin.close();
    }
  }
}
