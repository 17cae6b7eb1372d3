package io.qanat.mongodb;

import io.qanat.deliver.Event;
import io.qanat.deliver.Failure;
import io.qanat.kafka.Position;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * For how long an event waits for the document that it changes. An event of another topic may come
 * before the one that makes the document; but one whose document is refused would hold up all
 * others if it waited for ever.
 */
final class Patience {
  static final Duration LIMIT = Duration.ofMinutes(2);

  private static final String NO_DOCUMENT = "NO_DOCUMENT";
  private static final String WORDS = "there is no document that the event could change";
  // Events that have gone to another instance leave their entry behind.
  private static final int MAX_ENTRIES = 10_000;

  private final InstantSource clock;
  private final Map<Position, Instant> since =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Position, Instant> eldest) {
          return size() > MAX_ENTRIES;
        }
      };

  Patience(InstantSource clock) {
    this.clock = clock;
  }

  /** What becomes of an event whose document is not there, or again not there. */
  Failure missing(Event event) {
    Instant now = clock.instant();
    Instant first = since.computeIfAbsent(event.position(), p -> now);
    if (first.plus(LIMIT).isAfter(now)) {
      return Failure.transientFailure(NO_DOCUMENT, WORDS);
    }
    since.remove(event.position());
    return Failure.poison(NO_DOCUMENT, WORDS, List.of());
  }

  /** The document of an event is there. */
  void found(Event event) {
    since.remove(event.position());
  }
}
