package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qanat.trials.Entry.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ten thousand changes at once, and the hub dies halfway.
 *
 * <p>Protections: a 2xx waits for Kafka's acknowledgement; offsets are committed by hand after the
 * sink's answer; rows are written 200 in a call and more, from batches that linger, and not again
 * if they are there.
 */
@ExtendWith(World.Shared.class)
class BurstTrial {
  private static final Logger LOG = LoggerFactory.getLogger(BurstTrial.class);
  private static final int CHANGES = 10_000;
  private static final int ROWS_PER_CALL = 200;
  private static final int MOST_CALLS = 60;

  @EachFlow
  @DisplayName("T01 killed halfway through ten thousand changes")
  void deliversTenThousandChangesThoughTheHubIsKilledHalfway(TrialFlow flow, World world)
      throws Exception {
    try (Ledger ledger = new Ledger(world, flow, "burst")) {
      long start = System.nanoTime();
      var burst = ledger.postUntil(CHANGES, 32, true, () -> false);
      await().atMost(Duration.ofMinutes(2)).until(() -> ledger.accepted() >= CHANGES / 2);

      world.hub().kill9();
      long killed = ledger.accepted();
      world.hub().start();
      burst.join();
      long posted = System.nanoTime();

      Balance balance = Balance.settled(world, ledger);
      int calls = flow.calls(world);
      int rows = flow.keepsEveryChange() ? balance.delivered().size() : balance.keys().size();
      int again = flow.written(world) - rows;
      int retries = (again + ROWS_PER_CALL - 1) / ROWS_PER_CALL + 1;
      LOG.info(
          "killed after {} of {}; posted in {} s, settled {} s later; {} write calls, {} rows again",
          killed,
          ledger.accepted(),
          Duration.ofNanos(posted - start).toSeconds(),
          Duration.ofNanos(System.nanoTime() - posted).toSeconds(),
          calls,
          again);
      assertThat(ledger.accepted()).isGreaterThan(CHANGES - 100);
      assertThat(ledger.changes(Outcome.FAIL)).isEmpty();
      assertThat(balance.dead()).isEmpty();
      assertThat(calls).as("write calls").isLessThanOrEqualTo(MOST_CALLS + retries);
    }
  }
}
