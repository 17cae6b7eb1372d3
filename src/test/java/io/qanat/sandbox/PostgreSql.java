package io.qanat.sandbox;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** PostgreSQL from programs of the system or of a jar, with PostGIS where the programs have it. */
public final class PostgreSql extends ChildServer {
  static final String USER = "qanat";
  static final String DATABASE = "qanat";

  // The server runs in a session of its own, where Ctrl-C does not reach it; this shell, which
  // outlives the parent's kill -9, stops it. A server that a killed shell left is stopped first.
  private static final String TETHER =
      """
      trap '' INT HUP TERM
      control() { $AS "$CONTROL" -s -w -t 30 -D "$DATA" "$@" </dev/null >/dev/null 2>&1; }
      control -m fast stop
      control -l "$LOG" -o "$OPTIONS" start \
        || { sleep 1; control -l "$LOG" -o "$OPTIONS" start; } || exit 1
      echo READY
      cat >/dev/null
      control -m fast -t 5 stop || control -m immediate stop
      """;

  private final PostgresBinaries binaries;
  private final PostgresHome home;
  private final Path folder;
  private final Path data;
  private final int port;
  private String postgis = "off";

  private PostgreSql(PostgresBinaries binaries, PostgresHome home, Path folder, int port) {
    this.binaries = binaries;
    this.home = home;
    this.folder = folder;
    this.data = home.folder().resolve("pgdata-" + binaries.major());
    this.port = port;
  }

  /** A started server with an empty database, or the one that it had. */
  static PostgreSql start(PostgresBinaries binaries, PostgresHome home, Path folder, int port) {
    PostgreSql postgreSql = new PostgreSql(binaries, home, folder, Ports.orFree(port));
    postgreSql.initialize();
    postgreSql.start();
    postgreSql.prepareDatabase();
    return postgreSql;
  }

  private void initialize() {
    String locale = System.getProperty("os.name").startsWith("Linux") ? "C.UTF-8" : "C";
    String ready = data.resolve("ready").toString();
    if (Commands.output(as("test", "-f", ready)).isPresent()) {
      return;
    }
    // A folder that was left half made is made again.
    Commands.run(as("rm", "-rf", data.toString()));
    Commands.run(
        as(
            binaries.program("initdb"),
            "--no-sync",
            "--auth=trust",
            "--username=" + USER,
            "--encoding=UTF8",
            "--locale=" + locale,
            "--pgdata=" + data));
    Commands.run(as("touch", ready));
  }

  private List<String> as(String... command) {
    List<String> all = new ArrayList<>(home.as());
    all.addAll(List.of(command));
    return all;
  }

  @Override
  ChildProcess launch() {
    return ChildProcess.start(
        name(),
        List.of("sh", "-c", TETHER),
        Map.of(
            "AS", String.join(" ", home.as()),
            "CONTROL", binaries.program("pg_ctl"),
            "DATA", data.toString(),
            "LOG", home.folder().resolve("postgresql.log").toString(),
            "OPTIONS", "-h 127.0.0.1 -p %d -c unix_socket_directories=".formatted(port)),
        Path.of("/"),
        folder.resolve("server.log"));
  }

  private void prepareDatabase() {
    try {
      try (Connection connection = connect("postgres");
          Statement statement = connection.createStatement();
          ResultSet found =
              statement.executeQuery(
                  "select 1 from pg_database where datname = '%s'".formatted(DATABASE))) {
        if (!found.next()) {
          statement.execute("create database " + DATABASE);
        }
      }
      try (Connection connection = connect(DATABASE)) {
        postgis = Postgis.enable(connection);
      }
    } catch (SQLException e) {
      throw new SandboxException("PostgreSQL does not answer: " + e.getMessage(), e);
    }
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(url(database), USER, USER);
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
  }

  /** Where clients find it. */
  public String url() {
    return url(DATABASE);
  }

  /** Whether PostGIS is on. */
  public boolean hasPostgis() {
    return !postgis.equals("off");
  }

  @Override
  public synchronized long pid() {
    super.pid();
    Path file = data.resolve("postmaster.pid");
    return Commands.output(as("head", "-n", "1", file.toString()))
        .map(Long::valueOf)
        .orElseThrow(() -> new IllegalStateException("PostgreSQL has left no " + file));
  }

  @Override
  public String name() {
    return Server.POSTGRESQL.title();
  }

  @Override
  public String kind() {
    return "%s %d, postgis: %s".formatted(binaries.kind(), binaries.major(), postgis);
  }

  @Override
  public String address() {
    return url();
  }

  @Override
  public Map<String, String> properties() {
    return Map.of(
        "qanat.postgresql.url", url(),
        "qanat.postgresql.username", USER,
        "qanat.postgresql.password", USER);
  }
}
