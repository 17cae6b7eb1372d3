package io.qanat.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.awaitility.Awaitility;
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
  private static final double WANTED_OF_CONNECT = 2.0;
  private static final double WANTED_OF_JDBC = 0.6;

  private final LocationBacklog backlog = new LocationBacklog(BenchSettings.locations());
  private Sandbox sandbox;
  private LocationTable table;
  private int started;

  /** A way into a table. */
  private record Scenario(String name, String table, Way way, List<Run> runs) {
    Scenario(String name, String table, Way way) {
      this(name, table, way, new ArrayList<>());
    }

    double median(ToDoubleFunction<Run> figure) {
      return Figures.median(runs.stream().map(figure::applyAsDouble).toList());
    }
  }

  private interface Way {
    Run run() throws Exception;
  }

  /** Rows a second, those of the second half, and processor time per row. */
  private record Run(double rate, double warmRate, double cpuMicros, double serverMicros) {}

  @BeforeEach
  void start() throws ExecutionException, InterruptedException {
    sandbox =
        Sandbox.start(SandboxSettings.forTests(Server.KAFKA, Server.MONGODB, Server.POSTGRESQL));
    table = new LocationTable(sandbox.postgreSql(), backlog);
    backlog.publish(sandbox.kafka().bootstrapServers());
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  @Test
  void deliversABacklogIntoPostgis() throws Exception {
    Scenario hub = new Scenario("hub", LocationTable.NAME, this::hub);
    Scenario connect = new Scenario("Kafka Connect", LocationTable.NAME, () -> connect(false));
    Scenario arrays =
        new Scenario("Kafka Connect, unnest", LocationTable.NAME, () -> connect(true));
    Scenario jdbc =
        new Scenario(
            "bare JDBC", LocationTable.NAME, () -> bare(LocationTable.NAME, BareLoad::insert));
    Scenario copy =
        new Scenario("COPY", LocationTable.NAME, () -> bare(LocationTable.NAME, BareLoad::copy));
    Scenario plain =
        new Scenario(
            "COPY, no index", LocationTable.PLAIN, () -> bare(LocationTable.PLAIN, BareLoad::copy));
    table.reset();
    copy.way().run();
    String expected = table.fingerprint(LocationTable.NAME);
    List<Scenario> scenarios = List.of(hub, connect, arrays, jdbc, copy, plain);
    List<Scenario> turns = new ArrayList<>(scenarios);
    for (int i = 0; i < BenchSettings.rounds(); i++) {
      for (Scenario scenario : turns) {
        table.reset();
        scenario.runs().add(scenario.way().run());
        assertThat(table.fingerprint(scenario.table()))
            .as("what %s has left", scenario.name())
            .isEqualTo(expected);
      }
      Collections.rotate(turns, 1);
    }
    report(scenarios, hub, List.of(connect, arrays), jdbc);
  }

  private Run hub() throws Exception {
    forget();
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--qanat.roles=deliver",
                "--qanat.flows=locations",
                "--server.port=0",
                "--management.server.port=0"));
    sandbox.properties().forEach((name, value) -> arguments.add("--" + name + "=" + value));
    try (MeasuredJvm jvm = MeasuredJvm.hub("postgis-" + ++started, arguments)) {
      return watch(jvm);
    }
  }

  /** Lets the next hub begin with the first event again. */
  private void forget() {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", sandbox.kafka().bootstrapServers()))) {
      Awaitility.await("the group " + GROUP + " is deleted")
          .atMost(Duration.ofMinutes(1))
          .until(
              () -> {
                try {
                  admin.deleteConsumerGroups(List.of(GROUP)).all().get();
                  return true;
                } catch (ExecutionException e) {
                  return e.getCause() instanceof GroupIdNotFoundException;
                }
              });
    }
  }

  /**
   * @param unnest whether a batch goes as arrays, which the connector does when told to
   */
  private Run connect(boolean unnest) throws Exception {
    try (MeasuredJvm jvm =
        KafkaConnect.start(
            "connect-" + ++started,
            sandbox.kafka().bootstrapServers(),
            table.url(),
            CONSUMERS,
            Map.of(
                "insert.mode",
                "upsert",
                "batch.size",
                "2000",
                "dialect.postgres.unnest.insert.enabled",
                Boolean.toString(unnest)))) {
      return watch(jvm);
    }
  }

  private Run watch(MeasuredJvm jvm) throws SQLException {
    try (Connection connection = table.connect()) {
      table.awaitFirst(connection, jvm);
      long first = System.nanoTime();
      long begun = table.count(connection);
      Duration cpu = jvm.cpu();
      Duration server = table.cpu();
      table.await(connection, 0.5, jvm);
      long half = System.nanoTime();
      long atHalf = table.count(connection);
      table.await(connection, 1, jvm);
      long all = System.nanoTime();
      int rows = backlog.rows().size();
      return new Run(
          rate(rows - begun, all - first),
          rate(rows - atHalf, all - half),
          micros(jvm.cpu().minus(cpu), rows - begun),
          micros(table.cpu().minus(server), rows - begun));
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
    int rows = backlog.rows().size();
    return new Run(
        rates.all(),
        rates.secondHalf(),
        micros(ProcessHandle.current().info().totalCpuDuration().orElseThrow().minus(cpu), rows),
        micros(rates.server(), rows));
  }

  private static double rate(long rows, long nanos) {
    return rows * 1e9 / nanos;
  }

  private static double micros(Duration time, long rows) {
    return time.toNanos() / 1e3 / rows;
  }

  private void report(
      List<Scenario> scenarios, Scenario hub, List<Scenario> connects, Scenario jdbc)
      throws IOException {
    Report report = new Report("%,d locations into PostgreSQL".formatted(backlog.rows().size()));
    report.row(
        "by", "rows/s", "of these the second half/s", "app CPU us/row", "PostgreSQL CPU us/row");
    for (Scenario s : scenarios) {
      for (Run r : s.runs()) {
        row(report, s.name(), r.rate(), r.warmRate(), r.cpuMicros(), r.serverMicros());
      }
    }
    for (Scenario s : scenarios) {
      row(
          report,
          s.name() + ", median",
          s.median(Run::rate),
          s.median(Run::warmRate),
          s.median(Run::cpuMicros),
          s.median(Run::serverMicros));
    }
    for (Scenario connect : connects) {
      ratio(report, hub, connect, WANTED_OF_CONNECT);
    }
    ratio(report, hub, jdbc, WANTED_OF_JDBC);
    report.line("Each has left the same rows, told by count and checksum.");
    report.write("postgis.md");
  }

  private static void row(
      Report report, String name, double rate, double warmRate, double cpu, double server) {
    report.row(
        name,
        "%.0f".formatted(rate),
        "%.0f".formatted(warmRate),
        "%.1f".formatted(cpu),
        "%.1f".formatted(server));
  }

  private static void ratio(Report report, Scenario hub, Scenario other, double wanted) {
    report.line(
        "Ratio hub / %s: %.2f of the rows/s, %.2f of the second half (wanted: at least %.1f)."
            .formatted(
                other.name(),
                hub.median(Run::rate) / other.median(Run::rate),
                hub.median(Run::warmRate) / other.median(Run::warmRate),
                wanted));
  }
}
