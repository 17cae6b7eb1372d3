package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Salesforce lets the hub in no more, or no further: its token, its secret, its share of the org's
 * calls.
 *
 * <p>Protections: a refused token is renewed, once, and the call repeated with its body; a failed
 * login and a limit hold the batch; the pauses between two attempts grow to 10 s.
 */
@ExtendWith(World.Shared.class)
class SalesforceAccessTrial {
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final String WRITES = "\"path\":\"composite/sobjects\"";
  private static final int HELD = 40;

  @Test
  @DisplayName("T24 the token expires in the middle of a batch")
  void logsInOnceWhenTheTokenExpiresBetweenTwoCalls(World world) throws Exception {
    try (Ledger ledger = new Ledger(world, Contacts.FLOW, "token")) {
      world.salesforce().fault("{%s,\"kind\":\"unavailable\",\"times\":3}".formatted(WRITES));
      world
          .salesforce()
          .fault("{%s,\"kind\":\"expired-token\",\"nth\":2,\"times\":1}".formatted(WRITES));
      ledger.post(600, 16);

      Balance balance = Balance.settled(world, ledger);
      assertThat(balance.delivered()).hasSize(600);
      assertThat(balance.dead()).isEmpty();
      assertThat(world.salesforce().logins()).as("new logins").isEqualTo(1);
    }
  }

  @Test
  @DisplayName("T24 the credentials are revoked")
  void holdsWhileItsCredentialsAreRevoked(World world) throws Exception {
    held(
        world,
        () -> world.salesforce().clientSecret("another"),
        () -> world.salesforce().clientSecret(World.SECRET));
  }

  @Test
  @DisplayName("T24 the login is down")
  void holdsWhileTheLoginIsDown(World world) throws Exception {
    held(
        world,
        () -> world.salesforce().fault("{\"path\":\"oauth2/token\",\"kind\":\"unavailable\"}"),
        world.salesforce()::calmDown);
  }

  private static void held(World world, Runnable lockOut, Runnable letIn) throws Exception {
    try (Ledger ledger = new Ledger(world, Contacts.FLOW, "locked-out")) {
      lockOut.run();
      world.salesforce().expireTokens();
      ledger.post(HELD, 8);
      await("the flow is held")
          .atMost(SOON)
          .until(() -> world.hub().metric("qanat_held", "sink=\"salesforce\"") > 0);
      assertThat(logged(world, ledger))
          .as("who watches the log is told")
          .containsPattern(
              "WARN .*contacts: salesforce holds \\d+ events: SALESFORCE_LOGIN_FAILED");
      assertThat(world.salesforce().recordsWritten()).isZero();

      letIn.run();

      Balance balance = Balance.settled(world, ledger);
      assertThat(balance.delivered()).hasSize(HELD);
      assertThat(balance.dead()).isEmpty();
      assertThat(world.salesforce().logins()).as("new logins").isEqualTo(1);
    }
  }

  @Test
  @Tag("long")
  @DisplayName("T25 the daily limit is reached")
  void waitsWithoutHammeringWhileTheDailyLimitIsReached(World world) throws Exception {
    window(world, "limit", "REQUEST_LIMIT_EXCEEDED", Duration.ofSeconds(8), 8);
  }

  @Test
  @Tag("long")
  @DisplayName("T25 Salesforce is in maintenance")
  void waitsWithoutHammeringWhileSalesforceIsInMaintenance(World world) throws Exception {
    window(world, "unavailable", "SALESFORCE_UNAVAILABLE", Duration.ofSeconds(8), 8);
  }

  @Test
  @Tag("long")
  @DisplayName("T25 Salesforce is in maintenance for three minutes")
  void waitsForLongWithoutHammering(World world) throws Exception {
    window(world, "unavailable", "SALESFORCE_UNAVAILABLE", Duration.ofMinutes(3), 40);
  }

  /** In {@code mostCalls} there is room for the first pauses, which are short, and for jitter. */
  private static void window(World world, String kind, String code, Duration length, int mostCalls)
      throws Exception {
    try (Ledger ledger = new Ledger(world, Contacts.FLOW, "window")) {
      world.salesforce().fault("{%s,\"kind\":\"%s\"}".formatted(WRITES, kind));
      ledger.post(HELD, 8);
      await().atMost(SOON).until(() -> world.salesforce().strikes() > 0);
      await("nothing is settled all the while")
          .during(length)
          .atMost(length.plus(SOON))
          .until(() -> world.kafka().lag(Contacts.FLOW) == HELD);
      int calls = world.salesforce().strikes();
      assertThat(logged(world, ledger)).contains("contacts: salesforce holds").contains(code);

      world.salesforce().calmDown();

      Balance balance = Balance.settled(world, ledger);
      assertThat(balance.delivered()).hasSize(HELD);
      assertThat(balance.dead()).isEmpty();
      assertThat(calls).as("calls in " + length).isBetween(2, mostCalls);
    }
  }

  /**
   * The last calls of the day are left to others: at 95 % the hub holds, and looks once a minute.
   */
  @Test
  @Tag("long")
  @DisplayName("T25 95 % of the daily calls are used")
  void leavesTheLastCallsOfTheDayToOthers(World world) throws Exception {
    try (Ledger ledger = new Ledger(world, Contacts.FLOW, "budget")) {
      world.salesforce().dailyCalls(100, 96);
      try {
        ledger.post(1, 1);
        Balance.settled(world, ledger);
        int calls = world.salesforce().writeCalls();
        ledger.post(HELD, 8);
        await("the flow is held")
            .atMost(SOON)
            .until(() -> logged(world, ledger).contains("SALESFORCE_API_BUDGET"));
        assertThat(world.salesforce().writeCalls()).isLessThanOrEqualTo(calls + 1);
      } finally {
        world.salesforce().dailyCalls(1_000_000, 0);
      }

      Balance balance = Balance.settled(world, ledger);
      assertThat(balance.delivered()).hasSize(HELD + 1);
      assertThat(balance.dead()).isEmpty();
    }
  }

  private static String logged(World world, Ledger ledger) {
    return world.hub().log().substring(ledger.start().logged());
  }
}
