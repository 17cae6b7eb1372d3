package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qanat.trials.TcpProxy.Mode;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * PostgreSQL fails in every way that is not the rows' fault: nothing is lost, dead or doubled, all
 * is delivered once the fault is over, and the other flows go on meanwhile.
 *
 * <p>Protections: a batch is one transaction, and a row that is there already changes nothing; an
 * SQLSTATE that is neither of a value nor of the statement holds the batch; connections have
 * timeouts for a server that is gone without a word.
 */
@ExtendWith(World.Shared.class)
class PostgresAwayTrial {
  private static final TrialFlow FLOW = Locations.FLOW;
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final int CHANGES = 60;
  private static final int BACKLOG = 6_000;

  @Test
  @DisplayName("T08 PostgreSQL is killed for 5 s")
  void holdsWhilePostgresIsKilled(World world) throws Exception {
    outage(
        world,
        () -> world.postgresqlServer().kill(),
        () -> world.postgresqlServer().start(),
        Duration.ofSeconds(5));
  }

  @Test
  @Tag("long")
  @DisplayName("T08 PostgreSQL is killed for 60 s")
  void holdsWhilePostgresIsAwayForAMinute(World world) throws Exception {
    outage(
        world, () -> world.postgresqlServer().kill(), () -> world.postgresqlServer().start(), SOON);
  }

  @Test
  @Tag("long")
  @DisplayName("T08 PostgreSQL is half-open for 60 s")
  void holdsWhilePostgresIsHalfOpen(World world) throws Exception {
    outage(
        world,
        () -> world.postgresqlWire().mode(Mode.SILENT),
        () -> world.postgresqlWire().mode(Mode.PASS),
        SOON);
  }

  private static void outage(World world, Runnable begin, Runnable end, Duration length)
      throws Exception {
    try (Ledger ledger = new Ledger(world, FLOW, "pg-away");
        Ledger others = new Ledger(world, Contacts.FLOW, "pg-away-others")) {
      ledger.post(CHANGES, 8);
      begin.run();
      try {
        long over = System.nanoTime() + length.toNanos();
        ledger
            .postUntil(Integer.MAX_VALUE, 2, false, () -> System.nanoTime() > over)
            .get(length.toSeconds() + 60, TimeUnit.SECONDS);
        assertThat(ledger.statuses()).as("accepted all the while").containsExactly(202);
        await().atMost(SOON).until(() -> world.kafka().lag(FLOW) > 0);
        others.post(CHANGES, 8);
        assertThat(Balance.settled(world, others).delivered())
            .as("of another flow")
            .hasSize(CHANGES);
        assertThat(world.hub().management("/actuator/health/readiness")).isEqualTo(200);
      } finally {
        end.run();
      }

      assertThat(Balance.settled(world, ledger).dead()).isEmpty();
    }
  }

  @Test
  @Tag("long")
  @DisplayName("T08 PostgreSQL is killed in the middle of a COPY")
  void writesABacklogOnceThatWasCutInTheMiddleOfACopy(World world) throws Exception {
    try (Ledger ledger = new Ledger(world, FLOW, "pg-copy")) {
      FLOW.refuseService(world);
      ledger.post(BACKLOG, 16);
      await().atMost(SOON).until(() -> FLOW.struck(world));
      world.postgresqlWire().delayMillis(100);
      world.postgresqlWire().mode(Mode.DELAY_REQUESTS);
      FLOW.recover(world);
      await("rows are copied")
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> world.postgresql().number("select count(*) from pg_stat_progress_copy") > 0);

      world.postgresqlServer().kill();
      world.postgresqlWire().mode(Mode.PASS);
      world.postgresqlServer().start();

      Balance balance = Balance.settled(world, ledger);
      assertThat(balance.delivered()).hasSize(BACKLOG);
      assertThat(balance.dead()).isEmpty();
      assertNoTransactionIsOpen(world);
    }
  }

  @Test
  @Tag("long")
  @DisplayName("T08 PostgreSQL ends the hub's sessions again and again")
  void writesEachOnceThoughSessionsAreEnded(World world) throws Exception {
    try (Ledger ledger = new Ledger(world, FLOW, "pg-ended")) {
      long over = System.nanoTime() + Duration.ofSeconds(15).toNanos();
      CompletableFuture<Void> load =
          ledger.postUntil(Integer.MAX_VALUE, 4, false, () -> System.nanoTime() > over);
      await("sessions are ended all the while")
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(300))
          .until(
              () -> {
                world.postgresql().endSessions();
                return load.isDone();
              });

      assertThat(ledger.statuses()).containsExactly(202);
      assertThat(Balance.settled(world, ledger).dead()).isEmpty();
    }
  }

  /** The other session waits so long that PostgreSQL always ends the hub's transaction. */
  @Test
  @DisplayName("T08 the hub's transaction is the victim of a deadlock")
  void writesAgainAfterADeadlock(World world) throws Exception {
    String deadlocks = "select deadlocks from pg_stat_database where datname = current_database()";
    try (Ledger ledger = new Ledger(world, FLOW, "pg-deadlock");
        Connection other = world.postgresql().connect();
        Statement statement = other.createStatement()) {
      ledger.post(1, 1);
      Balance.settled(world, ledger);
      long before = world.postgresql().number(deadlocks);
      Change change = ledger.next(ledger.key("locked"));
      String body = FLOW.body(change, Seed.random("locked"));
      other.setAutoCommit(false);
      statement.execute("set local deadlock_timeout = '1min'");
      statement.execute("insert into locations.location values " + Locations.FLOW.row(change));
      ledger.post(change, body);
      await("the hub waits for the row")
          .atMost(SOON)
          .until(() -> world.postgresql().sessions("wait_event_type = 'Lock'") > 0);

      statement.execute("select pg_advisory_xact_lock(hashtext('locations.erase'))");
      other.rollback();

      assertThat(Balance.settled(world, ledger).delivered()).hasSize(2);
      await("deadlocks are counted")
          .atMost(SOON)
          .until(() -> world.postgresql().number(deadlocks) > before);
      assertNoTransactionIsOpen(world);
    }
  }

  @Test
  @Tag("long")
  @DisplayName("T09 each write to PostgreSQL takes 10 s")
  void keepsItsPlaceInTheGroupWhilePostgresIsSlow(World world) throws Exception {
    try (Ledger ledger = new Ledger(world, FLOW, "pg-slow")) {
      Set<String> before = world.kafka().members(FLOW);
      Set<String> members = new HashSet<>(before);
      Locations.FLOW.writeSlowly(world, 6);
      ledger.post(900, 16);

      await("every change is settled")
          .atMost(Duration.ofMinutes(3))
          .pollInterval(Duration.ofSeconds(1))
          .until(
              () -> {
                members.addAll(world.kafka().members(FLOW));
                return world.kafka().lag(FLOW) == 0;
              });

      assertThat(members).as("consumers that were in the group, all told").isEqualTo(before);
      assertThat(FLOW.struck(world)).isTrue();
      assertThat(Balance.settled(world, ledger).dead()).isEmpty();
    }
  }

  private static void assertNoTransactionIsOpen(World world) {
    assertThat(world.postgresql().sessions("state like 'idle in transaction%'")).isZero();
  }
}
