package io.qanat.deadletter;

import static io.qanat.deadletter.Samples.ID;
import static io.qanat.deadletter.Samples.NOON;
import static io.qanat.deadletter.Samples.delivered;
import static io.qanat.deadletter.Samples.died;
import static io.qanat.deadletter.Samples.redriven;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.qanat.Lane;
import io.qanat.deadletter.DeadLetterIndex.State;
import io.qanat.deadletter.Death.Envelope;
import io.qanat.deadletter.Death.Reason;
import io.qanat.deliver.BatchOutcome;
import io.qanat.deliver.Deadline;
import io.qanat.deliver.Event;
import io.qanat.kafka.Position;
import io.qanat.sandbox.MongoDb;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLetterStoreIT {
  private static final Duration LONG = Duration.ofMinutes(1);

  private MongoDb server;
  private MongoClient client;
  private DeadLetterStore store;

  @BeforeEach
  void start(@TempDir Path folder) {
    server = MongoDb.start(folder, 0);
    client =
        MongoClients.create(
            MongoClientSettings.builder()
                .applyConnectionString(new com.mongodb.ConnectionString(server.uri()))
                .applyToClusterSettings(c -> c.serverSelectionTimeout(1, TimeUnit.SECONDS))
                .build());
    store = new DeadLetterStore(client.getDatabase("qanat"));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private static Death death(DeadLetterId id, Instant at, String code, String key) {
    Position record = id.original();
    return new Death(
        at,
        record,
        new Position(id.deadLetterTopic(), record.partition(), record.offset()),
        new Reason(code, "POISON", "bad", List.of(), 1),
        new Envelope(key, "e", "t"),
        0);
  }

  private static DeadLetterId id(long offset) {
    return new DeadLetterId("contacts", "salesforce", 0, offset);
  }

  private static DeadLetterFilter filter(Map<String, String> parameters) {
    return DeadLetterFilter.of(parameters);
  }

  @Test
  void addsToAHistoryAndTellsWhatBecameOfTheLetter() {
    store.apply(Map.of(ID, List.of(redriven(20, 2))));
    assertThat(store.find(ID.toString())).isEmpty();

    store.apply(Map.of(ID, List.of(died(10, 0, 1))));
    store.apply(Map.of(ID, List.of(died(10, 0, 1), delivered(20, 3))));

    var entry = store.find(ID.toString()).orElseThrow();
    assertThat(entry.state()).isEqualTo(State.DELIVERED);
    assertThat(entry.redrivenTo()).isEqualTo(Samples.record(20));
    assertThat(store.get(ID.toString()).orElseThrow().history())
        .containsExactly(died(10, 0, 1), redriven(20, 2), delivered(20, 3));
    assertThat(store.find("contacts.salesforce-9-9")).isEmpty();
  }

  @Test
  void losesNothingThatSeveralWriteAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> writes = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int n = i;
        writes.add(
            threads.submit(
                () ->
                    store.apply(
                        Map.of(
                            ID,
                            List.of(died(10, 0, 1), redriven(20 + n, 2)),
                            id(n % 2),
                            List.of(death(id(n % 2), NOON, "X", "k"))))));
      }
      for (Future<?> write : writes) {
        write.get();
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(store.get(ID.toString()).orElseThrow().history()).hasSize(9);
    assertThat(store.ids(filter(Map.of()), 10)).hasSize(3);
  }

  @Test
  void givesPagesNewestFirstWithoutLosingOrRepeatingAny() {
    IntStream.range(0, 25)
        .forEach(
            i ->
                // Ten at a time die in the same instant.
                store.apply(
                    Map.of(id(i), List.of(death(id(i), NOON.plusSeconds(i / 10), "X", "k")))));

    List<DeadLetter> all = store.list(filter(Map.of()), null, 100);
    List<DeadLetter> paged = new ArrayList<>();
    Cursor cursor = null;
    for (List<DeadLetter> page = store.list(filter(Map.of()), null, 4);
        !page.isEmpty();
        page = store.list(filter(Map.of()), cursor, 4)) {
      paged.addAll(page);
      cursor = Cursor.behind(page.get(page.size() - 1));
    }

    assertThat(paged).isEqualTo(all).hasSize(25);
    assertThat(all.get(0).lastDeath().at()).isEqualTo(NOON.plusSeconds(2));
    assertThat(all.get(24).lastDeath().at()).isEqualTo(NOON);
  }

  @Test
  void findsByEachFilterAndCounts() {
    DeadLetterId other = new DeadLetterId("orders", "mongodb", 1, 1);
    store.apply(
        Map.of(
            id(1),
            List.of(death(id(1), NOON, "A", "k1")),
            id(2),
            List.of(death(id(2), NOON.plusSeconds(1), "A", "k2")),
            id(3),
            List.of(death(id(3), NOON.plusSeconds(2), "B", "k2"), discard(id(3))),
            other,
            List.of(death(other, NOON.plusSeconds(3), "A", "k1"))));

    assertThat(found(Map.of("flow", "orders"))).containsExactly(other);
    assertThat(found(Map.of("sink", "salesforce"))).containsExactly(id(3), id(2), id(1));
    assertThat(found(Map.of("code", "B"))).containsExactly(id(3));
    assertThat(found(Map.of("key", "k1", "flow", "contacts"))).containsExactly(id(1));
    assertThat(found(Map.of("from", "2026-01-31T12:00:01Z", "to", "2026-01-31T12:00:03Z")))
        .containsExactly(id(3), id(2));
    assertThat(found(Map.of("state", "dead"))).containsExactly(other, id(2), id(1));
    assertThat(found(Map.of("state", "discarded"))).containsExactly(id(3));
    assertThat(store.counts(filter(Map.of("flow", "contacts"))))
        .containsExactly(
            new DeadLetterStore.Count("contacts", "salesforce", "A", 2),
            new DeadLetterStore.Count("contacts", "salesforce", "B", 1));
  }

  @Test
  void countsTheDeadOfALane() {
    Lane lane = new Lane("contacts-deliver-salesforce", "contacts", "salesforce");
    assertThat(store.dead(lane)).hasValue(0);
    store.apply(
        Map.of(
            id(1), List.of(death(id(1), NOON, "A", "k")),
            id(2), List.of(death(id(2), NOON, "A", "k")),
            id(3), List.of(death(id(3), NOON, "A", "k"), discard(id(3)))));

    assertThat(store.dead(lane)).hasValue(2);
    server.stop();
    assertThat(store.dead(lane)).isEmpty();
  }

  private static Action discard(DeadLetterId id) {
    return new Action(NOON, "ada", Action.Kind.DISCARDED, id.original(), "a test", false);
  }

  private List<DeadLetterId> found(Map<String, String> parameters) {
    return store.list(filter(parameters), null, 100).stream().map(DeadLetter::id).toList();
  }

  @Test
  void letsOnlyOneClaimALetterThatIsDead() {
    store.apply(Map.of(ID, List.of(died(10, 0, 1))));

    assertThat(store.claim(ID, "a", LONG)).isPresent();
    assertThat(store.claim(ID, "b", LONG)).isEmpty();
    store.release(List.of(ID), "b");
    assertThat(store.claim(ID, "b", LONG)).isEmpty();
    store.release(List.of(ID), "a");
    assertThat(store.claim(ID, "b", Duration.ZERO.minusSeconds(1))).isPresent();
    assertThat(store.claim(ID, "c", LONG)).as("an old claim has run out").isPresent();
    store.release(List.of(ID), "c");
    store.apply(Map.of(ID, List.of(redriven(20, 2))));
    assertThat(store.claim(ID, "d", LONG)).as("it is not dead").isEmpty();
  }

  @Test
  void holdsWhileMongoDbIsAwayAndGoesOnAfterwards() {
    Projection projection = new Projection(store);
    Death death = died(10, 0, 1);
    Event event = event(ID, death);
    server.stop();

    BatchOutcome away = projection.write(List.of(event), Deadline.NEVER);

    assertThat(away.held()).hasSize(1);
    assertThat(away.held().get(0).failure().code()).isEqualTo("MONGODB_UNAVAILABLE");
    server.start();
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> projection.write(List.of(event), Deadline.NEVER).held().isEmpty());
    assertThat(store.find(ID.toString())).isPresent();
  }

  @Test
  void passesOverWhatCanNeverBeWrittenAndWritesTheRest() {
    Death huge = death(id(1), NOON, "X".repeat(17 * 1024 * 1024), "k");
    Death good = death(id(2), NOON, "X", "k");
    Event foreign =
        new Event(Samples.record(3), "k", "i", "t", NOON, JsonNodeFactory.instance.objectNode());

    BatchOutcome outcome =
        new Projection(store)
            .write(List.of(event(id(1), huge), event(id(2), good), foreign), Deadline.NEVER);

    assertThat(outcome.delivered()).hasSize(3);
    assertThat(store.find(id(1).toString())).isEmpty();
    assertThat(store.find(id(2).toString())).isPresent();
  }

  private static Event event(DeadLetterId id, Death death) {
    return new Event(
        death.deadLetter(),
        "k",
        "i",
        "t",
        NOON,
        JsonNodeFactory.instance
            .objectNode()
            .put(DeadLetterDecoder.ID, id.toString())
            .set(DeadLetterDecoder.HAPPENING, death.toJson()));
  }
}
