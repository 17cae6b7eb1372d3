package io.qanat.deadletter;

import io.qanat.deadletter.DeadLetterIndex.State;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Takes dead letters that nobody wants delivered out of the way; Kafka keeps them. */
@Component
class Discards {
  private static final int CHUNK = 500;
  private static final Duration CLAIM = Duration.ofMinutes(1);

  private final DeadLetterStore store;
  private final Audit audit;

  Discards(DeadLetterStore store, Audit audit) {
    this.store = store;
    this.audit = audit;
  }

  /**
   * What became of some dead letters.
   *
   * @param discarded how many were discarded
   * @param skipped which were left as they are
   */
  record Result(int discarded, Map<DeadLetterId, Skip> skipped) {}

  /**
   * Discards those that are dead.
   *
   * @throws org.apache.kafka.common.KafkaException if the audit cannot be written; then some may be
   *     discarded already
   * @throws com.mongodb.MongoException if MongoDB does not answer; likewise
   */
  Result discard(List<DeadLetterId> ids, String by, String reason) {
    Map<DeadLetterId, Skip> skipped = new LinkedHashMap<>();
    int discarded = 0;
    for (int from = 0; from < ids.size(); from += CHUNK) {
      discarded +=
          discardSome(ids.subList(from, Math.min(ids.size(), from + CHUNK)), by, reason, skipped);
    }
    return new Result(discarded, skipped);
  }

  private int discardSome(
      List<DeadLetterId> ids, String by, String reason, Map<DeadLetterId, Skip> skipped) {
    String claim = UUID.randomUUID().toString();
    Map<DeadLetterId, DeadLetter> letters = store.get(ids);
    Map<DeadLetterId, Action> discarded = new LinkedHashMap<>();
    for (DeadLetterId id : ids) {
      DeadLetter letter = letters.get(id);
      if (letter == null || letter.state() != State.DEAD) {
        skipped.put(id, letter == null ? Skip.NOT_FOUND : Skip.NOT_DEAD);
        continue;
      }
      Optional<DeadLetter> mine = store.claim(id, claim, CLAIM);
      if (mine.isEmpty()) {
        skipped.put(id, Skip.BUSY);
      } else {
        discarded.put(
            id,
            new Action(
                Instant.now(),
                by,
                Action.Kind.DISCARDED,
                mine.get().lastDeath().record(),
                reason,
                false));
      }
    }
    try {
      audit.record(discarded);
      Map<DeadLetterId, List<Happening>> told = new LinkedHashMap<>();
      discarded.forEach((id, action) -> told.put(id, List.of(action)));
      store.apply(told);
    } finally {
      store.release(discarded.keySet(), claim);
    }
    return discarded.size();
  }
}
