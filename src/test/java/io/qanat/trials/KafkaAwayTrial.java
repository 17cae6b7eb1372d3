package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qanat.sandbox.Kafka;
import io.qanat.trials.Ledger.Entry;
import io.qanat.trials.Ledger.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka goes away while contacts come in, and while others are held for Salesforce.
 *
 * <p>Protections: a 2xx waits for Kafka's acknowledgement (with {@code requestRequiredAcks: 0} in
 * {@code event-publish-action} a frozen broker "accepts"); the wait is bounded by {@code
 * qanat.kafka.max-block} and {@code .delivery-timeout}.
 */
@ExtendWith(World.Shared.class)
class KafkaAwayTrial {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaAwayTrial.class);
  private static final long MOST_THREADS = 350;

  @Test
  void refusesInTimeAndRecoversByItselfWhenTheBrokerIsKilled(World world) throws Exception {
    absence(world, "killed", Kafka::kill, Kafka::start);
  }

  @Test
  void refusesInTimeAndRecoversByItselfWhenTheBrokerIsFrozen(World world) throws Exception {
    absence(world, "frozen", Kafka::pause, Kafka::resume);
  }

  private static void absence(World world, String how, Consumer<Kafka> begin, Consumer<Kafka> end)
      throws Exception {
    try (Ledger ledger = new Ledger(world.hub(), "kafka-" + how, true)) {
      world.salesforce().fault("{\"path\":\"composite/sobjects\",\"kind\":\"unavailable\"}");
      ledger.post(100, 8);
      await().atMost(Duration.ofMinutes(1)).until(() -> world.salesforce().strikes() > 0);
      assertThat(ledger.accepted()).isEqualTo(100);

      begin.accept(world.broker());
      double threads;
      try {
        ledger.post(40, 8);
        ledger.post(200, 64);
        threads = world.hub().metric("jvm_threads_live_threads");
      } finally {
        end.accept(world.broker());
      }
      world.salesforce().calmDown();
      await("contacts are accepted again")
          .atMost(Duration.ofMinutes(1))
          .until(() -> ledger.post(ledger.key("back"), back(ledger)).outcome() == Outcome.OK);

      List<Entry> refused = ledger.entries().subList(100, 340);
      List<Long> millis = refused.stream().map(Entry::millis).sorted().toList();
      LOG.info(
          "{}: answered after {} ms (median), {} ms (longest), {} threads",
          how,
          millis.get(millis.size() / 2),
          millis.get(millis.size() - 1),
          threads);
      assertThat(refused.stream().map(Entry::status).collect(Collectors.toSet()))
          .containsExactly(503);
      assertThat(refused).as("say when to try again").allMatch(Entry::retryAfter);
      // The bound is 2 s; a busy machine may take its time to read the answer.
      assertThat(millis.get(millis.size() / 2)).as("median, ms").isLessThanOrEqualTo(2_000);
      assertThat(millis.get(millis.size() - 1)).as("longest, ms").isLessThan(5_000);
      assertThat(threads).isPositive().isLessThan(MOST_THREADS);
      assertThat(world.hub().log()).doesNotContain("OutOfMemoryError");
      Balance balance = Balance.settled(world, ledger);
      assertThat(balance.dead()).isEmpty();
    }
  }

  private static String back(Ledger ledger) {
    return "{\"externalId\":\"%s\",\"lastName\":\"Lovelace\"}".formatted(ledger.key("back"));
  }
}
