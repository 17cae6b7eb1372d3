package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qanat.trials.Ledger.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.awaitility.core.ConditionTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the events of a ledger are in the end.
 *
 * @param delivered the keys of the stand-in's records
 * @param dead the keys of the dead letters
 * @param duplicates keys that are in one place more than once
 * @param lost accepted keys that are in neither place
 */
record Balance(Set<String> delivered, Set<String> dead, List<String> duplicates, Set<String> lost) {
  private static final Logger LOG = LoggerFactory.getLogger(Balance.class);
  private static final Duration LIMIT = Duration.ofSeconds(150);

  /**
   * Waits until the hub has settled all that is on Kafka, and checks what holds in every trial:
   * what was accepted is delivered or dead, never both, never twice; what was refused is nowhere.
   */
  static Balance settled(World world, Ledger ledger)
      throws ExecutionException, InterruptedException {
    try {
      await("the hub settles what is on Kafka")
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(250))
          .ignoreExceptionsInstanceOf(ExecutionException.class)
          .until(() -> world.kafka().lag() == 0);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("Not settled; missing: " + some(of(world, ledger).lost()), e);
    }
    Balance balance = of(world, ledger);
    balance.print(ledger);
    assertThat(balance.lost()).as("accepted, but neither delivered nor dead").isEmpty();
    assertThat(balance.duplicates()).as("duplicates").isEmpty();
    Set<String> both = new HashSet<>(balance.delivered());
    both.retainAll(balance.dead());
    assertThat(both).as("delivered and dead").isEmpty();
    Set<String> known = new HashSet<>(ledger.keys(Outcome.OK));
    known.addAll(ledger.keys(Outcome.UNKNOWN));
    assertThat(known).as("refused, but there").containsAll(balance.delivered());
    assertThat(known).as("refused, but there").containsAll(balance.dead());
    return balance;
  }

  private static Balance of(World world, Ledger ledger)
      throws ExecutionException, InterruptedException {
    List<String> duplicates = new ArrayList<>();
    Set<String> delivered = new HashSet<>();
    for (String key : world.salesforce().contactKeys()) {
      if (!delivered.add(key)) {
        duplicates.add(key);
      }
    }
    Set<String> dead = new HashSet<>();
    for (var letter : world.kafka().read(KafkaView.DEAD)) {
      String key = KafkaView.key(letter);
      if (ledger.owns(key) && !dead.add(key)) {
        duplicates.add(key);
      }
    }
    Set<String> lost = new TreeSet<>(ledger.keys(Outcome.OK));
    lost.removeAll(delivered);
    lost.removeAll(dead);
    return new Balance(delivered, dead, duplicates, lost);
  }

  private void print(Ledger ledger) {
    LOG.info(
        """

            accepted | unknown | refused | delivered | dead | duplicates | lost
            {} | {} | {} | {} | {} | {} | {} {}""",
        ledger.keys(Outcome.OK).size(),
        ledger.keys(Outcome.UNKNOWN).size(),
        ledger.keys(Outcome.FAIL).size(),
        delivered.size(),
        dead.size(),
        duplicates.size(),
        lost.size(),
        some(lost));
  }

  private static List<String> some(Set<String> keys) {
    return keys.stream().limit(20).toList();
  }
}
