package io.qanat.receipt;

import io.qanat.Lane;
import io.qanat.kafka.LaneOffsets.Bounds;
import io.qanat.kafka.LaneOffsets.Progress;
import io.qanat.kafka.Position;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * What is known of an event without a note of it: all methods that ask Kafka may throw {@link
 * KafkaException}.
 */
interface Evidence {
  /** The lanes of a flow; empty if this hub does not know the flow. */
  Optional<List<Lane>> lanes(String flow);

  /** How far the lane has come in a partition of its flow, not older than 250 ms. */
  Optional<Progress> progress(Lane lane, TopicPartition partition);

  /**
   * The offset before which every dead letter of a partition is in the index; never too high,
   * because an offset is committed only after what is before it was written.
   */
  long indexed(TopicPartition deadLetters);

  /** What a partition holds now; empty if it does not exist. */
  Optional<Bounds> bounds(TopicPartition partition);

  /** The record at a position; empty if there is none. */
  Optional<ConsumerRecord<byte[], byte[]>> read(Position at);

  /** The first record from an offset up to before another that is wanted. */
  Optional<ConsumerRecord<byte[], byte[]>> first(
      TopicPartition partition,
      long from,
      long to,
      Predicate<ConsumerRecord<byte[], byte[]>> wanted);
}
