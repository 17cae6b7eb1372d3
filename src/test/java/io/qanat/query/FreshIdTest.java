package io.qanat.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.uuid.Generators;
import io.qanat.accept.Problem.Kind;
import io.qanat.accept.ProblemException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FreshIdTest {
  private static ObjectNode parameters(String id) {
    return JsonNodeFactory.instance.objectNode().put("limit", 3).put("id", id);
  }

  @Test
  void asksAgainForWhatWasAcceptedAMomentAgo() {
    AtomicInteger asked = new AtomicInteger();
    String fresh = Generators.timeBasedEpochRandomGenerator().generate().toString();

    assertThat(FreshId.await(parameters(fresh), asked::incrementAndGet, n -> n == 3)).isEqualTo(3);
  }

  @Test
  void asksToComeAgainWhenTooManyWait() {
    String fresh = Generators.timeBasedEpochRandomGenerator().generate().toString();
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch enough = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(FreshId.MOST);
    try {
      for (int i = 0; i < FreshId.MOST; i++) {
        var first = new AtomicBoolean(true);
        threads.execute(
            () ->
                FreshId.await(
                    parameters(fresh),
                    () -> first.getAndSet(false) || hold(asked, enough),
                    n -> !n));
      }
      await().until(() -> asked.get() == FreshId.MOST);

      assertThatThrownBy(() -> FreshId.await(parameters(fresh), () -> 404, n -> false))
          .isInstanceOfSatisfying(
              ProblemException.class,
              e -> assertThat(e.problem().kind()).isEqualTo(Kind.UNAVAILABLE));
      assertThat(FreshId.await(parameters(fresh), () -> 200, n -> true)).isEqualTo(200);
    } finally {
      enough.countDown();
      threads.shutdown();
    }
  }

  /** Asks for the second time, while it waits. */
  private static boolean hold(AtomicInteger asked, CountDownLatch enough) {
    asked.incrementAndGet();
    try {
      enough.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "018f3c5e-7b1a-7cc0-8000-000000000000",
        "f47ac10b-58cc-4372-a567-0e02b2c3d479",
        "an-idempotency-key-of-thirty-six-chr",
        "7",
        ""
      })
  void asksOnceForAnyOtherId(String id) {
    AtomicInteger asked = new AtomicInteger();

    assertThat(FreshId.await(parameters(id), asked::incrementAndGet, n -> false)).isEqualTo(1);
  }

  @Test
  void knowsAFreshIdByItsTime() {
    String id = "018f3c5e-7b1a-7cc0-8000-000000000000";
    long given = Long.parseLong("018f3c5e7b1a", 16);

    assertThat(FreshId.isFresh(id, given)).isTrue();
    assertThat(FreshId.isFresh(id, given + 9_999)).isTrue();
    assertThat(FreshId.isFresh(id, given + 10_000)).isFalse();
    assertThat(FreshId.isFresh(id, given - 10_000)).isFalse();
  }
}
