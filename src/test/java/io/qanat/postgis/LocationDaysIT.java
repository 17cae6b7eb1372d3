package io.qanat.postgis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The days that locations are kept in: made, looked through, and dropped. */
class LocationDaysIT {
  /** A retention whose first day is so many days before today. */
  private static final String SINCE = "now() - (date_trunc('day', now()) - interval '%d days')";

  private static Sandbox sandbox;
  private static Databases databases;

  @BeforeAll
  static void start() {
    sandbox = Sandbox.start(SandboxSettings.forTests(Server.POSTGRESQL));
    databases =
        new Databases(
            new PostgresqlProperties(
                sandbox.postgreSql().url(), "qanat", "qanat", 2, true, Duration.ofSeconds(30)),
            flow -> Path.of("routes/locations"));
  }

  @AfterAll
  static void stop() {
    databases.close();
    sandbox.close();
  }

  @BeforeEach
  void empty() throws SQLException {
    while (!ask("select drop_partitions('-10 days')").equals("0")) {
      // In portions, as the flow does.
    }
  }

  private static String ask(String sql) throws SQLException {
    try (Connection connection = databases.connect("locations")) {
      return ask(connection, sql);
    }
  }

  private static String ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return String.valueOf(result.getString(1));
    }
  }

  private static void makeDays(int days) throws SQLException {
    String make =
        "select make_partitions(array_agg(now() - n * interval '1 day'), '100 days') from generate_series(0, %d) as n"
            .formatted(days);
    while (ask(make).equals("t")) {
      // In portions, as the sink does.
    }
  }

  private static String days() throws SQLException {
    return ask("select count(*) from pg_inherits where inhparent = 'location'::regclass");
  }

  private static void insert(int person, int daysAgo) throws SQLException {
    ask(
        """
        insert into location (id, person_id, ts, lon, lat, cell)
        select location_id(ts), %d, ts, 1, 2, 3 from (select date_trunc('day', now()) - %d * interval '1 day' as ts) as t
        returning id"""
            .formatted(person, daysAgo));
  }

  @Test
  void dropsTheDaysThatAreOverAndNoOther() throws SQLException {
    makeDays(5);
    for (int daysAgo = 0; daysAgo <= 5; daysAgo++) {
      insert(1, daysAgo);
    }

    assertThat(ask("select drop_partitions(%s)".formatted(SINCE.formatted(2)))).isEqualTo("3");

    assertThat(days()).isEqualTo("3");
    assertThat(ask("select count(*) from location")).isEqualTo("3");
    assertThat(ask("select min(ts) = date_trunc('day', now()) - interval '2 days' from location"))
        .isEqualTo("t");
  }

  @Test
  void makesAndDropsManyDaysInPortions() throws SQLException {
    makeDays(39);

    assertThat(days()).isEqualTo("40");
    assertThat(ask("select drop_partitions('-2 days')")).isEqualTo("16");
    assertThat(days()).isEqualTo("24");
  }

  @Test
  void doesNotWaitForWhoeverReadsForLong() throws SQLException {
    makeDays(3);
    try (Connection reader = databases.connect("locations")) {
      reader.setAutoCommit(false);
      ask(reader, "select count(*) from location");

      assertThatThrownBy(() -> ask("select drop_partitions('-2 days')"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55P03"));
      reader.rollback();
    }

    assertThat(ask("select drop_partitions('-2 days')")).isEqualTo("4");
  }

  @Test
  void findsTheLastDayOnWhichAPersonWasSeen() throws SQLException {
    makeDays(5);
    insert(1, 4);
    insert(1, 3);
    insert(2, 0);

    assertThat(ask("select last_seen(1) = date_trunc('day', now()) - interval '3 days'"))
        .isEqualTo("t");
    assertThat(ask("select last_seen(3)")).isEqualTo("null");
  }
}
