package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Dead letters are redriven, more than once, while changes come in.
 *
 * <p>Protections: a redriven event keeps the order of its original, so that what was delivered of
 * its key since then stays; what was redriven too often needs force.
 */
@ExtendWith(World.Shared.class)
class RedriveTrial {
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final int DEAD = 6;
  private static final int MOST_REDRIVES = 3;

  @EachFlow
  @DisplayName("T15 dead letters are redriven twice under live traffic")
  void deliversWhatIsRedrivenUnlessSomethingNewerIsThere(TrialFlow flow, World world)
      throws Exception {
    Random random = Seed.random("redriven");
    DeadLetterDesk desk = new DeadLetterDesk(world);
    try (Ledger ledger = new Ledger(world, flow, "redriven")) {
      flow.refuseRows(world);
      List<Change> refused = new ArrayList<>();
      List<String> ids = new ArrayList<>();
      for (int n = 0; n < DEAD; n++) {
        Change change = ledger.next(flow.key(ledger.key("refused"), n));
        refused.add(change);
        ids.add(deadLetterId(flow, ledger.post(change, flow.body(change, random))));
      }
      ids.forEach(id -> desk.awaitState(id, "dead"));
      flow.recover(world);
      for (Change old : refused.subList(0, DEAD / 2)) {
        Change newer = ledger.next(old.key());
        ledger.post(newer, flow.body(newer, random));
      }
      await().atMost(SOON).until(() -> world.kafka().lag(flow) == 0);

      AtomicBoolean enough = new AtomicBoolean();
      var traffic = ledger.postUntil(Integer.MAX_VALUE, 2, false, enough::get);
      JsonNode first = desk.redrive(ids, false);
      JsonNode second = desk.redrive(ids, true);
      ids.forEach(id -> desk.awaitState(id, "delivered"));
      enough.set(true);
      traffic.join();

      assertThat(first.path("redriven").asInt()).as("first: " + first).isEqualTo(DEAD);
      assertThat(second.path("total").asInt()).as("second: " + second).isEqualTo(DEAD);
      Balance balance = Balance.settled(world, ledger);
      assertThat(balance.dead()).isEmpty();
      assertThat(balance.delivered()).containsAll(refused);
    }
  }

  @EachFlow
  @Tag("long")
  @DisplayName("T15 a dead letter that dies again and again")
  void needsForceForWhatDiedTooOften(TrialFlow flow, World world) throws Exception {
    DeadLetterDesk desk = new DeadLetterDesk(world);
    try (Ledger ledger = new Ledger(world, flow, "loop")) {
      Change bad = ledger.next(ledger.key("bad"));
      String id = deadLetterId(flow, ledger.post(bad, flow.refusedBody(bad)));
      desk.awaitState(id, "dead");
      for (int n = 1; n <= MOST_REDRIVES; n++) {
        assertThat(desk.redrive(List.of(id), false).path("redriven").asInt()).isEqualTo(1);
        awaitDeaths(desk, id, n);
      }

      JsonNode guarded = desk.redrive(List.of(id), false);
      assertThat(guarded.path("redriven").asInt()).isZero();
      assertThat(guarded.path("skipped").path("loop-guard").asInt()).isEqualTo(1);
      assertThat(desk.redrive(List.of(id), true).path("redriven").asInt()).isEqualTo(1);
      awaitDeaths(desk, id, MOST_REDRIVES + 1);

      assertThat(Balance.settled(world, ledger).dead()).containsExactly(bad);
    }
  }

  private static void awaitDeaths(DeadLetterDesk desk, String id, int redrives) {
    await(id + " died again")
        .atMost(SOON)
        .until(
            () -> {
              JsonNode letter = desk.get(id);
              return letter.path("state").asText().equals("dead")
                  && letter.path("redrives").asInt() == redrives;
            });
  }

  private static String deadLetterId(TrialFlow flow, Entry entry) {
    String receipt = Objects.requireNonNull(entry.receipt(), "a 202 without a receipt");
    return receipt.replace("/receipts/" + flow.name() + "-", flow.name() + "." + flow.sink() + "-");
  }
}
