package io.qanat.receipt;

import io.qanat.Flows;
import io.qanat.Lane;
import io.qanat.Lanes;
import io.qanat.kafka.LaneOffsets;
import io.qanat.kafka.LaneOffsets.Bounds;
import io.qanat.kafka.LaneOffsets.Progress;
import io.qanat.kafka.Position;
import io.qanat.kafka.RecordReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.springframework.stereotype.Component;

/** What Kafka knows of events: the records, the offsets of the groups, the dead letters. */
@Component
class KafkaEvidence implements Evidence {
  /** The lane that takes dead letters to the index. */
  private static final String INDEXING = Lanes.PLATFORM + "-deliver-deadletters";

  private final Flows flows;
  private final Lanes lanes;
  private final LaneOffsets offsets;
  private final RecordReader records;

  KafkaEvidence(Flows flows, Lanes lanes, LaneOffsets offsets, RecordReader records) {
    this.flows = flows;
    this.lanes = lanes;
    this.offsets = offsets;
    this.records = records;
  }

  @Override
  public Optional<List<Lane>> lanes(String flow) {
    return flows.names().contains(flow) ? Optional.of(lanes.of(flow)) : Optional.empty();
  }

  @Override
  public Optional<Progress> progress(Lane lane, TopicPartition partition) {
    Map<TopicPartition, Progress> partitions = offsets.of(lane);
    // The note is on the partitions of the batch that is held; what came later waits behind it.
    return Optional.ofNullable(partitions.get(partition))
        .map(p -> p.orHeld(Progress.hold(partitions.values())));
  }

  @Override
  public long indexed(TopicPartition deadLetters) {
    return lanes
        .find(INDEXING)
        .map(lane -> offsets.of(lane).get(deadLetters))
        .map(Progress::committed)
        .orElse(0L);
  }

  @Override
  public Optional<Bounds> bounds(TopicPartition partition) {
    return offsets.bounds(partition);
  }

  @Override
  public Optional<ConsumerRecord<byte[], byte[]>> read(Position at) {
    return records.read(at);
  }

  @Override
  public Optional<ConsumerRecord<byte[], byte[]>> first(
      TopicPartition partition,
      long from,
      long to,
      Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
    return records.first(partition, from, to, wanted);
  }
}
