package io.qanat.postgis;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.qanat.Flows;
import jakarta.annotation.PreDestroy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The connections of each flow to its own schema, which carries the flow's name. A flow's {@code
 * migrations} folder is brought into it before the first connection is given out, and not at the
 * start, so that the hub starts while PostgreSQL is away.
 */
@Component
public class Databases {
  private static final String MIGRATIONS = "migrations";
  private static final int CONNECT_SECONDS = 2;
  // Statements end by their own timeout; this is for a server that is gone without a word.
  private static final int SOCKET_GRACE_SECONDS = 10;

  private final PostgresqlProperties properties;
  private final Function<String, Path> folders;
  private final Map<String, Pool> pools = new ConcurrentHashMap<>();

  @Autowired
  Databases(PostgresqlProperties properties, Flows flows) {
    this(properties, flow -> flows.folder(flow));
  }

  /**
   * @param folders the folder of a flow
   */
  Databases(PostgresqlProperties properties, Function<String, Path> folders) {
    this.properties = properties;
    this.folders = folders;
  }

  /**
   * A connection whose search path is the flow's schema; it must be closed.
   *
   * @throws SQLException if there is none, or the schema cannot be brought up to date
   */
  public Connection connect(String flow) throws SQLException {
    return pools.computeIfAbsent(flow, this::pool).connect();
  }

  /**
   * Brings the schema of a flow up to date, also where hubs do not do so themselves.
   *
   * @return how many migrations it took; empty if the flow has none
   * @throws SQLException if PostgreSQL does not answer, or a migration fails
   */
  Optional<Integer> migrate(String flow) throws SQLException {
    if (!Files.isDirectory(folders.apply(flow).resolve(MIGRATIONS))) {
      return Optional.empty();
    }
    return Optional.of(pools.computeIfAbsent(flow, this::pool).migrateNow());
  }

  private Pool pool(String flow) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("postgresql-" + flow);
    config.setJdbcUrl(properties.url());
    config.setUsername(properties.username());
    config.setPassword(properties.password());
    config.setMaximumPoolSize(properties.connections());
    config.setMinimumIdle(0);
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(CONNECT_SECONDS * 1_000L + 500);
    config.setValidationTimeout(CONNECT_SECONDS * 1_000L);
    long timeout = properties.statementTimeout().toMillis();
    config.setConnectionInitSql(
        "set time zone 'UTC'; set statement_timeout = %d".formatted(timeout));
    // Texts only: the pool passes nothing else on to the driver.
    Map.of(
            "ApplicationName", "qanat",
            "currentSchema", "\"%s\",public".formatted(flow),
            "connectTimeout", Integer.toString(CONNECT_SECONDS),
            "loginTimeout", Integer.toString(CONNECT_SECONDS),
            "socketTimeout", Long.toString(timeout / 1_000 + SOCKET_GRACE_SECONDS),
            "tcpKeepAlive", "true")
        .forEach(config::addDataSourceProperty);
    return new Pool(
        new HikariDataSource(config), flow, folders.apply(flow).resolve(MIGRATIONS), properties);
  }

  @PreDestroy
  void close() {
    pools.values().forEach(Pool::close);
  }

  /** The connections of one flow. */
  private static final class Pool {
    private final HikariDataSource connections;
    private final String schema;
    private final Path migrations;
    private final PostgresqlProperties properties;
    private volatile boolean migrated;

    Pool(
        HikariDataSource connections,
        String schema,
        Path migrations,
        PostgresqlProperties properties) {
      this.connections = connections;
      this.schema = schema;
      this.migrations = migrations;
      this.properties = properties;
      migrated = !properties.migrate() || !Files.isDirectory(migrations);
    }

    Connection connect() throws SQLException {
      if (!migrated) {
        migrate();
      }
      return connections.getConnection();
    }

    private synchronized void migrate() throws SQLException {
      if (!migrated) {
        var unused = migrateNow();
      }
    }

    /** Hubs that start together wait for each other: Flyway takes a lock in the database. */
    synchronized int migrateNow() throws SQLException {
      int made;
      // Soon said where there is no server, before Flyway tries for long.
      connections.getConnection().close();
      try {
        made =
            Flyway.configure()
                .dataSource(properties.url(), properties.username(), properties.password())
                .schemas(schema)
                .locations("filesystem:" + migrations)
                .load()
                .migrate()
                .migrationsExecuted;
      } catch (FlywayException e) {
        throw failure(e);
      }
      migrated = true;
      return made;
    }

    private SQLException failure(FlywayException e) {
      for (Throwable t = e.getCause(); t != null; t = t.getCause()) {
        if (t instanceof SQLException sql && !PostgresErrors.isOfDefinition(sql)) {
          return sql;
        }
      }
      String reason = String.valueOf(e.getMessage()).strip().replaceAll("\\s+", " ");
      return new SQLException(
          "The schema %s cannot be brought up to date: %s".formatted(schema, reason),
          PostgresErrors.SCHEMA,
          e);
    }

    void close() {
      connections.close();
    }
  }
}
