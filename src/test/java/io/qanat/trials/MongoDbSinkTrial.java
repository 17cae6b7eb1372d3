package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.model.Filters;
import io.qanat.trials.Entry.Outcome;
import io.qanat.trials.MongoWire.Fault;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * MongoDB's primary steps down, or the wire to it breaks, while a bulk is written.
 *
 * <p>Protections: what a bulk did not write is held, whether the server says so of each document or
 * says nothing; a document that is there is known again; what a majority does not have is not
 * settled, and the same is true of the claims of Idempotency-Keys.
 */
@ExtendWith(World.Shared.class)
class MongoDbSinkTrial {
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final String CLAIMS = "idempotency";
  private static final int MANY = 2_000;
  private static final int SOME = 40;
  private static final int AGAIN = 3;

  @EachMongoFlow
  @DisplayName("T35 the primary steps down in the middle of a bulk")
  void writesEachDocumentOnceWhenThePrimaryStepsDown(MongoFlow flow, World world) throws Exception {
    halfABulk(flow, world, Fault.STEPS_DOWN);
  }

  @EachMongoFlow
  @DisplayName("T35 the wire breaks in the middle of a bulk")
  void writesEachDocumentOnceWhenTheWireBreaks(MongoFlow flow, World world) throws Exception {
    halfABulk(flow, world, Fault.HALF_WRITTEN);
  }

  private static void halfABulk(MongoFlow flow, World world, Fault fault) throws Exception {
    MongoWire wire = world.mongoDbWire();
    AtomicBoolean enough = new AtomicBoolean();
    try (Ledger ledger = new Ledger(world, flow, "half-a-bulk")) {
      ledger.post(SOME, 4);
      wire.fault(flow.name(), fault);
      CompletableFuture<Void> posts = ledger.postUntil(MANY, 4, false, enough::get);
      Change bad;
      try {
        bad = refused(ledger);
        awaitStrikes(world, flow.name(), 2);
        // Until there is another primary.
        wire.fault(flow.name(), Fault.NOT_PRIMARY);
        awaitStrikes(world, flow.name(), 1);
      } finally {
        wire.recover(flow.name());
        enough.set(true);
      }
      posts.join();
      ledger.post(SOME, 4);

      assertWhole(world, ledger, bad);
    }
  }

  /** A primary that steps down forgets what no other server has. */
  @EachMongoFlow
  @DisplayName("T36 what was written is not replicated, and is rolled back")
  void writesAnewWhatWasRolledBack(MongoFlow flow, World world) throws Exception {
    MongoWire wire = world.mongoDbWire();
    try (Ledger ledger = new Ledger(world, flow, "rolled-back")) {
      wire.fault(flow.name(), Fault.NOT_REPLICATED);
      Change bad;
      try {
        ledger.post(SOME, 4);
        bad = refused(ledger);
        awaitStrikes(world, flow.name(), AGAIN);
        assertThat(kept(world, flow)).as("written, on one server").isPositive();
        assertThat(world.kafka().lag(flow)).as("not settled").isGreaterThanOrEqualTo(SOME);
        wire.fault(flow.name(), Fault.NOT_PRIMARY);
        awaitStrikes(world, flow.name(), 1);
        world.mongoDb().collection(flow.name()).deleteMany(Filters.empty());
      } finally {
        wire.recover(flow.name());
      }
      ledger.post(SOME, 4);

      assertWhole(world, ledger, bad);
    }
  }

  @EachMongoFlow
  @Tag("long")
  @DisplayName("T36 the claims of Idempotency-Keys are not replicated, and are rolled back")
  void holdsWhatHasAKeyUntilAMajorityHasTheClaim(MongoFlow flow, World world) throws Exception {
    MongoWire wire = world.mongoDbWire();
    Random random = Seed.random("unclaimed");
    wire.reset(CLAIMS);
    try (Ledger ledger = new Ledger(world, flow, "unclaimed")) {
      List<Map.Entry<Change, HttpRequest.Builder>> requests = new ArrayList<>();
      for (int n = 0; n < SOME; n++) {
        Change change = ledger.next(flow.key(ledger.key("named"), n));
        requests.add(
            Map.entry(
                change,
                ledger
                    .request("", flow.body(change, random))
                    .header(Ledger.IDEMPOTENCY_KEY, change.key())));
      }
      Change bad;
      wire.fault(CLAIMS, Fault.NOT_REPLICATED);
      try {
        send(ledger, requests);
        bad = refused(ledger);
        awaitStrikes(world, CLAIMS, AGAIN * flow.sinks().size());
        assertThat(flow.written(world)).as("written on claims that may be lost").isZero();
        wire.fault(CLAIMS, Fault.NOT_PRIMARY);
        awaitStrikes(world, CLAIMS, 1);
        world.mongoDb().collection(CLAIMS).deleteMany(Filters.regex("_id", ledger.key("named")));
      } finally {
        wire.recover(CLAIMS);
      }
      send(ledger, requests);

      assertWhole(world, ledger, bad);
      assertThat(flow.written(world)).as("each was written once").isEqualTo(SOME);
    }
  }

  private static void send(Ledger ledger, List<Map.Entry<Change, HttpRequest.Builder>> requests) {
    requests.forEach(
        request ->
            assertThat(ledger.send(request.getKey(), request.getValue().copy()).outcome())
                .isEqualTo(Outcome.OK));
  }

  private static Change refused(Ledger ledger) {
    Change bad = ledger.next(ledger.key("bad"));
    ledger.post(bad, ledger.flow().refusedBody(bad));
    return bad;
  }

  private static void awaitStrikes(World world, String collection, int more) {
    int before = world.mongoDbWire().strikes(collection);
    await("the fault strikes")
        .atMost(SOON)
        .until(() -> world.mongoDbWire().strikes(collection) >= before + more);
  }

  private static long kept(World world, MongoFlow flow) {
    return world.mongoDb().collection(flow.name()).countDocuments();
  }

  /** All is there but the one that MongoDB cannot hold, which is dead, and the hub is well. */
  private static void assertWhole(World world, Ledger ledger, Change bad) throws Exception {
    assertThat(ledger.statuses())
        .as("accepted all the while")
        .containsExactly(ledger.flow().acceptedStatus());
    Balance balance = Balance.settled(world, ledger);
    assertThat(balance.dead()).containsExactly(bad);
    assertThat(world.kafka().codes(ledger)).containsExactly("INVALID_VALUE");
    assertThat(balance.delivered()).hasSize(ledger.changes(Outcome.OK).size() - 1);
    for (String probe : List.of("liveness", "readiness")) {
      assertThat(world.hub().management("/actuator/health/" + probe)).as(probe).isEqualTo(200);
    }
  }
}
