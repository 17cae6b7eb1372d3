package io.qanat.trials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
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
  private static final String LANE = "contacts-deliver-salesforce";
  private static final int CONTACTS = 20;

  @Test
  void keepsALanePausedWhenTheHubStartsBeforeKafkaDoes(World world) throws Exception {
    try (Ledger ledger = new Ledger(world.hub(), "paused", true)) {
      int before = world.hub().log().length();
      say(world, true);
      awaitLog(world, before, LANE + " is paused");
      ledger.post(CONTACTS, 4);
      assertThat(ledger.accepted()).isEqualTo(CONTACTS);

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
      awaitLog(world, restarted, LANE + " is paused");

      assertThat(world.kafka().lag()).isEqualTo(CONTACTS);
      assertThat(world.salesforce().contactKeys()).isEmpty();
      assertThat(world.hub().log().substring(restarted)).doesNotContain("Started " + LANE);

      say(world, false);
      assertThat(Balance.settled(world, ledger).delivered()).hasSize(CONTACTS);
    } finally {
      say(world, false);
    }
  }

  private static void awaitLog(World world, int from, String text) {
    await(text)
        .atMost(Duration.ofMinutes(2))
        .until(() -> world.hub().log().substring(from).contains(text));
  }

  /** As another instance of the hub would. */
  private static void say(World world, boolean paused)
      throws ExecutionException, InterruptedException {
    String pause =
        "{\"paused\":%s,\"by\":\"trial\",\"at\":\"2026-01-01T00:00:00Z\"}".formatted(paused);
    world
        .kafka()
        .write(
            new ProducerRecord<>("qanat-control", 0, LANE.getBytes(UTF_8), pause.getBytes(UTF_8)));
  }
}
