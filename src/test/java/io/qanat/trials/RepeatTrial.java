package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qanat.trials.Entry.Outcome;
import io.qanat.trials.TcpProxy.Mode;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The same comes again: the same request, or the same records.
 *
 * <p>Protections: an Idempotency-Key is claimed once for each sink; what is not newer than what the
 * sink has of its key is not written.
 */
@ExtendWith(World.Shared.class)
class RepeatTrial {
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final int THINGS = 10;
  private static final int AT_ONCE = 50;
  private static final int IN_SERIES = 5;

  @EachFlow
  @DisplayName("T13 one Idempotency-Key many times")
  void hasOneEffectHoweverOftenTheSameRequestComes(TrialFlow flow, World world) throws Exception {
    Random random = Seed.random("same-key");
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try (Ledger ledger = new Ledger(world, flow, "same-key")) {
      List<Change> others = new ArrayList<>();
      for (int n = 0; n < THINGS; n++) {
        Change change = ledger.next(flow.key(ledger.key("thing"), n));
        HttpRequest.Builder same = named(ledger, change, change.key(), random);
        assertThat(ledger.send(change, same.copy()).outcome()).isEqualTo(Outcome.OK);
        List<Future<Entry>> answers = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
          answers.add(threads.submit(() -> ledger.send(change, same.copy())));
        }
        for (Future<Entry> answer : answers) {
          assertThat(answer.get().outcome()).isEqualTo(Outcome.OK);
        }
        for (int i = 0; i < IN_SERIES; i++) {
          assertThat(ledger.send(change, same.copy()).outcome()).isEqualTo(Outcome.OK);
        }
        Change other = ledger.next(change.key());
        others.add(other);
        ledger.send(other, named(ledger, other, change.key(), random));
      }

      Balance balance = Balance.settled(world, ledger);
      assertThat(balance.dead()).containsExactlyInAnyOrderElementsOf(others);
      assertThat(world.kafka().codes(ledger)).containsExactly("IDEMPOTENCY_KEY_REUSED");
      assertThat(flow.written(world)).as("rows written").isEqualTo(THINGS);
    } finally {
      threads.shutdownNow();
    }
  }

  @EachFlow
  @DisplayName("T14 the client gives up waiting and posts again")
  void writesOnceWhatAClientPostsUntilItIsAnswered(TrialFlow flow, World world) throws Exception {
    Random random = Seed.random("impatient");
    ExecutorService threads = Executors.newFixedThreadPool(THINGS);
    try (Ledger ledger = new Ledger(world, flow, "impatient")) {
      world.kafkaWire().delayMillis(1_000);
      world.kafkaWire().mode(Mode.DELAY);
      List<Future<Entry>> answers = new ArrayList<>();
      for (int n = 0; n < THINGS; n++) {
        Change change = ledger.next(flow.key(ledger.key("thing"), n));
        HttpRequest.Builder impatient =
            named(ledger, change, change.key(), random).timeout(Duration.ofMillis(400));
        answers.add(threads.submit(() -> ledger.insist(change, impatient)));
      }
      await("copies are on Kafka")
          .atMost(SOON)
          .until(
              () -> world.kafka().records(flow.topic()) - ledger.start().records() >= 2 * THINGS);
      world.kafkaWire().mode(Mode.PASS);
      for (Future<Entry> answer : answers) {
        assertThat(answer.get().outcome()).isEqualTo(Outcome.OK);
        assertThat(answer.get().posts()).isGreaterThan(1);
      }

      assertThat(Balance.settled(world, ledger).delivered()).hasSize(THINGS);
      assertThat(flow.written(world)).as("rows written").isEqualTo(THINGS);
    } finally {
      threads.shutdownNow();
    }
  }

  @EachFlow
  @Tag("long")
  @DisplayName("T16 the whole topic is replayed")
  void changesNothingWhenTheWholeTopicIsReplayed(TrialFlow flow, World world) throws Exception {
    try (Ledger ledger = new Ledger(world, flow, "replay")) {
      ledger.post(500, 8);
      Change bad = ledger.next(ledger.key("bad"));
      ledger.post(bad, flow.refusedBody(bad));
      Balance before = Balance.settled(world, ledger);
      Map<String, List<Integer>> stored = stored(world, ledger);
      int written = flow.written(world);

      world.hub().stop(SOON);
      world.kafka().rewind(flow);
      world.hub().start();

      Balance after = Balance.settled(world, ledger);
      assertThat(after.dead()).isEqualTo(before.dead()).containsExactly(bad);
      assertThat(after.delivered()).isEqualTo(before.delivered());
      assertThat(stored(world, ledger)).isEqualTo(stored);
      if (!flow.keepsEveryChange()) {
        assertThat(flow.written(world)).as("rows written, before and after").isEqualTo(written);
      }
    }
  }

  /** What the sink shows of a ledger; the facts of earlier trials, which are gone, come back. */
  private static Map<String, List<Integer>> stored(World world, Ledger ledger) {
    Map<String, List<Integer>> stored = new HashMap<>(ledger.flow().stored(world));
    stored.keySet().removeIf(key -> !ledger.owns(key));
    stored.values().forEach(Collections::sort);
    return stored;
  }

  private static HttpRequest.Builder named(
      Ledger ledger, Change change, String idempotencyKey, Random random) {
    return ledger
        .request("", ledger.flow().body(change, random))
        .header(Ledger.IDEMPOTENCY_KEY, idempotencyKey);
  }
}
