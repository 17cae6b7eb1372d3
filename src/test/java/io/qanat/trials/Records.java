package io.qanat.trials;

import io.qanat.kafka.HubHeaders;
import io.qanat.kafka.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/**
 * What Kafka holds of a ledger.
 *
 * @param positions where its changes stand on the flow's topic, less where they were redriven to
 * @param ids the ids of the events that its changes are; a copy that Kafka's client made, because
 *     an acknowledgement came late, has the same
 * @param delivered those that are not dead
 * @param dead those of which the last try, redriven or not, is a dead letter; a record is dead
 *     once, by topic, partition and offset, however many copies of its dead letter there are
 */
record Records(
    Map<Change, List<Position>> positions,
    Map<Change, Set<String>> ids,
    Set<Change> delivered,
    Set<Change> dead) {

  static Records of(World world, Ledger ledger) throws ExecutionException, InterruptedException {
    TrialFlow flow = ledger.flow();
    Set<Position> buried = new HashSet<>();
    for (var letter : world.kafka().read(flow.deadLetters())) {
      buried.add(KafkaView.diedAt(letter));
    }
    Map<Change, List<Position>> positions = new HashMap<>();
    Map<Change, Set<String>> ids = new HashMap<>();
    Map<Change, Set<Boolean>> fates = new HashMap<>();
    for (var record : world.kafka().read(flow.topic())) {
      Change change = flow.change(record);
      if (!ledger.owns(change.key())) {
        continue;
      }
      Position at = new Position(record.topic(), record.partition(), record.offset());
      Set<Boolean> fate = fates.computeIfAbsent(change, c -> new HashSet<>());
      if (record.headers().lastHeader(HubHeaders.REDRIVE_OF) == null) {
        positions.computeIfAbsent(change, c -> new ArrayList<>()).add(at);
        ids.computeIfAbsent(change, c -> new HashSet<>()).add(KafkaView.header(record, "ce_id"));
      } else {
        // What was redriven is what became of it last.
        fate.clear();
      }
      fate.add(buried.contains(at));
    }
    return new Records(positions, ids, having(fates, false), having(fates, true));
  }

  private static Set<Change> having(Map<Change, Set<Boolean>> fates, boolean dead) {
    return fates.entrySet().stream()
        .filter(fate -> fate.getValue().contains(dead))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** As how many events a change is on the flow's topic. */
  int events(Change change) {
    return ids.getOrDefault(change, Set.of()).size();
  }
}
