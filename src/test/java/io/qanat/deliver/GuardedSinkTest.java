package io.qanat.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.qanat.deliver.Claims.Claim;
import io.qanat.deliver.Event.Idempotency;
import io.qanat.kafka.Position;
import io.qanat.kafka.Redrive;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Events by offset in one partition; what reaches the sink is written down as {@code key@order}.
 */
class GuardedSinkTest {
  private final Polled polled = new Polled();
  private final List<String> reached = new ArrayList<>();
  private final Map<String, Claim> claims = new HashMap<>();
  private final Map<String, Long> delivered = new HashMap<>();
  private @Nullable Failure failure;
  private boolean late;
  private final GuardedSink guarded =
      new GuardedSink(
          (events, deadline) -> {
            var outcome = new BatchOutcome.Builder();
            for (Event e : events) {
              reached.add(e.key() + "@" + e.order().offset());
              if (failure == null && late) {
                outcome.superseded(e);
              } else if (failure == null) {
                outcome.delivered(e);
              } else {
                outcome.failed(e, failure);
              }
            }
            return outcome.build();
          },
          "salesforce",
          polled.batch,
          this::claim,
          this::newest);

  private Map<Position, Claim> claim(List<Event> events) {
    Map<Position, Claim> holders = new HashMap<>();
    for (Event e : events) {
      String id = e.idempotency().scope() + e.idempotency().key();
      Claim own = new Claim(e.order(), e.idempotency().fingerprint());
      holders.put(e.position(), claims.merge(id, own, (first, later) -> first));
    }
    return holders;
  }

  private Map<Position, Long> newest(List<Event> events) {
    Map<Position, Long> known = new HashMap<>();
    events.stream()
        .filter(e -> delivered.containsKey(e.key()))
        .forEach(e -> known.put(e.position(), delivered.get(e.key())));
    return known;
  }

  private BatchOutcome write(Event... events) {
    return guarded.write(List.of(events), Deadline.NEVER);
  }

  private static Event live(long offset, String key) {
    return Polled.at(0, offset, key);
  }

  private static Event redriven(long offset, String key, long of, String sink) {
    return event(offset, key, new Redrive(sink, Position.ofFlow("contacts", 0, of), 1), null);
  }

  private static Event named(long offset, String name, String fingerprint) {
    return event(offset, "A", null, new Idempotency("/contacts", name, fingerprint));
  }

  private static Event event(
      long offset, String key, @Nullable Redrive redrive, @Nullable Idempotency idempotency) {
    return new Event(
        Position.ofFlow("contacts", 0, offset),
        key,
        "e" + offset,
        "contact.upserted",
        Instant.EPOCH,
        JsonNodeFactory.instance.objectNode(),
        redrive,
        idempotency);
  }

  private @Nullable Note note(Event event) {
    return polled.batch.note(event.position());
  }

  @Test
  void writesWhatIsNewerThanWhatTheSinkHas() {
    delivered.put("A", 3L);

    write(live(4, "A"), live(5, "B"));

    assertThat(reached).containsExactly("A@4", "B@5");
  }

  @Test
  void neverWritesAnOlderEventOverANewerOne() {
    delivered.put("A", 9L);
    Event old = redriven(12, "A", 4, "salesforce");

    BatchOutcome outcome = write(old);

    assertThat(reached).isEmpty();
    assertThat(outcome.delivered()).containsExactly(old);
    assertThat(note(old)).isEqualTo(Note.SUPERSEDED);
  }

  @Test
  void tellsWhatTheSinkItselfFoundToComeTooLate() {
    late = true;
    Event event = live(4, "A");

    assertThat(write(event).delivered()).containsExactly(event);
    assertThat(note(event)).isEqualTo(Note.SUPERSEDED);
  }

  @Test
  void doesNotWriteAgainWhatWasDelivered() {
    delivered.put("A", 4L);
    Event again = live(4, "A");

    assertThat(write(again).delivered()).containsExactly(again);
    assertThat(reached).isEmpty();
    assertThat(note(again)).as("it was delivered, by nothing newer").isNull();
  }

  @Test
  void writesARedrivenEventBeforeTheNewerOnesOfItsBatch() {
    write(live(9, "A"), live(10, "B"), redriven(12, "A", 4, "salesforce"));

    assertThat(reached).containsExactly("A@4", "A@9", "B@10");
  }

  @Test
  void supersedesWithinOneBatchWhatIsTriedAgainTooLate() {
    write(live(9, "A"));
    Event late = redriven(12, "A", 4, "salesforce");

    write(late);

    assertThat(reached).containsExactly("A@9");
    assertThat(note(late)).isEqualTo(Note.SUPERSEDED);
  }

  @Test
  void triesAgainWhatTheSinkDidNotTake() {
    failure = Failure.transientFailure("AWAY", "away");
    BatchOutcome held = write(live(9, "A"));
    failure = null;
    write(live(9, "A"));

    assertThat(held.held()).hasSize(1);
    assertThat(reached).containsExactly("A@9", "A@9");
  }

  @Test
  void settlesInSilenceWhatWasRedrivenForAnotherSink() {
    Event other = redriven(12, "A", 4, "mongodb");

    assertThat(write(other).delivered()).containsExactly(other);
    assertThat(reached).isEmpty();
    assertThat(note(other)).isEqualTo(Note.NOT_ADDRESSED);
  }

  @Test
  void writesAnIdempotencyKeyOnceHoweverOftenItComes() {
    Event first = named(1, "k", "f");
    Event second = named(2, "k", "f");
    Event third = named(3, "k", "f");

    write(first, second);
    BatchOutcome outcome = write(third);

    assertThat(reached).containsExactly("A@1");
    assertThat(outcome.delivered()).containsExactly(third);
    assertThat(note(second)).isEqualTo(Note.DUPLICATE);
    assertThat(note(third)).isEqualTo(Note.DUPLICATE);
  }

  @Test
  void rejectsAnIdempotencyKeyThatComesWithAnotherBody() {
    write(named(1, "k", "f"));
    BatchOutcome outcome = write(named(2, "k", "other"));

    assertThat(reached).containsExactly("A@1");
    OutcomeAssert.assertThat(outcome).rejected(2, "IDEMPOTENCY_KEY_REUSED");
    assertThat(outcome.rejected().get(0).failure().message()).contains("contacts-0-1");
  }

  @Test
  void writesTheHolderOfAKeyWhenItIsPolledAgainOrRedriven() {
    failure = Failure.transientFailure("AWAY", "away");
    write(named(1, "k", "f"));
    write(named(1, "k", "f"));
    Event corrected =
        event(
            7,
            "A",
            new Redrive("salesforce", Position.ofFlow("contacts", 0, 1), 1),
            new Idempotency("/contacts", "k", "corrected"));
    write(corrected);

    assertThat(reached).containsExactly("A@1", "A@1", "A@1");
  }
}
