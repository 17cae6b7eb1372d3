package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qanat.trials.TcpProxy.Mode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
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
 * results are counted against the rows sent (without it {@code empty-200} loses them); a refused
 * token is renewed; rows are upserted by key (inserts would be doubled by {@code
 * drop-after-commit}); the client's idle timeout is longer than a slow answer.
 */
@ExtendWith(World.Shared.class)
class SalesforceAwayTrial {
  private static final int CONTACTS = 60;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          503 with HTML               | "kind":"unavailable","times":3
          429                         | "kind":"rate-limit","times":3
          an expired token            | "kind":"expired-token","times":1
          200 with an empty body      | "kind":"empty-200","times":3
          commit, then no answer      | "kind":"drop-after-commit","times":3
          no commit and no answer     | "kind":"drop-before","times":3
          an answer after 12 s        | "kind":"delay","delayMs":12000,"times":1
          locked rows                 | "kind":"row-lock","times":3
          the daily limit is reached  | "kind":"limit","times":3
          """)
  void losesDoublesAndBuriesNothing(String name, String fault, World world) throws Exception {
    try (Ledger ledger = new Ledger(world.hub(), "fault", true)) {
      world.salesforce().fault("{\"path\":\"composite/sobjects\",%s}".formatted(fault));

      ledger.post(CONTACTS, 8);

      Balance balance = Balance.settled(world, ledger);
      assertThat(balance.delivered()).as(name).hasSize(CONTACTS);
      assertThat(balance.dead()).as(name).isEmpty();
      assertThat(world.salesforce().strikes()).as("the fault struck").isPositive();
    }
  }

  @Test
  void waitsForASalesforceThatCannotBeReached(World world) throws Exception {
    outage(world, Mode.RESET, Duration.ofSeconds(10));
  }

  @Test
  @Tag("long")
  void waitsAMinuteForASalesforceThatCannotBeReached(World world) throws Exception {
    outage(world, Mode.RESET, Duration.ofMinutes(1));
  }

  @Test
  @Tag("long")
  void waitsAMinuteForASalesforceThatIsHalfOpen(World world) throws Exception {
    outage(world, Mode.SILENT, Duration.ofMinutes(1));
  }

  private static void outage(World world, Mode mode, Duration length) throws Exception {
    try (Ledger ledger = new Ledger(world.hub(), "away", true)) {
      ledger.post(CONTACTS, 8);
      world.wire().mode(mode);
      long end = System.nanoTime() + length.toNanos();
      ledger
          .postUntil(Integer.MAX_VALUE / 2, 2, false, () -> System.nanoTime() > end)
          .get(length.toSeconds() + 60, TimeUnit.SECONDS);
      assertThat(ledger.entries()).as("accepted all the while").allMatch(e -> e.status() == 202);
      await().until(() -> world.kafka().lag() > 0);

      world.wire().mode(Mode.PASS);

      assertThat(Balance.settled(world, ledger).dead()).isEmpty();
    }
  }
}
