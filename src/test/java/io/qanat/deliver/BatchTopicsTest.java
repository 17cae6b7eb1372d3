package io.qanat.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.qanat.kafka.Position;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Batches from several topics, which number their partitions alike. */
class BatchTopicsTest {
  private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
  private final Batch batch = new Batch("platform", committed::putAll);

  private Event polled(String topic, long offset) {
    Event event =
        new Event(
            new Position(topic, 0, offset),
            topic + offset,
            "e",
            "t",
            Instant.EPOCH,
            JsonNodeFactory.instance.objectNode());
    batch.add(new ConsumerRecord<>(topic, 0, offset, new byte[1], new byte[1]), event);
    return event;
  }

  @Test
  void holdsOnlyTheTopicWhoseRecordIsNotSettled() {
    Event first = polled("dlq.a.x", 7);
    polled("dlq.b.x", 3);
    Event last = polled("dlq.a.x", 8);
    batch.settle(new BatchOutcome(List.of(first, last), List.of(), List.of()));

    var nothing = new Polled().remembrance(dead -> {});
    assertThatThrownBy(() -> Settlement.settle(batch, "deadletters", nothing, (o, n) -> {}))
        .isInstanceOf(BatchHeldException.class);

    assertThat(committed)
        .containsExactly(Map.entry(new TopicPartition("dlq.a.x", 0), new OffsetAndMetadata(9, "")));
  }
}
