package io.qanat.deliver;

import io.qanat.deliver.BatchOutcome.Unsettled;
import io.qanat.kafka.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a batch to a sink until every event is delivered or rejected, or the time in which it may
 * be held is up.
 *
 * <p>What failed for a transient reason is tried again for as long as that; what failed for an
 * unknown one a bounded number of times, each in the order of its key. A sink that throws without
 * saying anything about single events is given smaller and smaller parts, so that one event that
 * breaks it does not take the others along.
 */
final class DeliveryEngine {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryEngine.class);
  private static final double JITTER = 0.2;
  private static final Failure OUT_OF_TIME =
      Failure.transientFailure("HOLD_LIMIT", "There was no time left to try the event by itself");

  /** Time, as the engine sees it; tests have their own. */
  interface Pace {
    long nanoTime();

    /** Waits, or less long if the hub stops meanwhile. */
    void pause(Duration duration);
  }

  private final HoldProperties hold;
  private final Pace pace;
  private final BooleanSupplier stopping;

  DeliveryEngine(HoldProperties hold, Pace pace, BooleanSupplier stopping) {
    this.hold = hold;
    this.pace = pace;
    this.stopping = stopping;
  }

  /**
   * Delivers the batch as far as possible.
   *
   * @param held is told each time some events are held, and with an empty list when none are any
   *     more
   */
  void deliver(Batch batch, Sink sink, HoldListener held) {
    long start = pace.nanoTime();
    Deadline deadline =
        () -> stopping.getAsBoolean() || pace.nanoTime() - start > hold.limit().toNanos();
    Duration backoff = hold.firstBackoff();
    for (List<Event> pending = batch.pending(); !pending.isEmpty(); pending = batch.pending()) {
      BatchOutcome outcome = write(pending, sink, deadline);
      batch.settle(outcome);
      batch.giveUp(
          outcome.held().stream()
              .filter(u -> u.failure().failureClass() == FailureClass.UNKNOWN)
              .filter(u -> batch.unknownFailures(u.event().position()) >= hold.maxAttempts())
              .toList());
      held.held(stillPending(batch, outcome));
      if (batch.isSettled() || deadline.passed()) {
        return;
      }
      backoff = batch.pending().size() < pending.size() ? hold.firstBackoff() : backoff;
      pace.pause(jittered(backoff));
      if (deadline.passed()) {
        return;
      }
      backoff = hold.longer(backoff);
    }
    held.held(List.of());
  }

  private static List<Unsettled> stillPending(Batch batch, BatchOutcome outcome) {
    if (outcome.held().isEmpty()) {
      return List.of();
    }
    Set<Event> pending = new HashSet<>(batch.pending());
    return outcome.held().stream().filter(u -> pending.contains(u.event())).toList();
  }

  private static Duration jittered(Duration backoff) {
    double factor = 1 + ThreadLocalRandom.current().nextDouble(-JITTER, JITTER);
    return Duration.ofNanos((long) (backoff.toNanos() * factor));
  }

  /**
   * Writes the events in as many parts as it takes to find out which of them the sink cannot bear.
   */
  private static BatchOutcome write(List<Event> events, Sink sink, Deadline deadline) {
    try {
      return complete(events, sink.write(events, deadline));
    } catch (RuntimeException e) {
      Failure failure = FailureClassifier.classify(e);
      LOG.warn("A sink threw over {} events: {}", events.size(), failure.message());
      LOG.debug("The exception of the sink", e);
      if (failure.failureClass() == FailureClass.TRANSIENT || events.size() == 1) {
        return BatchOutcome.holdAll(events, failure);
      }
      if (deadline.passed()) {
        return BatchOutcome.holdAll(events, OUT_OF_TIME);
      }
      int half = events.size() / 2;
      BatchOutcome first = write(events.subList(0, half), sink, deadline);
      BatchOutcome second =
          writeUnblocked(events.subList(half, events.size()), first, sink, deadline);
      return join(first, second);
    }
  }

  /**
   * Writes what may be written while the events of the first part are held: nothing of their keys.
   */
  private static BatchOutcome writeUnblocked(
      List<Event> events, BatchOutcome first, Sink sink, Deadline deadline) {
    Set<String> blocked = new HashSet<>();
    first.held().forEach(u -> blocked.add(u.event().key()));
    BatchOutcome.Builder waiting = new BatchOutcome.Builder();
    List<Event> free = new ArrayList<>();
    for (Event e : events) {
      if (blocked.contains(e.key())) {
        waiting.failed(e, Failure.keptBack("An earlier event of the same key is held"));
      } else {
        free.add(e);
      }
    }
    if (free.isEmpty()) {
      return waiting.build();
    }
    return join(
        waiting.build(),
        deadline.passed() ? BatchOutcome.holdAll(free, OUT_OF_TIME) : write(free, sink, deadline));
  }

  private static BatchOutcome join(BatchOutcome a, BatchOutcome b) {
    return new BatchOutcome(
        concat(a.delivered(), b.delivered()),
        concat(a.rejected(), b.rejected()),
        concat(a.held(), b.held()));
  }

  private static <T> List<T> concat(List<T> a, List<T> b) {
    List<T> all = new ArrayList<>(a);
    all.addAll(b);
    return all;
  }

  /** A sink that forgets an event, or answers for one twice, must not make the hub forget it. */
  private static BatchOutcome complete(List<Event> events, BatchOutcome outcome) {
    if (outcome.delivered().equals(events)
        && outcome.rejected().isEmpty()
        && outcome.held().isEmpty()) {
      return outcome;
    }
    Set<Position> answered = new HashSet<>();
    int answers = 0;
    for (Event e : outcome.delivered()) {
      answered.add(e.position());
      answers++;
    }
    for (List<Unsettled> part : List.of(outcome.rejected(), outcome.held())) {
      for (Unsettled u : part) {
        answered.add(u.event().position());
        answers++;
      }
    }
    boolean exact =
        answers == events.size()
            && answered.size() == events.size()
            && events.stream().allMatch(e -> answered.contains(e.position()));
    if (!exact) {
      throw new IllegalStateException(
          "The sink answered %d times for %d events".formatted(answers, events.size()));
    }
    return holdTransient(outcome);
  }

  /** Whatever a sink says, an outage makes no dead letters. */
  private static BatchOutcome holdTransient(BatchOutcome outcome) {
    Map<Boolean, List<Unsettled>> rejected =
        outcome.rejected().stream()
            .collect(
                Collectors.partitioningBy(
                    u -> u.failure().failureClass() == FailureClass.TRANSIENT));
    return new BatchOutcome(
        outcome.delivered(), rejected.get(false), concat(outcome.held(), rejected.get(true)));
  }
}
