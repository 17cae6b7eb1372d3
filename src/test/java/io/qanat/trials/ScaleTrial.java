package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qanat.trials.Entry.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One hub becomes two, then four, then one is asked to stop and one is killed, all while changes
 * come in.
 *
 * <p>Protections: what a hub has gathered of a partition that it lost is left to the next owner
 * (without {@code Ownership} the hubs settle more than there is); offsets are committed after a
 * batch is settled; a hub that is gone is missed after ten seconds (with Kafka's own session
 * timeout of 45 s its partitions stand still for longer than {@link #MISSED}).
 */
@ExtendWith(World.Shared.class)
class ScaleTrial {
  private static final Logger LOG = LoggerFactory.getLogger(ScaleTrial.class);
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final Duration GRACE = Duration.ofSeconds(25);
  private static final Duration MISSED = Duration.ofSeconds(30);
  private static final int POSTERS = 2;

  @EachFlow
  @Tag("long")
  @DisplayName("T38 one hub, two, four, and two again")
  void deliversOnceWhileHubsComeAndGo(TrialFlow flow, World world) throws Exception {
    try (Ledger ledger = new Ledger(world, flow, "scale");
        Fleet fleet = new Fleet(world, flow);
        Standstill standstill = new Standstill(world.kafka(), flow)) {
      try (Load load = new Load(ledger)) {
        load.awaitMore(200);
        report("one hub", fleet.awaitShared(SOON), standstill);
        fleet.grow(2);
        report("two hubs", fleet.awaitShared(SOON), standstill);
        fleet.grow(4);
        report("four hubs", fleet.awaitShared(SOON), standstill);
        awaitWork(world, flow, fleet);
      }
      assertThatEachEventWasSettledByOneHub(world, ledger, fleet);
      standstill.longest();

      try (Load load = new Load(ledger)) {
        load.awaitMore(200);
        Duration taken = fleet.leave().stop(GRACE);
        LOG.info("stopped after {} ms", taken.toMillis());
        report("three after SIGTERM", fleet.awaitShared(SOON), standstill);
        load.awaitMore(200);
        fleet.leave().kill9();
        report("two after kill -9", fleet.awaitShared(MISSED), standstill);
        load.awaitMore(200);
      }

      assertThat(ledger.statuses()).isSubsetOf(flow.acceptedStatus(), 503);
      Balance balance = Balance.settledUncounted(world, ledger);
      report("settled by two", fleet.awaitShared(SOON), standstill);
      assertThat(balance.dead()).isEmpty();
      assertThat(balance.delivered()).containsAll(ledger.changes(Outcome.OK));
      fleet.hubs().forEach(hub -> Privacy.check(hub.log()));
    }
  }

  private static void report(String hubs, List<Set<Integer>> shares, Standstill standstill) {
    LOG.info(
        "{}: partitions {}; until then one stood still for {} ms at most",
        hubs,
        shares,
        standstill.longest().toMillis());
  }

  /** As many hubs work as it takes to have a consumer for each partition. */
  private static void awaitWork(World world, TrialFlow flow, Fleet fleet)
      throws ExecutionException, InterruptedException {
    int consumers = world.kafka().members(flow).size() / fleet.hubs().size();
    int needed =
        Math.min(fleet.hubs().size(), (world.kafka().partitions(flow) + consumers - 1) / consumers);
    await("%d hubs settle events".formatted(needed))
        .atMost(SOON)
        .until(
            () -> {
              int working = 0;
              for (HubProcess hub : fleet.hubs()) {
                if (hub.settled(flow).get(flow.sink()) > 0) {
                  working++;
                }
              }
              return working >= needed;
            });
  }

  /** Nobody was killed yet: what a hub had polled when partitions moved, it left to the next. */
  private static void assertThatEachEventWasSettledByOneHub(World world, Ledger ledger, Fleet fleet)
      throws ExecutionException, InterruptedException {
    TrialFlow flow = ledger.flow();
    await("all is settled").atMost(SOON).until(() -> world.kafka().lag(flow) == 0);
    double records = world.kafka().records(flow.topic()) - ledger.start().records();
    await("the counters follow")
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                fleet
                    .settled()
                    .forEach(
                        (sink, settled) ->
                            assertThat(settled - ledger.start().counted().get(sink))
                                .as("what the hubs settled for %s, against Kafka", sink)
                                .isEqualTo(records)));
  }

  /** Changes that are posted until it is closed. */
  private static final class Load implements AutoCloseable {
    private final Ledger ledger;
    private final AtomicBoolean enough = new AtomicBoolean();
    private final CompletableFuture<Void> posts;

    Load(Ledger ledger) {
      this.ledger = ledger;
      this.posts = ledger.postUntil(Integer.MAX_VALUE, POSTERS, false, enough::get);
    }

    /** Waits until so many more are accepted. */
    void awaitMore(int changes) {
      long before = ledger.accepted();
      await().atMost(SOON).until(() -> ledger.accepted() >= before + changes);
    }

    @Override
    public void close() {
      enough.set(true);
      posts.join();
    }
  }
}
