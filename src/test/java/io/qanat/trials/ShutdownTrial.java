package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qanat.trials.Entry.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hub is asked to stop while changes come in, and while a batch is held for its sink.
 *
 * <p>Protections: the server drains, requests that come late get 503 or no connection, a batch that
 * is held is given back to Kafka. With {@code autoCommitEnable: true} the stop commits what is only
 * held, and it is lost.
 */
@ExtendWith(World.Shared.class)
class ShutdownTrial {
  private static final Logger LOG = LoggerFactory.getLogger(ShutdownTrial.class);
  private static final Duration GRACE = Duration.ofSeconds(25);
  private static final Duration SOON = Duration.ofMinutes(1);

  @EachFlow
  @DisplayName("T03 SIGTERM under load")
  void stopsUnderLoadInTimeAndLosesNothing(TrialFlow flow, World world) throws Exception {
    try (Ledger ledger = new Ledger(world, flow, "stop")) {
      AtomicBoolean enough = new AtomicBoolean();
      var load = ledger.postUntil(Integer.MAX_VALUE, 8, false, enough::get);
      await().atMost(SOON).until(() -> ledger.accepted() > 500);
      flow.refuseService(world);
      await().atMost(SOON).until(() -> flow.struck(world));

      Instant asked = Instant.now();
      assertThat(world.hub().management("/actuator/health/readiness")).isEqualTo(200);
      CompletableFuture<Instant> lastReady =
          CompletableFuture.supplyAsync(() -> watch(world, asked));
      Duration taken = world.hub().stop(GRACE);
      enough.set(true);
      load.join();
      Instant ready = lastReady.get(10, TimeUnit.SECONDS);
      LOG.info("stopped after {} ms", taken.toMillis());

      flow.recover(world);
      world.hub().start();
      assertThat(ledger.statuses())
          .as("answers before and during the stop; 0 is a closed connection")
          .isSubsetOf(flow.acceptedStatus(), 503, 0);
      assertThat(ledger.entries())
          .filteredOn(e -> e.sent().isBefore(ready))
          .as("what was sent while the hub said that it is ready")
          .hasSizeGreaterThan(500)
          .allMatch(e -> e.outcome() == Outcome.OK);
      assertThat(ledger.entries())
          .filteredOn(e -> e.status() == 503)
          .as("late ones are told when to come back")
          .allMatch(Entry::retryAfter);
      assertThat(Balance.settled(world, ledger).dead()).isEmpty();
    }
  }

  /** When the hub last said that it is ready; the stop may come before it is asked again. */
  private static Instant watch(World world, Instant before) {
    Instant ready = before;
    while (true) {
      Instant asked = Instant.now();
      try {
        if (world.hub().management("/actuator/health/readiness") != 200) {
          return ready;
        }
        ready = asked;
      } catch (IOException gone) {
        return ready;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return ready;
      }
    }
  }
}
