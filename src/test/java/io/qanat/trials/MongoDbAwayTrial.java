package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qanat.sandbox.MongoDb;
import java.time.Duration;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * MongoDB, which remembers Idempotency-Keys, goes away while changes with such keys come in.
 *
 * <p>Protection: what cannot be claimed is held, and neither written nor buried.
 */
@ExtendWith(World.Shared.class)
class MongoDbAwayTrial {
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final int CHANGES = 60;

  @EachFlow
  @DisplayName("T08 MongoDB is killed for 5 s")
  void holdsWhileMongoDbIsKilled(TrialFlow flow, World world) throws Exception {
    absence(world, flow, MongoDb::kill, MongoDb::start, Duration.ofSeconds(5));
  }

  @EachFlow
  @Tag("long")
  @DisplayName("T08 MongoDB is frozen for 60 s")
  void holdsWhileMongoDbIsFrozen(TrialFlow flow, World world) throws Exception {
    absence(world, flow, MongoDb::pause, MongoDb::resume, SOON);
  }

  private static void absence(
      World world, TrialFlow flow, Consumer<MongoDb> begin, Consumer<MongoDb> end, Duration length)
      throws Exception {
    Random random = Seed.random("mongodb-away");
    try (Ledger ledger = new Ledger(world, flow, "mongodb-away")) {
      begin.accept(world.mongoDbServer());
      try {
        for (int n = 0; n < CHANGES; n++) {
          Change change = ledger.next(flow.key(ledger.key("named"), n));
          ledger.send(
              change,
              ledger
                  .request("", flow.body(change, random))
                  .header(Ledger.IDEMPOTENCY_KEY, change.key()));
        }
        ledger.post(CHANGES, 4);
        assertThat(ledger.statuses())
            .as("accepted all the while")
            .containsExactly(flow.acceptedStatus());
        await("the lane is held")
            .atMost(SOON)
            .until(
                () ->
                    world
                        .hub()
                        .log()
                        .substring(ledger.start().logged())
                        .contains("IDEMPOTENCY_UNREACHABLE"));
        await("nothing is settled wrongly all the while")
            .during(length)
            .atMost(length.plus(SOON))
            .until(() -> world.kafka().lag(flow) > 0);
        assertThat(world.hub().management("/actuator/health/readiness")).isEqualTo(200);
      } finally {
        end.accept(world.mongoDbServer());
      }

      Balance balance = Balance.settled(world, ledger);
      assertThat(balance.dead()).isEmpty();
      assertThat(balance.delivered()).hasSize(2 * CHANGES);
    }
  }
}
