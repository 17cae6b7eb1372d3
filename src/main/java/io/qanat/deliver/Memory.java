package io.qanat.deliver;

import io.qanat.Lane;
import io.qanat.deliver.DeadLetters.DeadLetter;
import io.qanat.deliver.DeliveryEngine.Pace;
import io.qanat.deliver.DeliveryMonitor.Watch;
import io.qanat.deliver.Publisher.Rest;
import io.qanat.kafka.HubTopic;
import io.qanat.kafka.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
   * Remembers a batch. The dead letters come first, and the rest only when Kafka has them: if the
   * hub dies in between, an event that died would else pass for superseded by what is known of its
   * key, and its death would be told nowhere.
   *
   * @throws KafkaException if Kafka has not taken all of it within the hold limit
   */
  void keep(
      Batch batch, Lane lane, List<DeadLetter> letters, Watch watch, BooleanSupplier stopping) {
    Pace pace = new SystemPace(stopping);
    long end = pace.nanoTime() + hold.limit().toNanos();
    Consumer<KafkaException> refusal =
        e -> {
          watch.held(
              Math.max(1, letters.size()),
              Failure.transientFailure("KAFKA_REFUSES", String.valueOf(e.getMessage())));
          watch.note().ifPresent(batch::hold);
          if (stopping.getAsBoolean() || pace.nanoTime() > end) {
            throw e;
          }
        };
    insist(lane, () -> deadLetters.records(lane, letters), pace, refusal);
    insist(lane, () -> orderAndRedrives(batch, lane, letters), pace, refusal);
    if (batch.isSettled()) {
      watch.held(List.of());
    }
  }

  private void insist(
      Lane lane,
      Supplier<List<ProducerRecord<byte[], byte[]>>> records,
      Pace pace,
      Consumer<KafkaException> refusal) {
    Duration backoff = hold.firstBackoff();
    Rest rest = publish(lane, records);
    while (rest.failure() != null) {
      refusal.accept(rest.failure());
      pace.pause(backoff);
      backoff = hold.longer(backoff);
      List<ProducerRecord<byte[], byte[]>> left = rest.records();
      rest = publish(lane, left.isEmpty() ? records : () -> left);
    }
  }

  /**
   * Notes how far a lane is settled. It is tried once: without the note a replay would write what
   * was settled last once more, in order.
   */
  void committed(Batch batch, Lane lane, Map<TopicPartition, OffsetAndMetadata> offsets) {
    if (batch.indexed()) {
      Rest rest = publish(lane, () -> versions.settled(lane, offsets));
      if (rest.failure() != null) {
        LOG.debug("How far {} is settled was not noted", lane.id(), rest.failure());
      }
    }
  }

  private Rest publish(Lane lane, Supplier<List<ProducerRecord<byte[], byte[]>>> records) {
    try {
      Rest rest = publisher.publish(records.get());
      versions.wrote(lane, rest.written());
      return rest;
    } catch (KafkaException e) {
      // A topic could not be created, or read.
      return new Rest(List.of(), List.of(), e);
    }
  }

  private List<ProducerRecord<byte[], byte[]>> orderAndRedrives(
      Batch batch, Lane lane, List<DeadLetter> letters) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    if (batch.indexed()) {
      records.addAll(versions.records(lane, batch, letters));
    }
    for (Event event : batch.redriven()) {
      if (!auditThere.get()) {
        topics.ensure(HubTopic.audit());
        auditThere.set(true);
      }
      boolean superseded = batch.note(event.position()) == Note.SUPERSEDED;
      records.add(Audit.settled(lane, event, superseded, Instant.now()));
    }
    return records;
  }
}
