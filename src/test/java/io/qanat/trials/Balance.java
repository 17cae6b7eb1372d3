package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qanat.kafka.Position;
import io.qanat.trials.Entry.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Where the changes of a ledger are in the end.
 *
 * @param delivered what is on Kafka and not dead, and of which the sink shows the last of each key
 * @param dead what is among the dead letters, each once however often it was put there
 * @param duplicates what is in one place more than once
 * @param lost what was accepted and is in neither place
 * @param keys the keys that the sink shows
 * @param positions where each change stands on Kafka
 */
record Balance(
    Set<Change> delivered,
    Set<Change> dead,
    List<String> duplicates,
    List<String> lost,
    Set<String> keys,
    Map<Change, List<Position>> positions) {
  private static final Duration LIMIT = Duration.ofSeconds(150);
  private static final int SOME = 20;

  /**
   * Waits until the hub has settled all that is on Kafka, and checks what holds in every trial:
   * what was accepted is delivered or dead, never both, never twice; what was refused is nowhere;
   * the sink shows the last change of each key; receipts tell the same; the hub's counters agree,
   * if it was not killed; and its log tells nothing that is private.
   */
  static Balance settled(World world, Ledger ledger)
      throws ExecutionException, InterruptedException {
    Balance balance = balanced(world, ledger);
    Counters.check(world, ledger);
    return balance;
  }

  /**
   * The same where the hub cannot know what was committed: Kafka was away, or other hubs settled
   * too.
   */
  static Balance settledUncounted(World world, Ledger ledger)
      throws ExecutionException, InterruptedException {
    return balanced(world, ledger);
  }

  private static Balance balanced(World world, Ledger ledger)
      throws ExecutionException, InterruptedException {
    try {
      await("the hub settles what is on Kafka")
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(250))
          .ignoreExceptionsInstanceOf(ExecutionException.class)
          .until(() -> world.kafka().lag(ledger.flow()) == 0);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("Not settled; missing: " + some(of(world, ledger).lost()), e);
    }
    Balance balance = of(world, ledger);
    world.take(ledger, balance);
    balance.check(ledger);
    ledger.flow().check(world, ledger);
    Receipts.check(world, ledger, balance);
    Privacy.check(world.hub().log().substring(ledger.start().logged()));
    return balance;
  }

  private void check(Ledger ledger) {
    assertThat(some(lost)).as("accepted, but neither delivered nor dead").isEmpty();
    assertThat(some(duplicates)).as("duplicates").isEmpty();
    Set<Change> both = new HashSet<>(delivered);
    both.retainAll(dead);
    assertThat(both).as("delivered and dead").isEmpty();
    Set<Change> known = new HashSet<>(ledger.changes(Outcome.OK));
    known.addAll(ledger.changes(Outcome.UNKNOWN));
    assertThat(known).as("refused, but delivered").containsAll(delivered);
    assertThat(known).as("refused, but dead").containsAll(dead);
    assertThat(keys)
        .as("what the sink shows of things of which nothing is delivered")
        .isSubsetOf(delivered.stream().map(Change::key).collect(Collectors.toSet()));
  }

  private static Balance of(World world, Ledger ledger)
      throws ExecutionException, InterruptedException {
    Records records = Records.of(world, ledger);
    List<String> duplicates = new ArrayList<>();
    List<String> lost = new ArrayList<>();
    Map<Change, Integer> posts = new HashMap<>();
    ledger.entries().forEach(e -> posts.merge(e.change(), e.posts(), Integer::sum));
    posts.forEach(
        (change, times) -> {
          int events = records.events(change);
          if (events > times) {
            duplicates.add("%s is %d events on Kafka".formatted(change, events));
          }
        });
    ledger.changes(Outcome.OK).stream()
        .filter(change -> records.events(change) == 0)
        .forEach(change -> lost.add("%s is not on Kafka".formatted(change)));
    Map<String, List<Integer>> due = due(ledger.flow(), records);
    Map<String, List<Integer>> stored = new TreeMap<>(ledger.flow().stored(world));
    stored.keySet().removeIf(key -> !ledger.owns(key));
    stored.forEach(
        (key, rows) -> {
          List<Integer> more = less(rows, due.getOrDefault(key, List.of()));
          if (!more.isEmpty() && due.containsKey(key)) {
            duplicates.add("%s shows %s too".formatted(key, more));
          }
        });
    due.forEach(
        (key, seqs) -> {
          List<Integer> rows = stored.getOrDefault(key, List.of());
          if (!less(seqs, rows).isEmpty()) {
            lost.add("%s should show %s, but shows %s".formatted(key, seqs, rows));
          }
        });
    return new Balance(
        records.delivered(),
        records.dead(),
        duplicates,
        lost,
        stored.keySet(),
        records.positions());
  }

  /** What is left of some numbers when each of others has taken one away. */
  private static List<Integer> less(List<Integer> some, List<Integer> others) {
    List<Integer> left = new ArrayList<>(some);
    others.forEach(seq -> left.remove((Object) seq));
    return left;
  }

  /** What the sink must show of each key: every change of it, or the last; one for each row. */
  private static Map<String, List<Integer>> due(TrialFlow flow, Records records) {
    Map<String, List<Integer>> due = new HashMap<>();
    for (Change change : records.delivered()) {
      due.computeIfAbsent(change.key(), k -> new ArrayList<>())
          .addAll(Collections.nCopies(flow.rows(change, records.events(change)), change.seq()));
    }
    if (!flow.keepsEveryChange()) {
      due.replaceAll((key, seqs) -> List.of(Collections.max(seqs)));
    }
    return due;
  }

  /** The keys of what is dead. */
  Set<String> deadKeys() {
    return dead.stream().map(Change::key).collect(Collectors.toSet());
  }

  private static List<String> some(List<String> all) {
    return all.stream().limit(SOME).toList();
  }
}
