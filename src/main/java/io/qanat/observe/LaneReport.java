package io.qanat.observe;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.Lane;
import io.qanat.deadletter.DeadLetterCounts;
import io.qanat.kafka.LaneOffsets;
import io.qanat.kafka.LaneOffsets.Progress;
import io.qanat.kafka.RecordReader;
import io.qanat.observe.LaneState.Held;
import io.qanat.observe.LaneState.Paused;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.springframework.stereotype.Component;

/** Tells how one lane is, as the API does. */
@Component
class LaneReport {
  private final LaneOffsets offsets;
  private final LanePauses pauses;
  private final LaneSampler sampler;
  private final RecordReader records;
  private final DeadLetterCounts deadLetters;

  LaneReport(
      LaneOffsets offsets,
      LanePauses pauses,
      LaneSampler sampler,
      RecordReader records,
      DeadLetterCounts deadLetters) {
    this.offsets = offsets;
    this.pauses = pauses;
    this.sampler = sampler;
    this.records = records;
    this.deadLetters = deadLetters;
  }

  /**
   * What there is to say of a lane.
   *
   * @throws org.apache.kafka.common.KafkaException if Kafka does not answer
   */
  ObjectNode brief(Lane lane) {
    return report(lane, offsets.of(lane).values());
  }

  /** The same, with the age of what has waited longest, which takes a read per partition. */
  ObjectNode full(Lane lane) {
    Map<TopicPartition, Progress> partitions = offsets.of(lane);
    ObjectNode report = report(lane, partitions.values());
    oldest(partitions).ifPresent(at -> report.put("oldestWaiting", at.toString()));
    return report;
  }

  private ObjectNode report(Lane lane, Collection<Progress> partitions) {
    ObjectNode report =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", lane.id())
            .put("flow", lane.flow())
            .put("sink", lane.sink());
    LaneState state = LaneState.of(pauses.find(lane.id()), partitions, () -> offsets.members(lane));
    report.put("state", state.getClass().getSimpleName().toLowerCase(Locale.ROOT));
    if (state instanceof Held held) {
      report
          .put("code", held.note().code())
          .put("message", held.note().message())
          .put("since", held.note().since().toString());
    } else if (state instanceof Paused paused) {
      report.put("by", paused.pause().by()).put("since", paused.pause().at().toString());
    }
    report.put("lag", partitions.stream().mapToLong(Progress::lag).sum());
    sampler
        .watch(lane)
        .settledPerSecond()
        .ifPresent(rate -> report.put("settledPerSecond", Math.round(rate * 10) / 10.0));
    deadLetters.dead(lane).ifPresent(n -> report.put("deadLetters", n));
    return report;
  }

  /** When the event was accepted that has waited longest. */
  private Optional<Instant> oldest(Map<TopicPartition, Progress> partitions) {
    return partitions.entrySet().stream()
        .filter(p -> p.getValue().lag() > 0)
        .flatMap(p -> firstWaiting(p.getKey(), p.getValue()).stream())
        .map(record -> Instant.ofEpochMilli(record.timestamp()))
        .min(Comparator.naturalOrder());
  }

  private Optional<ConsumerRecord<byte[], byte[]>> firstWaiting(TopicPartition p, Progress at) {
    return records.first(p, Math.max(at.begin(), at.committed()), at.end(), record -> true);
  }
}
