package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qanat.trials.TcpProxy.Mode;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Salesforce fails in every way that is not the records' fault: nothing is lost, dead or doubled,
 * and all is delivered once the fault is over.
 *
 * <p>Protections: transient failures hold the batch (dead-lettering them fails every row here);
 * results are counted against the rows sent (without it {@code empty-200} loses them); rows are
 * upserted by key (inserts would be doubled by {@code drop-after-commit}); the client's idle
 * timeout is longer than a slow answer; a batch is held no longer than the group waits for it.
 */
@ExtendWith(World.Shared.class)
class SalesforceAwayTrial {
  private static final int CHANGES = 60;

  @ParameterizedTest(name = "{displayName}: {0}")
  @Tag("long")
  @DisplayName("T08 Salesforce fails")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          503 with HTML               | "kind":"unavailable","times":3
          429                         | "kind":"rate-limit","times":3
          200 with an empty body      | "kind":"empty-200","times":3
          commit, then no answer      | "kind":"drop-after-commit","times":3
          no commit and no answer     | "kind":"drop-before","times":3
          an answer after 12 s        | "kind":"delay","delayMs":12000,"times":1
          locked rows                 | "kind":"row-lock","times":3
          """)
  void losesDoublesAndBuriesNothing(String name, String fault, World world) throws Exception {
    try (Ledger ledger = new Ledger(world, Contacts.FLOW, "fault")) {
      world.salesforce().fault("{\"path\":\"composite/sobjects\",%s}".formatted(fault));

      ledger.post(CHANGES, 8);

      Balance balance = Balance.settled(world, ledger);
      assertThat(balance.delivered()).as(name).hasSize(CHANGES);
      assertThat(balance.dead()).as(name).isEmpty();
      assertThat(world.salesforce().strikes()).as("the fault struck").isPositive();
    }
  }

  @Test
  @DisplayName("T08 Salesforce cannot be reached for 10 s")
  void waitsForASalesforceThatCannotBeReached(World world) throws Exception {
    outage(world, Mode.RESET, Duration.ofSeconds(10));
  }

  @Test
  @Tag("long")
  @DisplayName("T08 Salesforce cannot be reached for 60 s")
  void waitsAMinuteForASalesforceThatCannotBeReached(World world) throws Exception {
    outage(world, Mode.RESET, Duration.ofMinutes(1));
  }

  @Test
  @Tag("long")
  @DisplayName("T08 Salesforce is half-open for 60 s")
  void waitsAMinuteForASalesforceThatIsHalfOpen(World world) throws Exception {
    outage(world, Mode.SILENT, Duration.ofMinutes(1));
  }

  private static void outage(World world, Mode mode, Duration length) throws Exception {
    try (Ledger ledger = new Ledger(world, Contacts.FLOW, "away")) {
      ledger.post(CHANGES, 8);
      world.salesforceWire().mode(mode);
      long end = System.nanoTime() + length.toNanos();
      ledger
          .postUntil(Integer.MAX_VALUE, 2, false, () -> System.nanoTime() > end)
          .get(length.toSeconds() + 60, TimeUnit.SECONDS);
      assertThat(ledger.statuses()).as("accepted all the while").containsExactly(202);
      await().until(() -> world.kafka().lag(Contacts.FLOW) > 0);
      assertThat(world.hub().management("/actuator/health/readiness")).isEqualTo(200);

      world.salesforceWire().mode(Mode.PASS);

      assertThat(Balance.settled(world, ledger).dead()).isEmpty();
    }
  }

  /** Four calls of 30 s one after the other, and the group never loses its consumer. */
  @Test
  @Tag("long")
  @DisplayName("T09 each call to Salesforce takes 30 s")
  void keepsItsPlaceInTheGroupWhileSalesforceIsSlow(World world) throws Exception {
    try (Ledger ledger = new Ledger(world, Contacts.FLOW, "slow")) {
      Set<String> members = new HashSet<>(world.kafka().members(Contacts.FLOW));
      assertThat(members).hasSize(1);
      world
          .salesforce()
          .fault(
              "{\"path\":\"composite/sobjects\",\"kind\":\"delay\",\"delayMs\":30000,\"times\":4}");
      ledger.post(900, 16);

      await("every change is settled")
          .atMost(Duration.ofMinutes(4))
          .pollInterval(Duration.ofSeconds(1))
          .until(
              () -> {
                members.addAll(world.kafka().members(Contacts.FLOW));
                return world.kafka().lag(Contacts.FLOW) == 0;
              });

      assertThat(members).as("consumers that joined the group, all told").hasSize(1);
      assertThat(world.salesforce().strikes()).isEqualTo(4);
      assertThat(Balance.settled(world, ledger).dead()).isEmpty();
    }
  }
}
