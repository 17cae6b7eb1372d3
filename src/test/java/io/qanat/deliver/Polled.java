package io.qanat.deliver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.qanat.deliver.DeadLetters.DeadLetter;
import io.qanat.deliver.Settlement.Remembrance;
import io.qanat.kafka.Position;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Batches as if they were polled, by index: records of one partition have offsets 0, 1, 2. */
final class Polled {
  static final String TOPIC = "qanat.contacts";

  /** What happened to the records, in order: {@code commit 0@2} is offset 2 of partition 0. */
  final List<String> journal = new ArrayList<>();

  /** What was noted after a commit, and what had happened until then. */
  final List<String> noted = new ArrayList<>();

  final Batch batch = new Batch("contacts", this::commit);

  /** A batch of one partition, with an event for each of these keys. */
  static Polled keys(String... keys) {
    Polled polled = new Polled();
    for (int i = 0; i < keys.length; i++) {
      polled.event(0, i, keys[i]);
    }
    return polled;
  }

  Polled event(int partition, long offset, String key) {
    batch.add(raw(partition, offset), at(partition, offset, key));
    return this;
  }

  Polled undecodable(int partition, long offset) {
    batch.reject(
        raw(partition, offset), Failure.poison("NOT_JSON", "The value is not JSON", List.of()));
    return this;
  }

  /** The event that was polled as the n-th. */
  static Event at(int partition, long offset, String key) {
    return new Event(
        new Position(TOPIC, partition, offset),
        key,
        "e" + offset,
        "contact.upserted",
        Instant.EPOCH,
        JsonNodeFactory.instance.objectNode());
  }

  ConsumerRecord<byte[], byte[]> raw(int partition, long offset) {
    byte[] key = ("k" + offset).getBytes(StandardCharsets.UTF_8);
    return new ConsumerRecord<>(TOPIC, partition, offset, key, key);
  }

  /** Tells the given one of the dead letters, and keeps what it is told after a commit. */
  Remembrance remembrance(Consumer<List<DeadLetter>> remember) {
    return new Remembrance() {
      @Override
      public void remember(List<DeadLetter> letters) {
        remember.accept(letters);
      }

      @Override
      public void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        noted.add(offsets.size() + " partitions after " + journal);
      }
    };
  }

  private void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    new TreeMap<>(
            offsets.entrySet().stream()
                .collect(Collectors.toMap(e -> e.getKey().partition(), Map.Entry::getValue)))
        .forEach(
            (partition, to) ->
                journal.add(
                    "commit %d@%d%s"
                        .formatted(
                            partition,
                            to.offset() - 1,
                            to.metadata().isEmpty() ? "" : " " + to.metadata())));
  }

  /** What became of the batch, with the codes of what is still pending left empty. */
  BatchOutcome outcome(List<Event> delivered) {
    var outcome = new BatchOutcome.Builder();
    delivered.forEach(outcome::delivered);
    for (List<ConsumerRecord<byte[], byte[]>> run : batch.settled()) {
      for (ConsumerRecord<byte[], byte[]> raw : run) {
        Failure failure = batch.rejection(raw);
        if (failure != null) {
          outcome.failed(at(raw.partition(), raw.offset(), ""), poison(failure));
        }
      }
    }
    batch.pending().forEach(e -> outcome.failed(e, Failure.transientFailure("PENDING", "")));
    return outcome.build();
  }

  private static Failure poison(Failure failure) {
    return Failure.poison(failure.code(), failure.message(), failure.fields());
  }
}
