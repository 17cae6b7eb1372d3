package io.qanat.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qanat.deliver.DeadLetters.DeadLetter;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

/** Records by partition@offset, and what happens to them in which order. */
class SettlementTest {
  private static final Failure REFUSED = Failure.poison("REFUSED", "no", List.of());

  private final Polled polled = new Polled();
  private final List<String> tally = new ArrayList<>();

  private void settle() {
    Settlement.settle(
        polled.batch,
        "salesforce",
        polled.remembrance(letters -> letters.forEach(this::bury)),
        (outcome, events) -> tally.add(events + " " + outcome));
  }

  private void bury(DeadLetter letter) {
    polled.journal.add(
        "bury %d@%d %s after %d"
            .formatted(
                letter.raw().partition(),
                letter.raw().offset(),
                letter.failure().code(),
                letter.attempts()));
  }

  /** The sink takes what is delivered, refuses what is rejected and says nothing of the rest. */
  private void sink(List<Event> delivered, List<Event> rejected) {
    var outcome = new BatchOutcome.Builder();
    delivered.forEach(outcome::delivered);
    rejected.forEach(e -> outcome.failed(e, REFUSED));
    polled.batch.settle(outcome.build());
  }

  private Event polled(int partition, long offset) {
    polled.event(partition, offset, "k" + offset);
    return Polled.at(partition, offset, "k" + offset);
  }

  @Test
  void deadLettersOnlyTheBadRecordOfAHalfBadBatch() {
    Event zero = polled(0, 0);
    Event one = polled(0, 1);
    Event two = polled(0, 2);
    sink(List.of(zero, two), List.of(one));

    settle();

    assertThat(polled.journal).containsExactly("bury 0@1 REFUSED after 1", "commit 0@2");
    assertThat(tally).containsExactly("2 DELIVERED", "1 DEAD_LETTERED");
  }

  @Test
  void deadLettersTheUndecodableAloneAndWithoutAnAttempt() {
    Event zero = polled(0, 0);
    polled.undecodable(0, 1);
    Event two = polled(0, 2);
    sink(List.of(zero, two), List.of());

    settle();

    assertThat(polled.journal).containsExactly("bury 0@1 NOT_JSON after 0", "commit 0@2");
  }

  @Test
  void publishesDeadLettersBeforeAnyCommit() {
    Event zero = polled(0, 0);
    polled.undecodable(0, 1);
    Event other = polled(1, 0);
    polled.undecodable(1, 1);
    sink(List.of(zero, other), List.of());

    settle();

    assertThat(polled.journal)
        .containsExactly(
            "bury 0@1 NOT_JSON after 0", "bury 1@1 NOT_JSON after 0", "commit 0@1", "commit 1@1");
  }

  @Test
  void commitsUpToTheFirstHeldRecordOfEachPartition() {
    List<Event> delivered = new ArrayList<>();
    for (int offset = 0; offset < 4; offset++) {
      for (int partition = 0; partition < 3; partition++) {
        Event event = polled(partition, offset);
        if (offset != partition + 1) {
          delivered.add(event);
        }
      }
    }
    sink(delivered, List.of());

    assertThatThrownBy(this::settle)
        .isInstanceOf(BatchHeldException.class)
        .hasMessage("3 events of contacts are held for salesforce");
    assertThat(polled.journal).containsExactly("commit 0@0", "commit 1@1", "commit 2@2");
    assertThat(tally).containsExactly("6 DELIVERED");
  }

  @Test
  void commitsNothingWhenTheFirstRecordIsHeld() {
    polled(0, 0);
    Event one = polled(0, 1);
    sink(List.of(one), List.of());

    assertThatThrownBy(this::settle).isInstanceOf(BatchHeldException.class);
    assertThat(polled.journal).isEmpty();
  }

  @Test
  void doesNotBuryARecordBehindAHeldOne() {
    polled(0, 0);
    polled.undecodable(0, 1);
    Event two = polled(0, 2);
    sink(List.of(), List.of(two));

    assertThatThrownBy(this::settle).isInstanceOf(BatchHeldException.class);
    assertThat(polled.journal).as("it is polled again, and would be buried again").isEmpty();
  }

  @Test
  void commitsNothingWhenADeadLetterIsNotAcknowledged() {
    polled.undecodable(0, 0);
    sink(List.of(polled(1, 0)), List.of());

    assertThatThrownBy(
            () ->
                Settlement.settle(
                    polled.batch,
                    "salesforce",
                    polled.remembrance(
                        letters -> {
                          throw new KafkaException("no acknowledgement");
                        }),
                    (outcome, events) -> tally.add("")))
        .isInstanceOf(KafkaException.class);
    assertThat(polled.journal).isEmpty();
    assertThat(polled.noted).isEmpty();
    assertThat(tally).isEmpty();
  }

  @Test
  void notesHowFarItIsSettledOnceThatIsCommitted() {
    polled.event(0, 4, "A").event(1, 7, "B");
    sink(polled.batch.pending(), List.of());

    settle();

    assertThat(polled.noted).containsExactly("2 partitions after [commit 0@4, commit 1@7]");
  }

  @Test
  void knowsWhatWasDeliveredAndWillBePolledAgain() {
    polled.event(0, 0, "A").event(0, 1, "B").event(1, 0, "C");
    Event early = Polled.at(0, 1, "B");
    sink(List.of(early, Polled.at(1, 0, "C")), List.of());

    assertThat(polled.batch.early()).containsExactly(early);
  }

  @Test
  void commitsNothingOfAnEmptyBatch() {
    settle();

    assertThat(polled.journal).isEmpty();
  }

  @Test
  void countsARecordThatWasPolledTwiceInOneBatchOnce() {
    polled(0, 0);
    Event one = polled(0, 1);
    Event zero = polled(0, 0);
    sink(List.of(zero, one), List.of());

    settle();

    assertThat(polled.journal).containsExactly("commit 0@1");
    assertThat(tally).containsExactly("2 DELIVERED");
  }
}
