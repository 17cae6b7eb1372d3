package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qanat.kafka.Position;
import io.qanat.trials.TcpProxy.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The hub dies at the worst moments.
 *
 * <p>Protection: offsets are committed after the batch is settled. Committed any earlier, when a
 * batch is decoded for one, what the killed hub had polled is lost.
 */
@ExtendWith(World.Shared.class)
class HubKilledTrial {
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final int CHANGES = 200;

  @EachFlow
  @Tag("long")
  @DisplayName("T01 killed after a batch was polled, before it was written")
  void deliversABatchThatWasPolledButNotWritten(TrialFlow flow, World world) throws Exception {
    try (Ledger ledger = new Ledger(world, flow, "unwritten")) {
      flow.refuseService(world);
      ledger.post(CHANGES, 8);
      await().atMost(SOON).until(() -> flow.struck(world));

      world.hub().kill9();
      flow.recover(world);
      world.hub().start();

      assertThat(Balance.settled(world, ledger).delivered()).hasSize(CHANGES);
    }
  }

  @EachFlow
  @Tag("long")
  @DisplayName("T01 killed after a batch was written, before it was committed")
  void deliversABatchOnceThatWasWrittenButNotCommitted(TrialFlow flow, World world)
      throws Exception {
    try (Ledger ledger = new Ledger(world, flow, "uncommitted")) {
      flow.answerLate(world, SOON);
      ledger.post(CHANGES, 8);
      await().atMost(SOON).until(() -> flow.written(world) > 0);
      assertThat(world.kafka().lag(flow)).as("not committed").isEqualTo(CHANGES);

      world.hub().kill9();
      flow.recover(world);
      world.hub().start();

      assertThat(Balance.settled(world, ledger).delivered()).hasSize(CHANGES);
    }
  }

  /**
   * The answers of Kafka come late, so that the dead letters are on Kafka when the hub dies, and it
   * does not know. It buries them again, and both copies tell of one and the same death.
   */
  @EachFlow
  @Tag("long")
  @DisplayName("T02 killed while dead letters are published")
  void buriesOnceWhatWasBuriedButNotCommitted(TrialFlow flow, World world) throws Exception {
    try (Ledger ledger = new Ledger(world, flow, "buried")) {
      // The first dead letter finds its topic and its connection, which the later ones then have.
      Set<Change> bad = new HashSet<>(refused(ledger, 1));
      await().atMost(SOON).until(() -> world.kafka().lag(flow) == 0);
      flow.refuseService(world);
      ledger.post(40, 8);
      bad.addAll(refused(ledger, 5));
      await().atMost(SOON).until(() -> flow.struck(world));
      long before = world.kafka().records(flow.deadLetters());

      world.kafkaWire().delayMillis(1_000);
      world.kafkaWire().mode(Mode.DELAY);
      flow.recover(world);
      await("dead letters are on Kafka")
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> world.kafka().records(flow.deadLetters()) > before);
      world.hub().kill9();
      assertThat(world.kafka().lag(flow)).as("not committed").isPositive();
      world.kafkaWire().mode(Mode.PASS);
      world.hub().start();

      Balance balance = Balance.settled(world, ledger);
      assertThat(balance.dead()).isEqualTo(bad);
      assertThat(balance.delivered()).hasSize(40);
      List<Position> letters = new ArrayList<>();
      for (var letter : world.kafka().read(flow.deadLetters())) {
        if (ledger.owns(letter)) {
          letters.add(KafkaView.diedAt(letter));
        }
      }
      assertThat(letters).as("copies of dead letters").hasSizeGreaterThan(bad.size());
      assertThat(Set.copyOf(letters)).hasSize(bad.size());
    }
  }

  private static Set<Change> refused(Ledger ledger, int count) {
    Set<Change> bad =
        IntStream.range(0, count)
            .mapToObj(n -> ledger.next(ledger.key("bad-" + count + "-" + n)))
            .collect(Collectors.toSet());
    bad.forEach(change -> ledger.post(change, ledger.flow().refusedBody(change)));
    return bad;
  }
}
