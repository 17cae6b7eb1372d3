package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
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
  private static final String WRITES = "\"path\":\"composite/sobjects\"";

  @Test
  void deliversABatchThatWasPolledButNotWritten(World world) throws Exception {
    try (Ledger ledger = new Ledger(world.hub(), "unwritten", true)) {
      world.salesforce().fault("{%s,\"kind\":\"unavailable\"}".formatted(WRITES));
      ledger.post(200, 8);
      await().atMost(SOON).until(() -> world.salesforce().strikes() > 0);

      world.hub().kill9();
      world.salesforce().calmDown();
      world.hub().start();

      Balance balance = Balance.settled(world, ledger);
      assertThat(balance.delivered()).hasSize(200);
    }
  }

  @Test
  void deliversABatchOnceThatWasWrittenButNotCommitted(World world) throws Exception {
    try (Ledger ledger = new Ledger(world.hub(), "uncommitted", true)) {
      world
          .salesforce()
          .fault("{%s,\"kind\":\"delay\",\"delayMs\":60000,\"times\":1}".formatted(WRITES));
      ledger.post(200, 8);
      await().atMost(SOON).until(() -> world.salesforce().recordsWritten() > 0);

      world.hub().kill9();
      world.salesforce().calmDown();
      world.hub().start();

      Balance balance = Balance.settled(world, ledger);
      assertThat(balance.delivered()).hasSize(200);
      assertThat(world.salesforce().recordsWritten())
          .as("what was not committed is written again")
          .isGreaterThan(200);
    }
  }
}
