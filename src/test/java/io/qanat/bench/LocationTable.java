package io.qanat.bench;

import io.qanat.sandbox.PostgreSql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;

/** The table of the flow locations: made anew for every run, and watched from outside. */
final class LocationTable {
  /** The table. */
  static final String NAME = "location";

  /** One of the same columns, without indexes and partitions. */
  static final String PLAIN = "location_plain";

  /** Marks are so many rows of each Kafka partition, at equal distances; the last row is one. */
  private static final int MARKS = 10;

  private final PostgreSql server;
  private final LocationBacklog backlog;
  private final List<LocationBacklog.Row> marks = new ArrayList<>();

  LocationTable(PostgreSql server, LocationBacklog backlog) {
    this.server = server;
    this.backlog = backlog;
    for (List<LocationBacklog.Row> part : backlog.byPartition()) {
      for (int m = 1; m <= MARKS; m++) {
        marks.add(part.get((int) ((long) part.size() * m / MARKS) - 1));
      }
    }
  }

  /** Where clients that know nothing of schemas find it. */
  String url() {
    return server.url() + "?currentSchema=locations,public";
  }

  Connection connect() throws SQLException {
    return connect("");
  }

  /**
   * A connection.
   *
   * @param options more options of the driver
   */
  Connection connect(String options) throws SQLException {
    return DriverManager.getConnection(url() + "&" + options, "qanat", "qanat");
  }

  /** An empty table, as the flow's migrations make it, with its people and its partitions. */
  void reset() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("drop schema if exists locations cascade");
      Flyway.configure()
          .dataSource(server.url(), "qanat", "qanat")
          .schemas("locations")
          .locations("filesystem:routes/locations/migrations")
          .load()
          .migrate();
      statement.execute(
          "insert into person (id, first_name, last_name, company_name) select i, 'a', 'b', 'c' from generate_series(1, %d) as i"
              .formatted(backlog.people()));
      statement.execute("analyze person");
      try (PreparedStatement partitions =
          connection.prepareStatement("select make_partitions(?::timestamptz[], '10 days')")) {
        partitions.setArray(
            1,
            connection.createArrayOf(
                "text", backlog.days().stream().map(Object::toString).toArray()));
        partitions.execute();
      }
      statement.execute("create table location_plain (like location)");
      // What one run has left to be written must not slow down the next.
      statement.execute("checkpoint");
    }
    settleDisk();
  }

  /** Kafka leaves to the system when a backlog is written, and the first run would pay for it. */
  private static void settleDisk() {
    try {
      new ProcessBuilder("sync").start().onExit().join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Watches the table fill, through a connection of its own. */
  Watch watch() throws SQLException {
    return new Watch(connect());
  }

  /** The table as it fills. */
  final class Watch implements Race.Store, AutoCloseable {
    private final Connection connection;

    private Watch(Connection connection) {
      this.connection = connection;
    }

    @Override
    public long count() throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet result = statement.executeQuery("select count(*) from location")) {
        result.next();
        return result.getLong(1);
      }
    }

    @Override
    public void awaitFirst(MeasuredJvm jvm) throws SQLException {
      try (PreparedStatement found =
          connection.prepareStatement("select count(*) from (select from location limit 1) as l")) {
        await(found, 1, jvm);
      }
    }

    /** Told by marks: counting would cost. */
    @Override
    public void await(double part, MeasuredJvm jvm) throws SQLException {
      try (Statement settings = connection.createStatement();
          PreparedStatement found =
              connection.prepareStatement(
                  """
                  select count(*) from unnest(?::bigint[], ?::text[]) as m (person_id, ts)
                    cross join lateral (
                      select from location l where l.person_id = m.person_id and l.ts = m.ts::timestamptz limit 1) as l
                  """)) {
        settings.execute("set enable_seqscan = off; set jit = off");
        found.setArray(
            1,
            connection.createArrayOf(
                "bigint", marks.stream().map(LocationBacklog.Row::person).toArray()));
        found.setArray(
            2,
            connection.createArrayOf(
                "text", marks.stream().map(row -> row.time().toString()).toArray()));
        await(found, Math.round(marks.size() * part), jvm);
      }
    }

    private void await(PreparedStatement counted, long wanted, MeasuredJvm jvm) {
      jvm.await(
          Duration.ofMinutes(30),
          Duration.ofMillis(20),
          () -> {
            try (ResultSet result = counted.executeQuery()) {
              result.next();
              return result.getLong(1) >= wanted;
            }
          });
    }

    @Override
    public Duration cpu() {
      return LocationTable.this.cpu();
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }

  /** What must be the same after every run: the rows, but for the numbers in their ids. */
  String fingerprint(String of) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                """
                select count(*) || ' rows, ' || count(distinct id) || ' ids, ' || count(*) filter (
                  where ts < day_of(id) or ts >= day_of(id) + interval '1 day') || ' of another day, hash ' || sum(hash_record_extended(row(person_id, ts, lon, lat, accuracy, cell), 0))
                from %s
                """
                    .formatted(of))) {
      result.next();
      return result.getString(1);
    }
  }

  /** The processor time of the server's processes so far; those that have ended are left out. */
  Duration cpu() {
    ProcessHandle postmaster = ProcessHandle.of(server.pid()).orElseThrow();
    return Stream.concat(Stream.of(postmaster), postmaster.descendants())
        .flatMap(process -> process.info().totalCpuDuration().stream())
        .reduce(Duration.ZERO, Duration::plus);
  }
}
