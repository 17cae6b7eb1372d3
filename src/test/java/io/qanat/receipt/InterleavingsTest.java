package io.qanat.receipt;

import static io.qanat.receipt.KnownKafka.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.qanat.deadletter.DeadLetterIndex;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Everything that can happen to an event happens between any two questions of a receipt. */
class InterleavingsTest {
  private static final String SF = "salesforce";
  private static final int QUESTIONS = 7;

  @Test
  void neverCallsAnEventDeliveredThatDiesMeanwhile() {
    Set<State> told = EnumSet.noneOf(State.class);
    for (List<Integer> schedule : schedules(4, QUESTIONS)) {
      KnownKafka kafka = new KnownKafka(SF).event(7).deadLetter(SF, 0, at(3), "OTHER");
      kafka.committed(SF, 7).indexed(SF, 1);
      State state =
          told(
              kafka,
              7,
              schedule,
              () -> kafka.deadLetter(SF, 1, at(7), "X"),
              () -> kafka.committed(SF, 8),
              () -> kafka.entry(SF, 7, DeadLetterIndex.State.DEAD, 7, null, null),
              () -> kafka.indexed(SF, 2));
      assertThat(state).as("%s", schedule).isIn(State.WAITING, State.DEAD_LETTERED);
      told.add(state);
    }
    assertThat(told).containsOnly(State.WAITING, State.DEAD_LETTERED);
  }

  @Test
  void neverCallsARedriveDeliveredThatDiesMeanwhile() {
    Set<State> told = EnumSet.noneOf(State.class);
    for (List<Integer> schedule : schedules(4, QUESTIONS)) {
      for (long receipt : new long[] {7, 9}) {
        KnownKafka kafka =
            new KnownKafka(SF)
                .event(7)
                .event(
                    9,
                    "qanat_redrive_of",
                    "contacts-3-7",
                    "qanat_redrive_sink",
                    SF,
                    "qanat_redrive_count",
                    "1")
                .deadLetter(SF, 0, at(7), "X")
                .committed(SF, 9)
                .indexed(SF, 1)
                .entry(SF, 7, DeadLetterIndex.State.REDRIVEN, 7, 9L, null);
        State state =
            told(
                kafka,
                receipt,
                schedule,
                () -> kafka.deadLetter(SF, 1, at(9), "X"),
                () -> kafka.committed(SF, 10),
                () -> kafka.entry(SF, 7, DeadLetterIndex.State.DEAD, 9, 9L, null),
                () -> kafka.indexed(SF, 2));
        assertThat(state)
            .as("%s of %d", schedule, receipt)
            .isIn(State.WAITING, State.DEAD_LETTERED);
        told.add(state);
      }
    }
    assertThat(told).containsOnly(State.WAITING, State.DEAD_LETTERED);
  }

  private static State told(
      KnownKafka kafka, long offset, List<Integer> schedule, Runnable... happenings) {
    Deque<Runnable> left = new ArrayDeque<>(List.of(happenings));
    Deque<Integer> before = new ArrayDeque<>(schedule);
    kafka.beforeEachQuestion =
        () -> {
          for (int i = before.isEmpty() ? 0 : before.pop(); i > 0; i--) {
            left.pop().run();
          }
        };
    return new Receipts(kafka, kafka, (lane, record) -> Optional.empty()).find(at(offset)).state();
  }

  /**
   * All ways to let some happenings, in their order, come before the first, second, .. question.
   */
  private static List<List<Integer>> schedules(int happenings, int questions) {
    if (questions == 0) {
      return List.of(List.of());
    }
    List<List<Integer>> all = new ArrayList<>();
    for (int now = 0; now <= happenings; now++) {
      for (List<Integer> later : schedules(happenings - now, questions - 1)) {
        List<Integer> schedule = new ArrayList<>(List.of(now));
        schedule.addAll(later);
        all.add(schedule);
      }
    }
    return all;
  }
}
