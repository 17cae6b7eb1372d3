package io.qanat.trials;

import io.qanat.kafka.Position;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What Kafka holds of a ledger.
 *
 * @param positions where its changes stand on the flow's topic
 * @param delivered those that are not dead
 * @param dead those of which a dead letter tells; a change is dead once, by topic, partition and
 *     offset, however many copies of its dead letter there are
 */
record Records(Map<Change, List<Position>> positions, Set<Change> delivered, Set<Change> dead) {

  static Records of(World world, Ledger ledger) throws ExecutionException, InterruptedException {
    TrialFlow flow = ledger.flow();
    Set<Position> buried = new HashSet<>();
    for (var letter : world.kafka().read(flow.deadLetters())) {
      buried.add(KafkaView.diedAt(letter));
    }
    Map<Change, List<Position>> positions = new HashMap<>();
    Set<Change> delivered = new HashSet<>();
    Set<Change> dead = new HashSet<>();
    for (var record : world.kafka().read(flow.topic())) {
      Change change = change(record);
      if (ledger.owns(change.key())) {
        Position at = new Position(record.topic(), record.partition(), record.offset());
        positions.computeIfAbsent(change, c -> new ArrayList<>()).add(at);
        (buried.contains(at) ? dead : delivered).add(change);
      }
    }
    return new Records(positions, delivered, dead);
  }

  private static Change change(ConsumerRecord<byte[], byte[]> record) {
    String value = record.value() == null ? "" : new String(record.value(), StandardCharsets.UTF_8);
    return new Change(KafkaView.key(record), Change.seqIn(value));
  }

  /** How often a change is on the flow's topic. */
  int copies(Change change) {
    return positions.getOrDefault(change, List.of()).size();
  }
}
