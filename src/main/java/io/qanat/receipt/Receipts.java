package io.qanat.receipt;

import com.mongodb.MongoException;
import io.qanat.Lane;
import io.qanat.accept.Problem;
import io.qanat.accept.ProblemException;
import io.qanat.deadletter.DeadLetterIndex;
import io.qanat.deliver.UnavailableException;
import io.qanat.kafka.HubHeaders;
import io.qanat.kafka.LaneOffsets.Bounds;
import io.qanat.kafka.Position;
import io.qanat.kafka.Redrive;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds out what became of an event, from where its record stands in Kafka. */
@Component
class Receipts {
  private final Evidence evidence;
  private final SinkStates states;

  Receipts(Evidence evidence, DeadLetterIndex index, Twins twins) {
    this.evidence = evidence;
    states = new SinkStates(evidence, index, twins);
  }

  /**
   * The receipt of this text.
   *
   * @throws ProblemException if there is none, or nobody can tell now
   */
  Receipt find(String receipt) {
    return find(Position.parse(receipt).orElseThrow(Receipts::unknown));
  }

  /**
   * The receipt of a record.
   *
   * @throws ProblemException if there is none, or nobody can tell now
   */
  Receipt find(Position at) {
    return answered(() -> receipt(at));
  }

  /**
   * Whether all lanes have come past a record; cheap, because callers at once share the answer.
   *
   * @throws ProblemException if nobody can tell now
   */
  boolean settled(Position at) {
    return answered(
        () ->
            lanes(at).stream()
                .allMatch(
                    lane ->
                        evidence
                            .progress(lane, at.topicPartition())
                            .filter(p -> p.committed() > at.offset())
                            .isPresent()));
  }

  private static <T> T answered(Supplier<T> question) {
    try {
      return question.get();
    } catch (KafkaException e) {
      throw unavailable("Kafka");
    } catch (MongoException | UnavailableException e) {
      throw unavailable("MongoDB");
    }
  }

  private static ProblemException unavailable(String who) {
    return new ProblemException(
        Problem.Kind.UNAVAILABLE,
        "What became of the event cannot be told now, because %s does not answer. The event is kept; ask again shortly."
            .formatted(who));
  }

  private static ProblemException unknown() {
    return new ProblemException(
        Problem.Kind.NOT_FOUND,
        "There is no such receipt; use the Location of the answer that accepted the event.");
  }

  private static ProblemException gone() {
    return new ProblemException(
        Problem.Kind.GONE,
        "Kafka no longer keeps the record of this receipt; it is older than the flow's retention.");
  }

  private List<Lane> lanes(Position at) {
    return evidence.lanes(at.flow()).orElseThrow(Receipts::unknown);
  }

  private Receipt receipt(Position at) {
    List<Lane> lanes = lanes(at);
    Bounds bounds = evidence.bounds(at.topicPartition()).orElseThrow(Receipts::unknown);
    if (at.offset() >= bounds.end()) {
      throw unknown();
    }
    if (at.offset() < bounds.begin()) {
      throw gone();
    }
    ConsumerRecord<byte[], byte[]> record = evidence.read(at).orElseThrow(Receipts::gone);
    Redrive redrive = redrive(record, at);
    Position redriveOf = redrive == null ? null : redrive.of();
    Map<String, SinkStatus> sinks = new LinkedHashMap<>();
    for (Lane lane : lanes) {
      if (redrive == null || redrive.sink().equals(lane.sink())) {
        sinks.put(lane.sink(), states.of(lane, record, redriveOf));
      }
    }
    return new Receipt(
        at, text(record, "ce_id"), text(record, "ce_type"), acceptedAt(record), redriveOf, sinks);
  }

  /** What claims to be a redrive and is none is dead-lettered, like any other record. */
  private static @Nullable Redrive redrive(ConsumerRecord<byte[], byte[]> record, Position at) {
    try {
      return Redrive.of(record.headers(), at).orElse(null);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static Instant acceptedAt(ConsumerRecord<byte[], byte[]> record) {
    String time = text(record, "ce_time");
    try {
      return time == null ? Instant.ofEpochMilli(record.timestamp()) : Instant.parse(time);
    } catch (DateTimeException e) {
      return Instant.ofEpochMilli(record.timestamp());
    }
  }

  private static @Nullable String text(ConsumerRecord<byte[], byte[]> record, String header) {
    return HubHeaders.text(record.headers(), header);
  }
}
