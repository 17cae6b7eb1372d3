package io.qanat.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class PostgreSqlIT {
  @Test
  void answersWithPostgisAndKeepsRowsOverAStopAndAKill() throws SQLException {
    assumeTrue(PostgresBinaries.system(true).isPresent(), "no PostGIS on this machine");
    try (Sandbox sandbox = Sandbox.start(settings("system"))) {
      PostgreSql postgreSql = sandbox.postgreSql();
      assertThat(postgreSql.hasPostgis()).isTrue();
      assertThat(first(postgreSql, "select postgis_version()")).startsWith("3.");

      keepsRows(postgreSql);
    }
  }

  @Test
  void needsNothingButTheJar() throws SQLException {
    try (Sandbox sandbox = Sandbox.start(settings("embedded"))) {
      PostgreSql postgreSql = sandbox.postgreSql();
      assertThat(postgreSql.hasPostgis()).isFalse();
      assertThat(postgreSql.kind()).startsWith("embedded").endsWith("postgis: off");

      keepsRows(postgreSql);
    }
  }

  private static SandboxSettings settings(String kind) {
    return SandboxSettings.forTests(Server.POSTGRESQL).with("postgresql.kind", kind);
  }

  private static void keepsRows(PostgreSql postgreSql) throws SQLException {
    execute(postgreSql, "create table wells (depth int)");
    execute(postgreSql, "insert into wells values (300)");
    postgreSql.stop();
    postgreSql.start();
    assertThat(first(postgreSql, "select sum(depth) from wells")).isEqualTo("300");

    execute(postgreSql, "insert into wells values (12)");
    postgreSql.kill();
    postgreSql.start();
    assertThat(first(postgreSql, "select sum(depth) from wells")).isEqualTo("312");
  }

  private static void execute(PostgreSql postgreSql, String sql) throws SQLException {
    try (Connection connection = connect(postgreSql);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String first(PostgreSql postgreSql, String sql) throws SQLException {
    try (Connection connection = connect(postgreSql);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }

  private static Connection connect(PostgreSql postgreSql) throws SQLException {
    return DriverManager.getConnection(postgreSql.url(), "qanat", "qanat");
  }
}
