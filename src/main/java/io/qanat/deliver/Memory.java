package io.qanat.deliver;

import io.qanat.Lane;
import io.qanat.deliver.DeadLetters.DeadLetter;
import io.qanat.deliver.DeliveryEngine.Pace;
import io.qanat.deliver.DeliveryMonitor.Watch;
import io.qanat.deliver.Publisher.Rest;
import io.qanat.kafka.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Puts on Kafka what must be remembered of a batch before its offsets are committed: dead letters,
 * what it takes to keep the order, what became of redriven events. While Kafka does not take it the
 * batch is held here, because polled anew it would be written to its sink again and again.
 */
@Component
class Memory {
  private static final Logger LOG = LoggerFactory.getLogger(Memory.class);

  private final HoldProperties hold;
  private final DeadLetters deadLetters;
  private final VersionIndex versions;
  private final Publisher publisher;
  private final Topics topics;
  private final AtomicBoolean auditThere = new AtomicBoolean();

  Memory(
      HoldProperties hold,
      DeadLetters deadLetters,
      VersionIndex versions,
      Publisher publisher,
      Topics topics) {
    this.hold = hold;
    this.deadLetters = deadLetters;
    this.versions = versions;
    this.publisher = publisher;
    this.topics = topics;
  }

  /**
   * Remembers a batch.
   *
   * @throws KafkaException if Kafka has not taken all of it within the hold limit
   */
  void keep(
      Batch batch, Lane lane, List<DeadLetter> letters, Watch watch, BooleanSupplier stopping) {
    Pace pace = new SystemPace(stopping);
    long end = pace.nanoTime() + hold.limit().toNanos();
    Duration backoff = hold.firstBackoff();
    Rest rest = publish(batch, lane, letters);
    while (rest.failure() != null) {
      watch.held(
          Math.max(1, letters.size()),
          Failure.transientFailure("KAFKA_REFUSES", String.valueOf(rest.failure().getMessage())));
      watch.note().ifPresent(batch::hold);
      if (stopping.getAsBoolean() || pace.nanoTime() > end) {
        throw rest.failure();
      }
      pace.pause(backoff);
      backoff = hold.longer(backoff);
      rest =
          rest.records().isEmpty() ? publish(batch, lane, letters) : publish(lane, rest.records());
    }
    if (batch.pending().isEmpty()) {
      watch.held(List.of());
    }
  }

  /**
   * Notes how far a lane is settled. Without the note a replay would write once more what was
   * settled last, in order; so nothing waits for a Kafka that does not take it.
   */
  void committed(Batch batch, Lane lane, Map<TopicPartition, OffsetAndMetadata> offsets) {
    if (batch.indexed()) {
      try {
        Rest rest = publish(lane, versions.settled(lane, offsets));
        LOG.debug("How far {} is settled was noted, but for {}", lane.id(), rest.records());
      } catch (KafkaException e) {
        LOG.debug("How far {} is settled was not noted", lane.id(), e);
      }
    }
  }

  private Rest publish(Batch batch, Lane lane, List<DeadLetter> letters) {
    try {
      return publish(lane, records(batch, lane, letters));
    } catch (KafkaException e) {
      // A topic could not be created.
      return new Rest(List.of(), List.of(), e);
    }
  }

  private Rest publish(Lane lane, List<ProducerRecord<byte[], byte[]>> records) {
    Rest rest = publisher.publish(records);
    versions.wrote(lane, rest.written());
    return rest;
  }

  private List<ProducerRecord<byte[], byte[]>> records(
      Batch batch, Lane lane, List<DeadLetter> letters) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    records.addAll(deadLetters.records(lane, letters));
    if (batch.indexed()) {
      records.addAll(versions.records(lane, batch, letters));
    }
    for (Event event : batch.redriven()) {
      if (!auditThere.get()) {
        topics.createSingle(Audit.TOPIC, Map.of("retention.ms", "-1"));
        auditThere.set(true);
      }
      boolean superseded = batch.note(event.position()) == Note.SUPERSEDED;
      records.add(Audit.settled(lane, event, superseded, Instant.now()));
    }
    return records;
  }
}
