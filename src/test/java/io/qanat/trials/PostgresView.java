package io.qanat.trials;

import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PostgreSQL as a trial sees it, beside the hub: its own way to the server has no faults. */
final class PostgresView {
  private static final String PROBE = "trial-probe";
  private static final Duration SOON = Duration.ofSeconds(30);

  private final String url;
  private volatile boolean holding;

  PostgresView(String url) {
    this.url = url;
  }

  /** The server's address by way of another port. */
  String url(int port) {
    int real = URI.create(url.replace("jdbc:", "")).getPort();
    return url.replace(":" + real + "/", ":" + port + "/");
  }

  /** A connection of the trial's own. */
  Connection connect() throws SQLException {
    return connect("trial");
  }

  private Connection connect(String name) throws SQLException {
    return DriverManager.getConnection(url + "?ApplicationName=" + name, "qanat", "qanat");
  }

  /** Runs statements. */
  void execute(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The rows of a query, each as its columns' texts. */
  List<List<@Nullable String>> rows(String query) {
    List<List<@Nullable String>> rows = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      while (result.next()) {
        List<@Nullable String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getString(i));
        }
        rows.add(row);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return rows;
  }

  /** The only number of a query. */
  long number(String query) {
    return Long.parseLong(String.valueOf(rows(query).get(0).get(0)));
  }

  /** How many of the hub's sessions are in a state, told by a condition on pg_stat_activity. */
  long sessions(String condition) {
    return number(
        "select count(*) from pg_stat_activity where application_name not like 'trial%' and backend_type = 'client backend' and "
            + condition);
  }

  /** Ends all sessions of the hub. */
  void endSessions() {
    execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name not like 'trial%' and backend_type = 'client backend'");
  }

  /**
   * Whoever commits, from now on, is not answered, as if a synchronous standby were away; what they
   * committed is on disk all the same.
   */
  void holdCommits() {
    execute("create table if not exists public.trial_probe (n int)");
    setStandby("'nobody'");
    holding = true;
    Thread probe = new Thread(this::probe, PROBE);
    probe.setDaemon(true);
    probe.start();
    await("commits are held")
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> number("select count(*) from pg_stat_activity where wait_event = 'SyncRep'") > 0);
  }

  /** Commits until one is held, and then until it is let go. */
  private void probe() {
    try (Connection connection = connect(PROBE);
        Statement statement = connection.createStatement()) {
      while (holding) {
        statement.execute("insert into public.trial_probe values (1)");
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Answers all who wait for their commit. */
  void releaseCommits() {
    holding = false;
    setStandby("default");
  }

  private void setStandby(String names) {
    execute("alter system set synchronous_standby_names = " + names);
    execute("select pg_reload_conf()");
  }
}
