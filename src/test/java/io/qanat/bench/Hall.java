package io.qanat.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.flywaydb.core.Flyway;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/**
 * A crowded hall, day after day, in the flow's own table and, beside it in the same database, as
 * geographies. Its locations are those of the generator that comes with the flow.
 */
final class Hall implements AutoCloseable {
  private static final int PEOPLE = 10_000;
  private static final int PINGS = 100;
  private static final LocalDate FIRST_DAY = LocalDate.of(2026, 1, 1);

  private final Connection connection;
  private int days;
  private Duration own = Duration.ZERO;
  private Duration geographies = Duration.ZERO;

  private Hall(Connection connection) {
    this.connection = connection;
  }

  /**
   * A hall where nobody has been yet.
   *
   * @param properties the database, as the hub is told it
   */
  static Hall open(Map<String, String> properties) throws SQLException, IOException {
    String url = properties.get("qanat.postgresql.url");
    String user = properties.get("qanat.postgresql.username");
    String password = properties.get("qanat.postgresql.password");
    Flyway.configure()
        .dataSource(url, user, password)
        .schemas("locations")
        .locations("filesystem:routes/locations/migrations")
        .load()
        .migrate();
    // Each statement is planned with its parameters, as those inside of functions are.
    Hall hall =
        new Hall(
            DriverManager.getConnection(
                url + "?currentSchema=locations,public&prepareThreshold=0", user, password));
    try (var sql = Hall.class.getResourceAsStream("/bench/geographies.sql")) {
      hall.run("set time zone 'UTC'");
      hall.run("set jit = off");
      hall.run(new String(sql.readAllBytes(), StandardCharsets.UTF_8));
    }
    return hall;
  }

  Connection connection() {
    return connection;
  }

  /** How long it took to load the rows. */
  String loaded() {
    return "%,d rows, loaded with indexes and vacuumed: the flow's table %d s, the two with geographies %d s."
        .formatted(rows(), own.toSeconds(), geographies.toSeconds());
  }

  /** What else says how fast a search is. */
  String settings() throws SQLException {
    return "PostgreSQL %s, PostGIS %s, shared_buffers %s; jit off, each statement planned anew."
        .formatted(
            value("show server_version"),
            value("select postgis_lib_version()"),
            value("show shared_buffers"));
  }

  /** A person and a day of those that are there. */
  Visit visit(Random random) {
    return new Visit(1 + random.nextInt(PEOPLE), FIRST_DAY.plusDays(random.nextInt(days)));
  }

  /** Lets days pass until there are so many rows. */
  void fill(long rows) throws SQLException, IOException, InterruptedException {
    if (rows % (PEOPLE * PINGS) != 0) {
      throw new IllegalArgumentException("Give whole days of %,d rows".formatted(PEOPLE * PINGS));
    }
    run("set statement_timeout = 0");
    while (rows() < rows) {
      add(FIRST_DAY.plusDays(days));
      days++;
    }
    own = own.plus(timed("vacuum analyze location"));
    geographies = geographies.plus(timed("vacuum analyze hall, hall_in_days"));
    for (String table : List.of("location", "hall", "hall_in_days")) {
      assertThat(value("select count(*) from " + table)).isEqualTo(Long.toString(rows));
    }
    run("set statement_timeout = %d".formatted(BenchSettings.limit().toMillis()));
  }

  private long rows() {
    return (long) days * PEOPLE * PINGS;
  }

  private void add(LocalDate day) throws SQLException, IOException, InterruptedException {
    run("set work_mem = '256MB'");
    run("create temporary table come (person_id bigint, ts timestamptz, lon float8, lat float8)");
    copy(day);
    run("analyze come");
    run(
        "select make_partitions(array[timestamptz '%sT00:00:00Z'], interval 'P3650D')"
            .formatted(day));
    own =
        own.plus(
            timed(
                """
                insert into location (id, person_id, ts, lon, lat, cell)
                select location_id(ts), person_id, ts, lon, lat,
                  cell_at(cell_row(lat), cell_columns(cell_row(lat)), lon)
                from come
                order by ts
                """));
    run(
        "create table hall_%s partition of hall_in_days for values from ('%sT00:00:00Z') to ('%sT00:00:00Z')"
            .formatted(day.toString().replace("-", ""), day, day.plusDays(1)));
    for (String table : List.of("hall", "hall_in_days")) {
      geographies =
          geographies.plus(
              timed(
                  """
                  insert into %s
                  select id, person_id, ts, st_setsrid(st_makepoint(lon, lat), 4326)::geography
                  from location
                  where ts >= '%sT00:00:00Z' and ts < '%sT00:00:00Z'
                  order by ts
                  """
                      .formatted(table, day, day.plusDays(1))));
    }
    run("drop table come");
    run("reset work_mem");
  }

  private void copy(LocalDate day) throws SQLException, IOException, InterruptedException {
    Process generator =
        new ProcessBuilder(
                BenchSettings.javaHome().resolve("bin/java").toString(),
                Path.of("tools", "locations", "Hall.java").toString(),
                "--people",
                Integer.toString(PEOPLE),
                "--pings",
                Integer.toString(PINGS),
                "--seed",
                Long.toString(day.toEpochDay()),
                "--day",
                day.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var lines = generator.getInputStream()) {
      new CopyManager(connection.unwrap(BaseConnection.class))
          .copyIn("copy come from stdin (format csv, header)", lines);
    }
    if (generator.waitFor() != 0) {
      throw new IllegalStateException("The generator failed");
    }
  }

  private Duration timed(String sql) throws SQLException {
    long start = System.nanoTime();
    run(sql);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String value(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
