package io.qanat.trials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A paused lane takes no event, not even when the hub starts anew and Kafka comes later than the
 * hub.
 *
 * <p>Protection: no lane starts by itself, only once {@code qanat-control} has been read (without
 * {@code setAutoStartup(false)} in {@code LaneSwitch} the restarted hub delivers).
 */
@ExtendWith(World.Shared.class)
class PauseTrial {
  private static final int CHANGES = 20;

  @EachFlow
  @Tag("long")
  @DisplayName("a paused lane stays paused when the hub starts before Kafka")
  void keepsALanePausedWhenTheHubStartsBeforeKafkaDoes(TrialFlow flow, World world)
      throws Exception {
    try (Ledger ledger = new Ledger(world, flow, "paused")) {
      int before = world.hub().log().length();
      say(world, flow, true);
      awaitLog(world, before, flow.lane() + " is paused");
      ledger.post(CHANGES, 4);
      assertThat(ledger.accepted()).isEqualTo(CHANGES);

      world.hub().kill9();
      int restarted = world.hub().log().length();
      world.broker().kill();
      try {
        world.hub().launch();
        awaitLog(world, restarted, "qanat-control cannot be read");
      } finally {
        world.broker().start();
      }
      world.hub().awaitReady();
      awaitLog(world, restarted, flow.lane() + " is paused");

      assertThat(world.kafka().lag(flow)).isEqualTo(CHANGES);
      assertThat(flow.stored(world)).isEmpty();
      assertThat(world.hub().log().substring(restarted)).doesNotContain("Started " + flow.lane());

      say(world, flow, false);
      assertThat(Balance.settled(world, ledger).delivered()).hasSize(CHANGES);
    } finally {
      say(world, flow, false);
    }
  }

  @EachFlow
  @DisplayName("a lane that is held lets itself be paused")
  void pausesALaneThatIsHeldAndGoesOnWhereItStood(TrialFlow flow, World world) throws Exception {
    try (Ledger ledger = new Ledger(world, flow, "held-paused")) {
      int before = world.hub().log().length();
      flow.refuseService(world);
      ledger.post(CHANGES, 4);
      await().atMost(Duration.ofMinutes(1)).until(() -> flow.struck(world));

      say(world, flow, true);
      try {
        awaitLog(world, before, flow.lane() + " is paused");
        flow.recover(world);
        assertThat(world.kafka().lag(flow)).isEqualTo(CHANGES);
        assertThat(flow.stored(world)).isEmpty();
      } finally {
        say(world, flow, false);
      }

      assertThat(Balance.settled(world, ledger).delivered()).hasSize(CHANGES);
    }
  }

  private static void awaitLog(World world, int from, String text) {
    await(text)
        .atMost(Duration.ofMinutes(2))
        .until(() -> world.hub().log().substring(from).contains(text));
  }

  /** As another instance of the hub would. */
  private static void say(World world, TrialFlow flow, boolean paused)
      throws ExecutionException, InterruptedException {
    String pause =
        "{\"paused\":%s,\"by\":\"trial\",\"at\":\"2026-01-01T00:00:00Z\"}".formatted(paused);
    world
        .kafka()
        .write(
            new ProducerRecord<>(
                "qanat-control", 0, flow.lane().getBytes(UTF_8), pause.getBytes(UTF_8)));
  }
}
