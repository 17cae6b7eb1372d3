package io.qanat.kafka;

import io.qanat.Lane;
import io.qanat.Lanes;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
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
  private final Map<String, AtomicReference<@Nullable Asked>> asked = new ConcurrentHashMap<>();
  private final Set<TopicPartition> existing = ConcurrentHashMap.newKeySet();
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
    /** The same, held for this reason unless it is held for one of its own. */
    public Progress orHeld(Optional<HoldNote> lane) {
      return new Progress(begin, committed, end, hold.or(() -> lane));
    }

    /**
     * Why a lane stands still, from the partitions of the batch that it holds; the oldest reason.
     */
    public static Optional<HoldNote> hold(Collection<Progress> partitions) {
      return partitions.stream()
          .flatMap(p -> p.hold().stream())
          .min(Comparator.comparing(HoldNote::since));
    }

    /** How many records Kafka has deleted, for their age, before they were settled. */
    public long expired() {
      return Math.max(0, begin - committed);
    }

    /** How many records wait. */
    public long lag() {
      return Math.max(0, end - Math.max(begin, committed));
    }
  }

  /**
   * What a partition holds.
   *
   * @param begin the first offset that Kafka still has
   * @param end the offset that the next record will get
   */
  public record Bounds(long begin, long end) {}

  /** A question to Kafka, and its answer once it is there; a failure is an answer too. */
  private record Asked(long at, CompletableFuture<Map<TopicPartition, Progress>> answer) {
    boolean fresh() {
      return System.nanoTime() - at <= FRESH_NANOS;
    }

    Map<TopicPartition, Progress> await() {
      try {
        return answer.join();
      } catch (CompletionException e) {
        throw new KafkaException(e.getCause().getMessage(), e.getCause());
      }
    }
  }

  /**
   * Where the lane stands, not older than 250 ms; callers at once share one question to Kafka, and
   * its failure. Partitions of topics that do not exist yet are left out.
   *
   * @throws KafkaException if Kafka does not answer within 5 s
   */
  public Map<TopicPartition, Progress> of(Lane lane) {
    AtomicReference<@Nullable Asked> last =
        asked.computeIfAbsent(lane.id(), id -> new AtomicReference<>());
    Asked known = last.get();
    if (known != null && known.fresh()) {
      return known.await();
    }
    // The age counts from before the question, or the answer would seem younger than it is.
    Asked mine = new Asked(System.nanoTime(), new CompletableFuture<>());
    if (!last.compareAndSet(known, mine)) {
      return Objects.requireNonNull(last.get()).await();
    }
    try {
      mine.answer().complete(ask(lane));
    } catch (RuntimeException e) {
      mine.answer().completeExceptionally(e);
    } finally {
      mine.answer().completeExceptionally(new KafkaException("The question to Kafka failed"));
    }
    return mine.await();
  }

  private Map<TopicPartition, Progress> ask(Lane lane) {
    Deadline deadline = new Deadline();
    // Committed before end: so that a lag is never negative, and a settled record is never missed.
    var commits = admin().listConsumerGroupOffsets(lane.id()).partitionsToOffsetAndMetadata();
    Map<TopicPartition, OffsetSpec> first = new HashMap<>();
    Map<TopicPartition, OffsetSpec> last = new HashMap<>();
    for (TopicPartition p : partitions(lanes.topics(lane), deadline)) {
      first.put(p, OffsetSpec.earliest());
      last.put(p, OffsetSpec.latest());
    }
    Map<TopicPartition, OffsetAndMetadata> committed = deadline.answer(commits);
    var beginsAsked = admin().listOffsets(first).all();
    var ends = deadline.answer(admin().listOffsets(last).all());
    var begins = deadline.answer(beginsAsked);
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
   * The ends of partitions now, all by one question: the offsets that the next records will get; 0
   * for those that do not exist.
   *
   * @throws KafkaException if Kafka does not answer within 5 s
   */
  public Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
    Deadline deadline = new Deadline();
    learn(partitions, deadline);
    Map<TopicPartition, Long> ends = new HashMap<>();
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    for (TopicPartition p : partitions) {
      ends.put(p, 0L);
      if (existing.contains(p)) {
        latest.put(p, OffsetSpec.latest());
      }
    }
    if (!latest.isEmpty()) {
      deadline
          .answer(admin().listOffsets(latest).all())
          .forEach((p, end) -> ends.put(p, end.offset()));
    }
    return ends;
  }

  /**
   * What a partition holds now; empty if it does not exist.
   *
   * @throws KafkaException if Kafka does not answer within 5 s
   */
  public Optional<Bounds> bounds(TopicPartition partition) {
    Deadline deadline = new Deadline();
    learn(List.of(partition), deadline);
    if (!existing.contains(partition)) {
      return Optional.empty();
    }
    var begin = offset(partition, OffsetSpec.earliest());
    var end = offset(partition, OffsetSpec.latest());
    return Optional.of(new Bounds(deadline.answer(begin).offset(), deadline.answer(end).offset()));
  }

  private KafkaFuture<ListOffsetsResultInfo> offset(TopicPartition partition, OffsetSpec which) {
    return admin().listOffsets(Map.of(partition, which)).partitionResult(partition);
  }

  /** A question for the offsets of a partition that does not exist would last until its timeout. */
  private void learn(Collection<TopicPartition> asked, Deadline deadline) {
    List<String> topics =
        asked.stream()
            .filter(p -> !existing.contains(p))
            .map(TopicPartition::topic)
            .distinct()
            .toList();
    if (!topics.isEmpty()) {
      existing.addAll(partitions(topics, deadline));
    }
  }

  private List<TopicPartition> partitions(List<String> topics, Deadline deadline) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (var described : admin().describeTopics(topics).topicNameValues().entrySet()) {
      try {
        deadline
            .answer(described.getValue())
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
      return new Deadline()
          .answer(
              admin().describeConsumerGroups(List.of(lane.id())).describedGroups().get(lane.id()))
          .members()
          .size();
    } catch (GroupIdNotFoundException e) {
      return 0;
    }
  }

  /** One bound for all the questions of a caller. */
  private static final class Deadline {
    private final long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);

    <T> T answer(KafkaFuture<T> asked) {
      try {
        return asked.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof KafkaException k ? k : new KafkaException(e.getCause());
      } catch (TimeoutException e) {
        throw new KafkaException("Kafka did not answer within %d ms".formatted(TIMEOUT_MS), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new KafkaException(e);
      }
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
      admin.close(Duration.ofMillis(TIMEOUT_MS));
    }
  }
}
