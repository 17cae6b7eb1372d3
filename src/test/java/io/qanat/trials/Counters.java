package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.ExecutionException;

/** Whether the hub's own figures agree with what is on Kafka. */
final class Counters {
  private Counters() {}

  /**
   * Every record since the ledger began was counted once for each sink, unless the hub was started
   * anew.
   */
  static void check(World world, Ledger ledger) throws ExecutionException, InterruptedException {
    Ledger.Start start = ledger.start();
    if (start.hubStarts() != world.hub().starts()) {
      return;
    }
    long records = world.kafka().records(ledger.flow().topic()) - start.records();
    // The hub counts a moment after it has committed.
    await("the counters follow")
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                world
                    .hub()
                    .settled(ledger.flow())
                    .forEach(
                        (sink, settled) ->
                            assertThat(settled - start.counted().get(sink))
                                .as("qanat_events_total of %s, against the records on Kafka", sink)
                                .isEqualTo((double) records)));
  }
}
