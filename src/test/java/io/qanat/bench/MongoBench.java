package io.qanat.bench;

import io.qanat.bench.Race.Run;
import io.qanat.bench.Race.Scenario;
import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A backlog of records, delivered into one and the same collection by a hub that only delivers, and
 * beside it by Kafka Connect.
 */
class MongoBench {
  private static final String GROUP = "records-deliver-mongodb";

  /** As many as the route records-deliver-mongodb has. */
  private static final int CONSUMERS = 1;

  /** As many as the hub takes at once. */
  private static final int POLLED = 2_000;

  private final Records records = new Records(BenchSettings.documents());
  private Sandbox sandbox;
  private DocumentStore store;
  private int started;

  @BeforeEach
  void start() throws Exception {
    sandbox = Sandbox.start(SandboxSettings.forTests(Server.KAFKA));
    store = new DocumentStore(records);
    new RecordBacklog(records).publish(kafka());
  }

  @AfterEach
  void stop() {
    store.close();
    sandbox.close();
  }

  private Backlog kafka() {
    return new Backlog(sandbox.kafka().bootstrapServers());
  }

  @Test
  void deliversABacklogIntoMongoDb() throws Exception {
    Scenario hub = new Scenario("hub", () -> hub(MeasuredJvm::hub));
    Scenario upsert =
        new Scenario("Kafka Connect, upsert", () -> connect("ReplaceOneDefaultStrategy"));
    Scenario insert =
        new Scenario("Kafka Connect, insert", () -> connect("InsertOneDefaultStrategy"));
    List<Scenario> scenarios = new ArrayList<>(List.of(hub, upsert, insert));
    BenchSettings.other()
        .map(
            home ->
                new Scenario(
                    "other hub",
                    () -> hub((name, arguments) -> MeasuredJvm.hub(name, home, arguments))))
        .ifPresent(scenarios::add);
    Race race = new Race("document", "server", scenarios);
    // The server's compiler is not the first way's to pay for.
    upsert.way().run();
    race.run(scenario -> store.reset(), scenario -> store.check(scenario.name()));
    Report report =
        new Report(
            "%,d records into MongoDB".formatted(records.count()), "from the first that is there");
    race.rows(report);
    scenarios.stream()
        .filter(scenario -> !scenario.equals(hub))
        .forEach(scenario -> race.ratio(report, hub, scenario));
    report.line("Wanted beside the upsert: 1.3 of the documents/s.");
    report.line("Each has left the same documents, told by their count and a sample.");
    report.write("mongo.md");
  }

  private Run hub(MeasuredJvm.Hub hub) throws Exception {
    kafka().forget(GROUP);
    Map<String, String> properties = new HashMap<>(sandbox.properties());
    properties.put("qanat.mongodb.uri", store.uri());
    try (MeasuredJvm jvm =
        hub.start("mongo-" + ++started, MeasuredJvm.delivering("records", properties))) {
      return Race.watch(jvm, store, records.count());
    }
  }

  /**
   * @param strategy how the connector writes: upsert by _id, as is usual, or insert, which leaves
   *     what comes twice to its error handling
   */
  private Run connect(String strategy) throws Exception {
    try (MeasuredJvm jvm =
        KafkaConnect.start(
            "mongo-connect-" + ++started,
            sandbox.kafka().bootstrapServers(),
            POLLED,
            Map.of("value.converter", "org.apache.kafka.connect.storage.StringConverter"),
            Map.of(
                "connector.class",
                "com.mongodb.kafka.connect.MongoSinkConnector",
                "tasks.max",
                Integer.toString(CONSUMERS),
                "topics",
                RecordBacklog.DOCUMENTS,
                "connection.uri",
                store.uri(),
                "database",
                store.database(),
                "collection",
                DocumentStore.COLLECTION,
                "bulk.write.ordered",
                "false",
                // Else it logs a warning for each record.
                "document.id.strategy.overwrite.existing",
                "true",
                "document.id.strategy",
                "com.mongodb.kafka.connect.sink.processor.id.strategy.ProvidedInValueStrategy",
                "writemodel.strategy",
                "com.mongodb.kafka.connect.sink.writemodel.strategy." + strategy))) {
      return Race.watch(jvm, store, records.count());
    }
  }
}
