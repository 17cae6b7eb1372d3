package io.qanat.receipt;

import static io.qanat.receipt.KnownKafka.at;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AwaitedOutcomesTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofMillis(200);

  private final KnownKafka kafka = new KnownKafka("salesforce").event(7);
  private final CountDownLatch asked = new CountDownLatch(1);
  private final AwaitedOutcomes outcomes =
      new AwaitedOutcomes(new Receipts(kafka, kafka, (lane, record) -> Optional.empty()));

  @AfterEach
  void close() {
    outcomes.close();
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  private CompletableFuture<Optional<byte[]>> awaiting() throws InterruptedException {
    kafka.beforeEachQuestion = asked::countDown;
    var awaited = CompletableFuture.supplyAsync(() -> outcomes.await(at(7), LONG));
    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(awaited).isNotDone();
    return awaited;
  }

  @Test
  void answersWithTheReceiptOnceTheEventIsSettled() throws Exception {
    var awaited = awaiting();

    kafka.committed("salesforce", 8);

    assertThat(awaited.get(20, TimeUnit.SECONDS).map(AwaitedOutcomesTest::text).orElseThrow())
        .contains("\"state\":\"delivered\"");
  }

  @Test
  void tellsOfADeadEventAtOnceToo() throws Exception {
    kafka.deadLetter("salesforce", 0, at(7), "X").committed("salesforce", 8);

    assertThat(outcomes.await(at(7), LONG).map(AwaitedOutcomesTest::text).orElseThrow())
        .contains("\"state\":\"dead-lettered\"");
  }

  @Test
  void givesUpWhenTheTimeIsUp() {
    assertThat(outcomes.await(at(7), SHORT)).isEmpty();
  }

  @Test
  void answersAtOnceWhenTheHubStops() throws Exception {
    var awaited = awaiting();

    outcomes.stop();

    assertThat(awaited.get(20, TimeUnit.SECONDS)).isEmpty();
  }

  @Test
  void waitsOnWhileNobodyCanTell() throws Exception {
    kafka.away = true;
    var awaited = awaiting();

    kafka.away = false;
    kafka.committed("salesforce", 8);

    assertThat(awaited.get(20, TimeUnit.SECONDS)).isPresent();
  }

  @Test
  void holdsNoCallerBeyondItsTimeWhileKafkaIsSilent() throws Exception {
    CountDownLatch silent = new CountDownLatch(1);
    kafka.beforeEachQuestion =
        () -> {
          try {
            assertThat(silent.await(1, TimeUnit.MINUTES)).isTrue();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    var awaited = CompletableFuture.supplyAsync(() -> outcomes.await(at(7), SHORT));

    assertThat(awaited.get(20, TimeUnit.SECONDS)).isEmpty();
    silent.countDown();
  }
}
