package io.qanat.deadletter;

import static io.qanat.deadletter.Samples.ID;
import static io.qanat.deadletter.Samples.death;
import static io.qanat.deadletter.Samples.delivered;
import static io.qanat.deadletter.Samples.died;
import static io.qanat.deadletter.Samples.discarded;
import static io.qanat.deadletter.Samples.record;
import static io.qanat.deadletter.Samples.redriven;
import static io.qanat.deadletter.Samples.superseded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.qanat.deadletter.DeadLetterIndex.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DeadLetterTest {
  static Stream<Arguments> histories() {
    return Stream.of(
        arguments("died", State.DEAD, List.of(died(10, 0, 1))),
        arguments("redriven", State.REDRIVEN, List.of(died(10, 0, 1), redriven(20, 2))),
        arguments(
            "delivered",
            State.DELIVERED,
            List.of(died(10, 0, 1), redriven(20, 2), delivered(20, 3))),
        arguments(
            "superseded",
            State.DELIVERED,
            List.of(died(10, 0, 1), redriven(20, 2), superseded(20, 3))),
        arguments(
            "died again", State.DEAD, List.of(died(10, 0, 1), redriven(20, 2), died(20, 1, 3))),
        arguments(
            "redriven again",
            State.REDRIVEN,
            List.of(died(10, 0, 1), redriven(20, 2), died(20, 1, 3), redriven(30, 4))),
        arguments(
            "redriven twice at once",
            State.DELIVERED,
            List.of(
                died(10, 0, 1),
                redriven(20, 2),
                redriven(21, 2),
                died(20, 1, 3),
                delivered(21, 3))),
        arguments(
            "delivered, while the clocks say otherwise",
            State.DELIVERED,
            List.of(died(10, 0, 9), redriven(20, 8), delivered(20, 1))),
        arguments(
            "died again, while the clocks say otherwise",
            State.DEAD,
            List.of(died(10, 0, 9), redriven(20, 8), died(20, 1, 1))),
        arguments("discarded", State.DISCARDED, List.of(died(10, 0, 1), discarded(10L, 2))),
        arguments(
            "discarded by a clock that is behind",
            State.DISCARDED,
            List.of(died(10, 0, 5), discarded(10L, 2))),
        arguments(
            "discarded without saying what",
            State.DISCARDED,
            List.of(died(10, 0, 1), redriven(20, 2), died(20, 1, 3), discarded(null, 4))),
        arguments(
            "died after its discard",
            State.DEAD,
            List.of(died(10, 0, 1), discarded(10L, 2), redriven(20, 2), died(20, 1, 3))),
        arguments(
            "delivered, but nobody wrote down the redrive",
            State.DELIVERED,
            List.of(died(10, 0, 1), delivered(20, 3))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("histories")
  void isTheSameInWhateverOrderAndHoweverOftenItIsTold(
      String name, State state, List<Happening> history) {
    DeadLetter inOrder = DeadLetter.of(ID, history);
    assertThat(inOrder.state()).isEqualTo(state);
    Random random = new Random(name.hashCode());
    for (int i = 0; i < 50; i++) {
      List<Happening> told = new ArrayList<>(history);
      told.add(history.get(random.nextInt(history.size())));
      Collections.shuffle(told, random);
      int cut = random.nextInt(told.size());

      List<Happening> inTwo = new ArrayList<>(DeadLetter.of(ID, told.subList(0, cut)).history());
      inTwo.addAll(told.subList(cut, told.size()));

      assertThat(DeadLetter.of(ID, inTwo)).isEqualTo(inOrder);
    }
  }

  @Test
  void countsADeadLetterOnceThatWasPublishedTwice() {
    Death first = death(10, 0, 1, 100);
    Death again = death(10, 0, 2, 107);

    DeadLetter letter = DeadLetter.of(ID, List.of(again, first));

    assertThat(letter.history()).containsExactly(first);
    assertThat(DeadLetter.of(ID, List.of(first, again))).isEqualTo(letter);
  }

  @Test
  void countsADeliveryOnceThatWasToldTwice() {
    DeadLetter letter =
        DeadLetter.of(ID, List.of(delivered(20, 4), died(10, 0, 1), delivered(20, 3)));

    assertThat(letter.history()).containsExactly(died(10, 0, 1), delivered(20, 3));
  }

  @Test
  void tellsWhereItDiedLastAndWhereItWasRedrivenTo() {
    DeadLetter letter =
        DeadLetter.of(
            ID, List.of(died(10, 0, 1), redriven(20, 2), died(20, 1, 3), redriven(30, 4)));

    var entry = letter.entry().orElseThrow();
    assertThat(entry.id()).isEqualTo("contacts.salesforce-3-10");
    assertThat(entry.diedAt()).isEqualTo(record(20));
    assertThat(entry.code()).isEqualTo("BAD_20");
    assertThat(entry.redrivenTo()).isEqualTo(record(30));
    assertThat(entry.note()).isNull();
    assertThat(letter.redrives()).isEqualTo(2);
    assertThat(letter.firstDeath()).isEqualTo(died(10, 0, 1));
  }

  @Test
  void tellsThatItWasSuperseded() {
    assertThat(
            DeadLetter.of(ID, List.of(died(10, 0, 1), redriven(20, 2), superseded(20, 3)))
                .entry()
                .orElseThrow()
                .note())
        .isEqualTo("superseded");
  }

  @Test
  void isUnknownToOthersUntilItsDeathIsKnown() {
    assertThat(DeadLetter.of(ID, List.of(redriven(20, 2))).entry()).isEmpty();
  }

  @Test
  void countsRedrivesByWhatItsOwnHeadersSayWhereTheAuditIsMissing() {
    assertThat(DeadLetter.of(ID, List.of(died(10, 0, 1), died(40, 3, 9))).redrives()).isEqualTo(3);
  }
}
