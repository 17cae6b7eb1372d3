package io.qanat.deadletter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.mongodb.MongoException;
import io.qanat.deadletter.DeadLetterIndex.State;
import io.qanat.kafka.HubHeaders;
import io.qanat.kafka.Position;
import io.qanat.kafka.RecordWriter.Sent;
import io.qanat.kafka.Redrive;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Puts dead letters back on the topics of their flows, into the partition of the original record,
 * for the sink alone that refused them.
 */
@Component
class Redriver {
  /** Longer than Kafka's clients try; after that, what is claimed may be redriven again. */
  private static final Duration CLAIM = Duration.ofMinutes(1);

  private final DeadLetterStore store;
  private final Payloads payloads;
  private final Outlet outlet;
  private final Audit audit;
  private final DeadLetterProperties properties;

  Redriver(
      DeadLetterStore store,
      Payloads payloads,
      Outlet outlet,
      Audit audit,
      DeadLetterProperties properties) {
    this.store = store;
    this.payloads = payloads;
    this.outlet = outlet;
    this.audit = audit;
    this.properties = properties;
  }

  /**
   * On whose word, and how.
   *
   * @param by the operator
   * @param job whose claims on dead letters these are
   * @param force whether the loop guard is off
   * @param correction what takes the place of the payload
   */
  record Order(String by, String job, boolean force, @Nullable ObjectNode correction) {}

  /**
   * What became of some dead letters.
   *
   * @param redriven how many Kafka has acknowledged on their topics
   * @param skipped which were left as they are
   * @param failure what went wrong beyond single letters; then the rest may not have been done
   */
  record Result(int redriven, Map<DeadLetterId, Skip> skipped, @Nullable String failure) {}

  /** Why a dead letter would not be redriven, as far as it can be told without trying. */
  Optional<Skip> obstacle(@Nullable DeadLetter letter, boolean force) {
    if (letter == null) {
      return Optional.of(Skip.NOT_FOUND);
    }
    if (letter.state() != State.DEAD) {
      return Optional.of(Skip.NOT_DEAD);
    }
    return !force && letter.redrives() >= properties.maxRedrives()
        ? Optional.of(Skip.LOOP_GUARD)
        : Optional.empty();
  }

  /**
   * Redrives dead letters, in this order.
   *
   * @throws MongoException if MongoDB does not answer before anything was done
   */
  Result redrive(List<DeadLetterId> ids, Order order) {
    Map<DeadLetterId, Skip> skipped = new LinkedHashMap<>();
    Map<DeadLetterId, ProducerRecord<byte[], byte[]>> records = new LinkedHashMap<>();
    List<DeadLetterId> claimed = new ArrayList<>();
    try {
      prepare(ids, order, records, claimed, skipped);
    } catch (KafkaException e) {
      store.release(claimed, order.job());
      return new Result(0, skipped, "The payloads cannot be read from Kafka: " + e.getMessage());
    }
    List<Sent> sent = outlet.send(List.copyOf(records.values()));
    Map<DeadLetterId, Action> redriven = new LinkedHashMap<>();
    String failure = null;
    int i = 0;
    for (DeadLetterId id : records.keySet()) {
      Sent s = sent.get(i++);
      if (s.written() != null) {
        redriven.put(id, action(s, order));
      } else if (s.failure() instanceof RecordTooLargeException) {
        skipped.put(id, Skip.TOO_LARGE);
      } else {
        // It may be on its topic all the same, so the claim on it stays until it runs out.
        claimed.remove(id);
        failure = "Kafka did not acknowledge a letter: " + message(s.failure());
      }
    }
    return new Result(redriven.size(), skipped, finish(redriven, claimed, order, failure));
  }

  private void prepare(
      List<DeadLetterId> ids,
      Order order,
      Map<DeadLetterId, ProducerRecord<byte[], byte[]>> records,
      List<DeadLetterId> claimed,
      Map<DeadLetterId, Skip> skipped) {
    Map<DeadLetterId, DeadLetter> letters = store.get(ids);
    for (DeadLetterId id : ids) {
      Optional<Skip> obstacle = obstacle(letters.get(id), order.force());
      if (obstacle.isPresent()) {
        skipped.put(id, obstacle.get());
        continue;
      }
      Optional<DeadLetter> mine = store.claim(id, order.job(), CLAIM);
      mine.ifPresent(letter -> claimed.add(id));
      Optional<Skip> since =
          mine.isEmpty() ? Optional.of(Skip.BUSY) : obstacle(mine.get(), order.force());
      if (since.isPresent()) {
        skipped.put(id, since.get());
        continue;
      }
      payloads
          .read(mine.get().lastDeath())
          .ifPresentOrElse(
              dead -> records.put(id, record(mine.get(), dead, order.correction())),
              () -> skipped.put(id, Skip.PAYLOAD_GONE));
    }
  }

  /** The record that stands for the dead letter's original. */
  static ProducerRecord<byte[], byte[]> record(
      DeadLetter letter, ConsumerRecord<byte[], byte[]> dead, @Nullable ObjectNode correction) {
    Headers headers = new RecordHeaders();
    dead.headers()
        .forEach(
            h -> {
              if (!h.key().startsWith(HubHeaders.ERRORS)) {
                headers.add(h);
              }
            });
    Position original = letter.id().original();
    new Redrive(letter.id().sink(), original, letter.redrives() + 1).write(headers);
    return new ProducerRecord<>(
        original.topic(),
        original.partition(),
        null,
        dead.key(),
        correction == null ? dead.value() : correction.toString().getBytes(StandardCharsets.UTF_8),
        headers);
  }

  private static Action action(Sent sent, Order order) {
    var written = Objects.requireNonNull(sent.written());
    return new Action(
        Instant.now(),
        order.by(),
        Action.Kind.REDRIVEN,
        new Position(written.topic(), written.partition(), written.offset()),
        null,
        order.correction() != null);
  }

  /** Writes down what was redriven: the audit first, since MongoDB learns it from there too. */
  private @Nullable String finish(
      Map<DeadLetterId, Action> redriven,
      List<DeadLetterId> claimed,
      Order order,
      @Nullable String failure) {
    try {
      audit.record(redriven);
    } catch (KafkaException e) {
      return "%d letters were put back, but that could not be written to the audit: %s"
          .formatted(redriven.size(), message(e));
    }
    try {
      Map<DeadLetterId, List<Happening>> told = new LinkedHashMap<>();
      redriven.forEach((id, action) -> told.put(id, List.of(action)));
      store.apply(told);
      store.release(claimed, order.job());
    } catch (MongoException e) {
      return "MongoDB does not answer: " + message(e);
    }
    return failure;
  }

  private static String message(@Nullable Throwable t) {
    return t == null ? "" : String.valueOf(t.getMessage());
  }
}
