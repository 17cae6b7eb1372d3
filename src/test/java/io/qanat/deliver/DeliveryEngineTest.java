package io.qanat.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.qanat.deliver.BatchOutcome.Unsettled;
import io.qanat.kafka.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Events by index; time passes only in pauses, and in a sink that says so. */
class DeliveryEngineTest {
  private static final HoldProperties HOLD =
      new HoldProperties(Duration.ofMinutes(2), Duration.ofMillis(250), Duration.ofSeconds(10), 5);
  private static final Failure AWAY = Failure.transientFailure("AWAY", "away");
  private static final Failure ODD = Failure.unknown("ODD", "odd");
  private static final Failure BAD = Failure.poison("BAD", "bad", List.of());

  private final FakePace pace = new FakePace();
  private final List<List<Integer>> calls = new ArrayList<>();
  private final List<Event> arrived = new ArrayList<>();
  private final List<Integer> held = new ArrayList<>();
  private boolean stopping;

  private final class FakePace implements DeliveryEngine.Pace {
    private long now = 42;
    private final List<Duration> pauses = new ArrayList<>();
    private int stopInPause = -1;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void pause(Duration duration) {
      now += duration.toNanos();
      pauses.add(duration);
      stopping |= pauses.size() == stopInPause;
    }
  }

  /** What the sink makes of the n-th try of an event; null is a success. */
  @FunctionalInterface
  private interface Script {
    @org.jspecify.annotations.Nullable
    Failure of(int index, int attempt);
  }

  /** A sink that keeps the order of a key, as sinks must, and settles each event by the script. */
  private Sink settling(Script script) {
    Map<Integer, Integer> attempts = new HashMap<>();
    return (events, deadline) -> {
      calls.add(events.stream().map(DeliveryEngineTest::index).toList());
      var outcome = new BatchOutcome.Builder();
      List<String> blocked = new ArrayList<>();
      for (Event event : events) {
        if (blocked.contains(event.key())) {
          outcome.failed(event, Failure.keptBack("behind another"));
          continue;
        }
        Failure failure = script.of(index(event), attempts.merge(index(event), 1, Integer::sum));
        if (failure == null) {
          arrived.add(event);
          outcome.delivered(event);
        } else {
          outcome.failed(event, failure);
          if (failure.failureClass() != FailureClass.POISON) {
            blocked.add(event.key());
          }
        }
      }
      return outcome.build();
    };
  }

  /** A sink that says nothing of single events when one of these is among them. */
  private Sink throwing(RuntimeException thrown, Integer... bad) {
    Sink good = settling((index, attempt) -> null);
    return (events, deadline) -> {
      if (events.stream().map(DeliveryEngineTest::index).anyMatch(List.of(bad)::contains)) {
        calls.add(events.stream().map(DeliveryEngineTest::index).toList());
        throw thrown;
      }
      return good.write(events, deadline);
    };
  }

  private static int index(Event event) {
    return (int) event.position().offset();
  }

  private OutcomeAssert deliver(Polled polled, Sink sink) {
    new DeliveryEngine(HOLD, pace, () -> stopping)
        .deliver(polled.batch, sink, events -> held.add(events.size()));
    return OutcomeAssert.assertThat(polled.outcome(arrived));
  }

  private static int attempts(Polled polled, int index) {
    return polled.batch.attempts(new Position(Polled.TOPIC, 0, index));
  }

  @Test
  void deliversAGoodBatchInOneCall() {
    deliver(Polled.keys("A", "B", "C"), settling((index, attempt) -> null))
        .delivered(0, 1, 2)
        .rejectedNothing()
        .heldNothing();
    assertThat(calls).hasSize(1);
    assertThat(pace.pauses).isEmpty();
  }

  @Test
  void callsNoSinkForABatchThatHasNoEvents() {
    deliver(new Polled().undecodable(0, 0), settling((index, attempt) -> null))
        .rejected(0, "NOT_JSON")
        .heldNothing();
    assertThat(calls).isEmpty();
    assertThat(held).containsExactly(0);
  }

  @Test
  void rejectsOnlyTheBadRecordOfAHalfBadBatch() {
    Polled polled = Polled.keys("A", "B", "A");

    deliver(polled, settling((index, attempt) -> index == 0 ? BAD : null))
        .delivered(1, 2)
        .rejected(0, "BAD")
        .heldNothing();
    assertThat(calls).as("a dead letter does not hold up its key").hasSize(1);
    assertThat(attempts(polled, 0)).isEqualTo(1);
  }

