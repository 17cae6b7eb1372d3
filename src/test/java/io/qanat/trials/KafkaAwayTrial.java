package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qanat.sandbox.Kafka;
import io.qanat.trials.Entry.Outcome;
import io.qanat.trials.TcpProxy.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka goes away, or becomes slow, while changes come in and others are held for their sink.
 *
 * <p>Protections: a 2xx waits for Kafka's acknowledgement (with {@code requestRequiredAcks: 0} in
 * {@code event-publish-action} a frozen broker "accepts"); the wait is bounded by {@code
 * qanat.kafka.max-block} and {@code .delivery-timeout}.
 */
@ExtendWith(World.Shared.class)
class KafkaAwayTrial {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaAwayTrial.class);
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final long MOST_THREADS = 350;
  private static final int HELD = 100;

  @EachFlow
  @DisplayName("T04 the broker is killed")
  void refusesInTimeAndRecoversByItselfWhenTheBrokerIsKilled(TrialFlow flow, World world)
      throws Exception {
    absence(world, flow, Kafka::kill, Kafka::start, Duration.ZERO);
  }

  @EachFlow
  @Tag("long")
  @DisplayName("T04 the broker is frozen")
  void refusesInTimeAndRecoversByItselfWhenTheBrokerIsFrozen(TrialFlow flow, World world)
      throws Exception {
    absence(world, flow, Kafka::pause, Kafka::resume, Duration.ZERO);
  }

  @EachFlow
  @Tag("long")
  @DisplayName("T04 the broker is away for a minute")
  void refusesForAMinute(TrialFlow flow, World world) throws Exception {
    absence(world, flow, Kafka::kill, Kafka::start, SOON);
  }

  private static void absence(
      World world, TrialFlow flow, Consumer<Kafka> begin, Consumer<Kafka> end, Duration length)
      throws Exception {
    try (Ledger ledger = new Ledger(world, flow, "kafka-away")) {
      holdSome(world, ledger);
      begin.accept(world.broker());
      double threads;
      try {
        long over = System.nanoTime() + length.toNanos();
        ledger.post(40, 8);
        ledger.post(200, 64);
        ledger
            .postUntil(Integer.MAX_VALUE, 8, false, () -> System.nanoTime() > over)
            .get(length.toSeconds() + 60, TimeUnit.SECONDS);
        threads = world.hub().metric("jvm_threads_live_threads");
      } finally {
        end.accept(world.broker());
      }
      recover(world, ledger);

      List<Entry> refused =
          ledger.entries().stream().filter(e -> e.outcome() != Outcome.OK).toList();
      LOG.info("{} threads", threads);
      assertRefusedInTime(refused);
      assertThat(ledger.accepted()).as("accepted while Kafka was there").isEqualTo(HELD + 1);
      assertThat(threads).isPositive().isLessThan(MOST_THREADS);
      assertThat(world.hub().log().substring(ledger.start().logged()))
          .doesNotContain("OutOfMemoryError");
      assertThat(Balance.settledUncounted(world, ledger).dead()).isEmpty();
    }
  }

  /** What the hub gave up on may be on Kafka all the same: the ledger knows it as unknown. */
  @EachFlow
  @DisplayName("T05 Kafka acknowledges after two seconds")
  void refusesInsteadOfQueueingWhenKafkaIsSlow(TrialFlow flow, World world) throws Exception {
    try (Ledger ledger = new Ledger(world, flow, "kafka-slow")) {
      holdSome(world, ledger);
      world.kafkaWire().delayMillis(2_000);
      world.kafkaWire().mode(Mode.DELAY);
      ledger.post(400, 64);
      world.kafkaWire().mode(Mode.PASS);
      recover(world, ledger);

      assertRefusedInTime(
          ledger.entries().stream().filter(e -> e.outcome() != Outcome.OK).toList());
      Balance balance = Balance.settledUncounted(world, ledger);
      assertThat(balance.dead()).isEmpty();
      assertThat(balance.delivered()).containsAll(ledger.changes(Outcome.OK));
    }
  }

  private static void holdSome(World world, Ledger ledger) {
    ledger.flow().refuseService(world);
    ledger.post(HELD, 8);
    await().atMost(SOON).until(() -> ledger.flow().struck(world));
    assertThat(ledger.accepted()).isEqualTo(HELD);
  }

  private static void recover(World world, Ledger ledger) {
    ledger.flow().recover(world);
    Change back = ledger.next(ledger.key("back"));
    String body = ledger.flow().body(back, Seed.random("back"));
    assertThat(ledger.insist(back, ledger.request("", body)).outcome())
        .as("changes are accepted again")
        .isEqualTo(Outcome.OK);
  }

  private static void assertRefusedInTime(List<Entry> refused) {
    Set<Integer> statuses = refused.stream().map(Entry::status).collect(Collectors.toSet());
    List<Long> millis = refused.stream().map(Entry::millis).sorted().toList();
    long median = millis.get(millis.size() / 2);
    long longest = millis.get(millis.size() - 1);
    LOG.info("{} refused after {} ms (median), {} ms (longest)", millis.size(), median, longest);
    assertThat(statuses).containsExactly(503);
    assertThat(refused).as("say when to try again").allMatch(Entry::retryAfter);
    // The bound is 2 s; a busy machine may take its time to read the answer.
    assertThat(median).as("median, ms").isLessThanOrEqualTo(2_000);
    assertThat(longest).as("longest, ms").isLessThan(5_000);
  }
}
