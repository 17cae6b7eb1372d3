package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qanat.trials.Ledger.Entry;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hub is asked to stop while contacts come in, and while a batch is held for Salesforce.
 *
 * <p>Protections: the server drains, requests that come late get 503, a batch that is held is given
 * back to Kafka. With {@code autoCommitEnable: true} the stop commits what is only held, and it is
 * lost.
 */
@ExtendWith(World.Shared.class)
class ShutdownTrial {
  private static final Logger LOG = LoggerFactory.getLogger(ShutdownTrial.class);
  private static final Duration GRACE = Duration.ofSeconds(25);

  @Test
  void stopsUnderLoadInTimeAndLosesNothing(World world) throws Exception {
    try (Ledger ledger = new Ledger(world.hub(), "stop", true)) {
      AtomicBoolean enough = new AtomicBoolean();
      var load = ledger.postUntil(Integer.MAX_VALUE / 2, 8, true, enough::get);
      await().atMost(Duration.ofMinutes(1)).until(() -> ledger.accepted() > 500);
      world.salesforce().fault("{\"path\":\"composite/sobjects\",\"kind\":\"unavailable\"}");
      await().atMost(Duration.ofMinutes(1)).until(() -> world.salesforce().strikes() > 0);

      Duration taken = world.hub().stop(GRACE);
      enough.set(true);
      load.join();
      LOG.info("stopped after {} ms", taken.toMillis());

      world.salesforce().calmDown();
      world.hub().start();
      Set<Integer> statuses =
          ledger.entries().stream().map(Entry::status).collect(Collectors.toSet());
      assertThat(statuses)
          .as("answers before and during the stop; 0 is a closed connection")
          .isSubsetOf(202, 503, 0);
      assertThat(Balance.settled(world, ledger).dead()).isEmpty();
    }
  }
}