  @Test
  void holdsTransientFailuresUntilTheyPass() {
    deliver(
            Polled.keys("A", "B", "C"),
            settling((index, attempt) -> index == 1 && attempt < 9 ? AWAY : null))
        .delivered(0, 2, 1)
        .rejectedNothing()
        .heldNothing();
    assertThat(calls).hasSize(9).startsWith(List.of(0, 1, 2), List.of(1));
    assertThat(held).containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 0);
  }

  @Test
  void neverDeadLettersATransientFailure() {
    deliver(Polled.keys("A", "B"), settling((index, attempt) -> AWAY))
        .delivered()
        .rejectedNothing()
        .held(0, "PENDING")
        .held(1, "PENDING");
    assertThat(calls).hasSizeGreaterThan(HOLD.maxAttempts());
    assertThat(pace.now).isGreaterThan(HOLD.limit().toNanos());
  }

  @Test
  void holdsATransientFailureThatASinkRejects() {
    Sink sink =
        (events, deadline) ->
            new BatchOutcome(
                List.of(), events.stream().map(e -> new Unsettled(e, AWAY)).toList(), List.of());

    deliver(Polled.keys("A"), sink).rejectedNothing().held(0, "PENDING");
  }

  @Test
  void neverDeadLettersWhileTheSinkCannotBeReached() {
    deliver(
            Polled.keys("A", "B"),
            throwing(new UncheckedIOException(new IOException("Connection refused")), 0, 1))
        .delivered()
        .rejectedNothing();
    assertThat(calls).as("an outage is not searched for a bad event").containsOnly(List.of(0, 1));
  }

  @Test
  void givesUpAnUnknownFailureAfterBoundedAttempts() {
    Polled polled = Polled.keys("A", "B");

    deliver(polled, settling((index, attempt) -> index == 1 ? ODD : null))
        .delivered(0)
        .rejected(1, "ODD")
        .heldNothing();
    assertThat(attempts(polled, 1)).isEqualTo(5);
    assertThat(calls).hasSize(5);
    assertThat(held).as("nothing is held any more").endsWith(1, 0);
  }

  @Test
  void countsNoTransientFailureTowardsGivingUp() {
    Polled polled = Polled.keys("A");

    deliver(polled, settling((index, attempt) -> attempt <= 8 ? AWAY : attempt < 13 ? ODD : null))
        .delivered(0)
        .rejectedNothing();
  }

  @Test
  void isolatesTheEventThatMakesTheSinkThrow() {
    deliver(
            Polled.keys("A", "B", "C", "D", "E", "F", "G", "H"),
            throwing(new IllegalStateException("bug"), 5))
        .delivered(0, 1, 2, 3, 4, 6, 7)
        .rejected(5, "UNEXPECTED_FAILURE")
        .heldNothing();
    assertThat(calls)
        .containsExactly(
            List.of(0, 1, 2, 3, 4, 5, 6, 7),
            List.of(0, 1, 2, 3),
            List.of(4, 5, 6, 7),
            List.of(4, 5),
            List.of(4),
            List.of(5),
            List.of(6, 7),
            List.of(5),
            List.of(5),
            List.of(5),
            List.of(5));
  }

  @Test
  void keepsLaterEventsOfAHeldKeyBack() {
    Polled polled = Polled.keys("A", "B", "C", "A", "B", "A");

    deliver(polled, throwing(new IllegalStateException("bug"), 0))
        .delivered(1, 2, 4, 3, 5)
        .rejected(0, "UNEXPECTED_FAILURE")
        .heldNothing();
    assertThat(calls.stream().filter(call -> call.contains(3) && !call.contains(0)))
        .as("written once, after the one before it was given up")
        .containsExactly(List.of(3, 5));
  }

  @Test
  void keepsTheOrderOfEachKeyHoweverTheBatchIsSplit() {
    String[] keys = "A B A C B A C C B A A B C A B C".split(" ");
    for (int bad = 0; bad < keys.length; bad++) {
      for (int worse = 0; worse < keys.length; worse++) {
        arrived.clear();
        deliver(Polled.keys(keys), throwing(new IllegalStateException("bug"), bad, worse));

        for (String key : keys) {
          assertThat(arrived.stream().filter(e -> e.key().equals(key)).map(Event::position))
              .as("key %s with %d and %d bad", key, bad, worse)
              .isSortedAccordingTo((a, b) -> Long.compare(a.offset(), b.offset()));
        }
        assertThat(arrived).hasSize(keys.length - (bad == worse ? 1 : 2));
      }
    }
  }

  @Test
  void countsNoAttemptForAnEventThatOnlyWaitedForItsKey() {
    Polled polled = Polled.keys("A", "A");

    deliver(polled, settling((index, attempt) -> index == 1 ? BAD : attempt < 4 ? AWAY : null))
        .delivered(0)
        .rejected(1, "BAD");
    assertThat(attempts(polled, 1)).isEqualTo(1);
  }

  @Test
  void refusesASinkThatForgetsAnEvent() {
    Sink good = settling((index, attempt) -> null);
    Sink forgetful =
        (events, deadline) ->
            good.write(events.stream().filter(e -> index(e) != 1).toList(), deadline);

    deliver(Polled.keys("A", "B"), forgetful).rejected(1, "UNEXPECTED_FAILURE").heldNothing();
    assertThat(arrived).as("the other one is not lost").extracting(e -> index(e)).contains(0);
  }

  @Test
  void refusesASinkThatAnswersTwiceForAnEvent() {
    Sink twofold =
        (events, deadline) ->
            new BatchOutcome(events, List.of(new Unsettled(events.get(0), BAD)), List.of());

    deliver(Polled.keys("A"), twofold).delivered().rejected(0, "UNEXPECTED_FAILURE");
  }

  @Test
  void refusesASinkThatAnswersForAnEventOfAnotherBatch() {
    Sink stranger =
        (events, deadline) -> new BatchOutcome(List.of(Polled.at(7, 7, "Z")), List.of(), List.of());

    deliver(Polled.keys("A"), stranger).delivered().rejected(0, "UNEXPECTED_FAILURE");
  }

  @Test
  void doublesThePauseUpToItsLimit() {
    deliver(Polled.keys("A"), settling((index, attempt) -> AWAY));

    double[] expected = {0.25, 0.5, 1, 2, 4, 8, 10, 10, 10};
    for (int i = 0; i < expected.length; i++) {
      assertThat(pace.pauses.get(i).toNanos() / 1e9)
          .as("pause %d", i)
          .isCloseTo(expected[i], within(expected[i] * 0.2 + 1e-6));
    }
  }

  @Test
  void spreadsThePausesOfManyHubs() {
    for (int hub = 0; hub < 50; hub++) {
      deliver(Polled.keys("A"), settling((index, attempt) -> attempt == 1 ? AWAY : null));
    }

    assertThat(pace.pauses).hasSize(50);
    assertThat(pace.pauses.stream().distinct()).hasSizeGreaterThan(40);
  }

  @Test
  void beginsWithAShortPauseAgainOnceSomethingWasDelivered() {
    deliver(
        Polled.keys("A", "B"),
        settling((index, attempt) -> attempt < (index == 0 ? 6 : 8) ? AWAY : null));

    assertThat(pace.pauses.get(4)).isGreaterThan(Duration.ofSeconds(3));
    assertThat(pace.pauses.get(5)).isLessThan(Duration.ofMillis(301));
  }

  @Test
  void stopsWaitingWhenTheHubStops() {
    pace.stopInPause = 3;

    deliver(Polled.keys("A"), settling((index, attempt) -> AWAY)).held(0, "PENDING");

    assertThat(pace.pauses).hasSize(3);
    assertThat(calls).as("no call is begun once the hub stops").hasSize(3);
  }

  @Test
  void tellsTheSinkWhenTheTimeIsUp() {
    List<Boolean> passed = new ArrayList<>();
    Sink slow =
        (events, deadline) -> {
          passed.add(deadline.passed());
          pace.now += Duration.ofSeconds(121).toNanos();
          passed.add(deadline.passed());
          return BatchOutcome.holdAll(events, AWAY);
        };

    deliver(Polled.keys("A"), slow).held(0, "PENDING");

    assertThat(passed).containsExactly(false, true);
    assertThat(pace.pauses).isEmpty();
  }

  @Test
  void stopsSplittingABatchWhenTheTimeIsUp() {
    Sink slow =
        (events, deadline) -> {
          calls.add(events.stream().map(DeliveryEngineTest::index).toList());
          pace.now += Duration.ofSeconds(70).toNanos();
          throw new IllegalStateException("bug");
        };

    deliver(Polled.keys("A", "B", "C", "D", "E", "F", "G", "H"), slow).rejectedNothing();

    assertThat(calls).as("else Kafka takes the partition away").hasSize(2);
  }
}
