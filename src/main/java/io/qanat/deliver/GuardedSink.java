package io.qanat.deliver;

import io.qanat.deliver.BatchOutcome.Unsettled;
import io.qanat.deliver.Claims.Claim;
import io.qanat.kafka.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Stands before a sink for one batch and lets through only what must be written: nothing that is
 * for another sink, nothing that came before under the same Idempotency-Key, nothing older than
 * what the sink has of its key.
 */
final class GuardedSink implements Sink {
  private static final Comparator<Event> IN_ORDER =
      Comparator.comparingInt((Event e) -> e.position().partition())
          .thenComparingLong(e -> e.order().offset());

  private final Sink sink;
  private final String name;
  private final Batch batch;
  private final Holders holders;
  private final Versions versions;
  private final Map<String, Long> written = new HashMap<>();

  /** Who came first with an Idempotency-Key, as {@link Claims} decides. */
  interface Holders {
    /** Claims the keys of events, in order, and tells who holds each, by the event's position. */
    Map<Position, Claim> claim(List<Event> named);
  }

  /** What the sink has of a key, as of earlier batches. */
  interface Versions {
    /**
     * The newest order that was delivered, for those events that may not be the newest of their
     * key; others are left out.
     */
    Map<Position, Long> delivered(List<Event> events);
  }

  GuardedSink(Sink sink, String name, Batch batch, Holders holders, Versions versions) {
    this.sink = sink;
    this.name = name;
    this.batch = batch;
    this.holders = holders;
    this.versions = versions;
  }

  @Override
  public BatchOutcome write(List<Event> events, Deadline deadline) {
    var outcome = new BatchOutcome.Builder();
    List<Event> left = unclaimed(addressed(events, outcome), outcome);
    if (!sink.keepsOrder()) {
      left = ordered(left, outcome);
    }
    if (!left.isEmpty()) {
      BatchOutcome result = sink.write(left, deadline);
      for (Event event : result.delivered()) {
        if (!sink.keepsOrder()) {
          written.merge(place(event), event.order().offset(), Math::max);
        }
        outcome.delivered(event);
      }
      result.superseded().forEach(event -> batch.note(event, Note.SUPERSEDED));
      for (List<Unsettled> part : List.of(result.rejected(), result.held())) {
        part.forEach(u -> outcome.unsettled(u, part == result.rejected()));
      }
    }
    return outcome.build();
  }

  private List<Event> addressed(List<Event> events, BatchOutcome.Builder outcome) {
    List<Event> left = new ArrayList<>(events.size());
    for (Event event : events) {
      if (event.redrive() != null && !event.redrive().sink().equals(name)) {
        note(event, Note.NOT_ADDRESSED, outcome);
      } else {
        left.add(event);
      }
    }
    return left;
  }

  private List<Event> unclaimed(List<Event> events, BatchOutcome.Builder outcome) {
    List<Event> named = events.stream().filter(e -> e.idempotency() != null).toList();
    if (named.isEmpty()) {
      return events;
    }
    Map<Position, Claim> claims = holders.claim(named);
    List<Event> left = new ArrayList<>(events.size());
    for (Event event : events) {
      Claim claim = claims.get(event.position());
      if (claim == null || claim.holder().equals(event.order())) {
        left.add(event);
      } else if (claim
          .fingerprint()
          .equals(Objects.requireNonNull(event.idempotency()).fingerprint())) {
        note(event, Note.DUPLICATE, outcome);
      } else {
        outcome.failed(
            event,
            Failure.poison(
                "IDEMPOTENCY_KEY_REUSED",
                "The Idempotency-Key came before, at %s, with another body"
                    .formatted(claim.holder().receipt()),
                List.of()));
      }
    }
    return left;
  }

  private List<Event> ordered(List<Event> events, BatchOutcome.Builder outcome) {
    Map<Position, Long> delivered = versions.delivered(events);
    List<Event> left = new ArrayList<>(events.size());
    boolean inOrder = true;
    for (Event event : events) {
      long newest =
          Math.max(
              delivered.getOrDefault(event.position(), -1L),
              written.getOrDefault(place(event), -1L));
      if (newest > event.order().offset()) {
        note(event, Note.SUPERSEDED, outcome);
      } else if (newest == event.order().offset()) {
        outcome.delivered(event);
      } else {
        left.add(event);
        inOrder &= event.redrive() == null;
      }
    }
    if (!inOrder) {
      left.sort(IN_ORDER);
    }
    return left;
  }

  /** Orders of different partitions tell nothing of each other. */
  private static String place(Event event) {
    return event.order().partition() + "/" + event.key();
  }

  private void note(Event event, Note note, BatchOutcome.Builder outcome) {
    batch.note(event, note);
    outcome.delivered(event);
  }
}
