package io.qanat.receipt;

import io.qanat.Lane;
import io.qanat.deadletter.DeadLetterIndex;
import io.qanat.deadletter.DeadLetterIndex.Entry;
import io.qanat.kafka.HubHeaders;
import io.qanat.kafka.LaneOffsets.Bounds;
import io.qanat.kafka.LaneOffsets.Progress;
import io.qanat.kafka.Position;
import io.qanat.receipt.SinkStatus.Death;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Decides what became of a record in one lane. */
final class SinkStates {
  private final Evidence evidence;
  private final DeadLetterIndex index;
  private final Twins twins;

  SinkStates(Evidence evidence, DeadLetterIndex index, Twins twins) {
    this.evidence = evidence;
    this.index = index;
    this.twins = twins;
  }

  /**
   * What became of a record.
   *
   * @param redriveOf where the event's first record stands, if this one is a redrive of it
   */
  SinkStatus of(Lane lane, ConsumerRecord<byte[], byte[]> record, @Nullable Position redriveOf) {
    Position at = new Position(record.topic(), record.partition(), record.offset());
    if (redriveOf != null) {
      return of(lane, at, redriveOf);
    }
    SinkStatus status = of(lane, at, at);
    if (status.state() == State.DELIVERED
        && record.headers().lastHeader(HubHeaders.IDEMPOTENCY_KEY) != null) {
      Position first = twins.firstOf(lane, record).orElse(at);
      return first.equals(at) ? status : of(lane, first, first).asDuplicateOf(first);
    }
    return status;
  }

  /**
   * The order of the questions is what keeps a dead event from being called delivered. The engine
   * has a dead letter acknowledged before it commits the offset: so if the offset is seen committed
   * first, the end of the dead-letter partition read after it is behind the dead letter, if there
   * is one. The indexing lane commits after it wrote: so what is before its offset, read next, is
   * in the index, read last. A dead letter is thus in the index or in the stretch between that
   * offset and the end. Whatever happens between two questions only adds to what is found; a value
   * that is older than it could be makes the event wait, or the stretch longer.
   */
  private SinkStatus of(Lane lane, Position at, Position original) {
    Optional<Progress> progress = evidence.progress(lane, at.topicPartition());
    long done = progress.map(p -> Math.max(p.begin(), p.committed())).orElse(0L);
    if (progress.map(Progress::committed).orElse(0L) <= at.offset()) {
      return SinkStatus.waiting(
          Math.max(0, at.offset() - done), progress.flatMap(Progress::hold).orElse(null));
    }
    TopicPartition graves = new TopicPartition(lane.deadLetterTopic(), at.partition());
    long end = evidence.bounds(graves).map(Bounds::end).orElse(0L);
    if (end == 0) {
      return SinkStatus.delivered(null);
    }
    long indexed = evidence.indexed(graves);
    String id = lane.deadLetterId(original.partition(), original.offset());
    Optional<Entry> entry = index.find(id);
    if (entry.isPresent() && entry.get().diedAt().offset() >= at.offset()) {
      return dead(lane, at, original, entry.get());
    }
    return evidence
        .first(graves, indexed, end, diedAt(at))
        .map(r -> SinkStatus.dead(death(id, r.headers())))
        .orElseGet(
            () ->
                SinkStatus.delivered(
                    entry.filter(e -> at.equals(e.redrivenTo())).map(Entry::note).orElse(null)));
  }

  /** What became of a record that died, or of which a later redrive died. */
  private SinkStatus dead(Lane lane, Position at, Position original, Entry entry) {
    Position to = entry.redrivenTo();
    boolean again = to != null && to.offset() > at.offset();
    return switch (entry.state()) {
      case DEAD -> SinkStatus.dead(Death.of(entry));
      case DISCARDED -> SinkStatus.discarded(Death.of(entry));
      case REDRIVEN ->
          again
              ? SinkStatus.redriven(to, of(lane, to, original))
              : SinkStatus.dead(Death.of(entry));
      case DELIVERED ->
          again
              ? SinkStatus.redriven(to, of(lane, to, original))
              : SinkStatus.delivered(entry.note());
    };
  }

  private static Predicate<ConsumerRecord<byte[], byte[]>> diedAt(Position at) {
    String partition = Integer.toString(at.partition());
    String offset = Long.toString(at.offset());
    return record ->
        offset.equals(HubHeaders.text(record.headers(), HubHeaders.ERRORS + "offset"))
            && partition.equals(HubHeaders.text(record.headers(), HubHeaders.ERRORS + "partition"));
  }

  private static Death death(String id, Headers headers) {
    return new Death(id, error(headers, "code"), error(headers, "message"));
  }

  private static String error(Headers headers, String name) {
    String text = HubHeaders.text(headers, HubHeaders.ERRORS + name);
    return text == null ? "" : text;
  }
}
