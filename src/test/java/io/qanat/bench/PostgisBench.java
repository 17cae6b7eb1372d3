package io.qanat.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.qanat.bench.Race.Run;
import io.qanat.bench.Race.Scenario;
import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A backlog of locations, delivered into one and the same table by a hub that only delivers, and
 * beside it by Kafka Connect, by bare JDBC and by COPY.
 */
class PostgisBench {
  /** As many as the route locations-deliver-postgis has. */
  private static final int CONSUMERS = 3;

  private static final String GROUP = "locations-deliver-postgis";

  /** How many records Kafka Connect polls at most. */
  private static final int POLLED = 10_000;

  private final LocationBacklog backlog = new LocationBacklog(BenchSettings.locations());
  private Sandbox sandbox;
  private LocationTable table;
  private int started;

  @BeforeEach
  void start() throws ExecutionException, InterruptedException {
    sandbox =
        Sandbox.start(SandboxSettings.forTests(Server.KAFKA, Server.MONGODB, Server.POSTGRESQL));
    table = new LocationTable(sandbox.postgreSql(), backlog);
    backlog.publish(kafka());
  }

  private Backlog kafka() {
    return new Backlog(sandbox.kafka().bootstrapServers());
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  @Test
  void deliversABacklogIntoPostgis() throws Exception {
    Scenario hub = new Scenario("hub", this::hub);
    Scenario connect = new Scenario("Kafka Connect", () -> connect(false));
    Scenario arrays = new Scenario("Kafka Connect, unnest", () -> connect(true));
    Scenario jdbc = new Scenario("bare JDBC", () -> bare(LocationTable.NAME, BareLoad::insert));
    Scenario copy = new Scenario("COPY", () -> bare(LocationTable.NAME, BareLoad::copy));
    Scenario plain =
        new Scenario("COPY, no index", () -> bare(LocationTable.PLAIN, BareLoad::copy));
    table.reset();
    copy.way().run();
    String expected = table.fingerprint(LocationTable.NAME);
    Race race = new Race("row", "PostgreSQL", List.of(hub, connect, arrays, jdbc, copy, plain));
    race.run(
        scenario -> table.reset(),
        scenario ->
            assertThat(
                    table.fingerprint(
                        scenario.equals(plain) ? LocationTable.PLAIN : LocationTable.NAME))
                .as("what %s has left", scenario.name())
                .isEqualTo(expected));
    Report report = new Report("%,d locations into PostgreSQL".formatted(backlog.rows().size()));
    race.rows(report);
    List.of(connect, arrays, jdbc).forEach(other -> race.ratio(report, hub, other));
    report.line("Wanted: 2.0 of the rows/s of Kafka Connect, and 0.6 of those of bare JDBC.");
    report.line("Each has left the same rows, told by count and checksum.");
    report.write("postgis.md");
  }

  private Run hub() throws Exception {
    kafka().forget(GROUP);
    try (MeasuredJvm jvm =
        MeasuredJvm.hub(
            "postgis-" + ++started, MeasuredJvm.delivering("locations", sandbox.properties()))) {
      return watch(jvm);
    }
  }

  /**
   * @param unnest whether a batch goes as arrays, which the connector does when told to
   */
  private Run connect(boolean unnest) throws Exception {
    Map<String, String> connector =
        new HashMap<>(
            Map.of(
                "connector.class", "io.debezium.connector.jdbc.JdbcSinkConnector",
                "tasks.max", Integer.toString(CONSUMERS),
                "topics", LocationBacklog.RECORDS,
                "connection.url", table.url(),
                "connection.username", "qanat",
                "connection.password", "qanat",
                "schema.evolution", "none",
                "collection.name.format", "location"));
    connector.putAll(
        Map.of(
            "primary.key.mode", "record_value",
            "primary.key.fields", "person_id,ts,lon,lat",
            "insert.mode", "upsert",
            "batch.size", "2000",
            "dialect.postgres.unnest.insert.enabled", Boolean.toString(unnest)));
    try (MeasuredJvm jvm =
        KafkaConnect.start(
            "connect-" + ++started,
            sandbox.kafka().bootstrapServers(),
            POLLED,
            // The converter has the schema, so that not every record must bring it along.
            Map.of(
                "value.converter",
                "org.apache.kafka.connect.json.JsonConverter",
                "value.converter.schemas.enable",
                "true",
                "value.converter.schema.content",
                LocationBacklog.RECORD_SCHEMA),
            connector)) {
      return watch(jvm);
    }
  }

  private Run watch(MeasuredJvm jvm) throws Exception {
    try (LocationTable.Watch watch = table.watch()) {
      return Race.watch(jvm, watch, backlog.rows().size());
    }
  }

  /** What writes rows with nothing but JDBC. */
  private interface Load {
    BareLoad.Rates load(BareLoad bare)
        throws InterruptedException, ExecutionException, SQLException;
  }

  private Run bare(String into, Load load)
      throws InterruptedException, ExecutionException, SQLException {
    List<List<LocationBacklog.Row>> parts = new ArrayList<>();
    for (int c = 0; c < CONSUMERS; c++) {
      int consumer = c;
      parts.add(
          backlog.rows().stream().filter(row -> row.partition() % CONSUMERS == consumer).toList());
    }
    Duration cpu = ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    BareLoad.Rates rates = load.load(new BareLoad(table, into, parts));
    Duration used = ProcessHandle.current().info().totalCpuDuration().orElseThrow().minus(cpu);
    return new Run(rates.all(), rates.secondHalf(), micros(used), micros(rates.server()));
  }

  private double micros(Duration time) {
    return time.toNanos() / 1e3 / backlog.rows().size();
  }
}
