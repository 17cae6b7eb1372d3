package io.qanat.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.qanat.kafka.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.util.unit.DataSize;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

class AcceptanceTest {
  private static final byte[] RECEIPT =
      "{\"state\":\"delivered\"}".getBytes(StandardCharsets.UTF_8);
  private static final String ACCEPTED = "{\"id\":\"e-1\",\"receipt\":\"contacts-3-7\"}";

  private final List<Duration> waited = new ArrayList<>();
  private Optional<byte[]> outcome = Optional.of(RECEIPT);

  private Acceptance acceptance(int maxWaiting) {
    return acceptance(
        maxWaiting,
        (event, atMost) -> {
          waited.add(atMost);
          assertThat(event).isEqualTo(Position.ofFlow("contacts", 3, 7));
          return outcome;
        });
  }

  private static Acceptance acceptance(int maxWaiting, Outcomes outcomes) {
    return new Acceptance(
        outcomes,
        new AcceptProperties(
            DataSize.ofBytes(1),
            DataSize.ofBytes(1),
            1,
            Duration.ZERO,
            Duration.ofSeconds(30),
            maxWaiting,
            Duration.ZERO,
            ""));
  }

  private static Message answer(Acceptance acceptance, @Nullable Integer wait) {
    Exchange exchange = new DefaultExchange(new DefaultCamelContext());
    exchange
        .getMessage()
        .setHeader(
            KafkaConstants.KAFKA_RECORD_META,
            List.of(new RecordMetadata(new TopicPartition("qanat.contacts", 3), 7, 0, 0L, 0, 0)));
    exchange.getMessage().setHeader("ce_id", "e-1");
    exchange.setProperty(Envelope.EVENT_ID, "e-1");
    exchange.setProperty(PreferWait.SECONDS, wait);
    acceptance.answer(exchange);
    return exchange.getMessage();
  }

  @Test
  void answersWithIdAndReceiptAtOnce() {
    Message answer = answer(acceptance(1), null);

    assertThat(answer.getBody(String.class)).isEqualTo(ACCEPTED);
    assertThat(answer.getHeaders())
        .containsOnly(
            java.util.Map.entry(Exchange.HTTP_RESPONSE_CODE, 202),
            java.util.Map.entry(Exchange.CONTENT_TYPE, "application/json"),
            java.util.Map.entry("Location", "/receipts/contacts-3-7"));
    assertThat(waited).isEmpty();
  }

  @Test
  void answersWithTheReceiptOfASettledEvent() {
    Message answer = answer(acceptance(1), 5);

    assertThat(answer.getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(200);
    assertThat(answer.getBody()).isEqualTo(RECEIPT);
    assertThat(answer.getHeader("Preference-Applied")).isEqualTo("wait=5");
    assertThat(answer.getHeader("Location")).isEqualTo("/receipts/contacts-3-7");
    assertThat(waited).containsExactly(Duration.ofSeconds(5));
  }

  @Test
  void answersAsUsualIfTheEventIsNotSettledInTime() {
    outcome = Optional.empty();

    Message answer = answer(acceptance(1), 5);

    assertThat(answer.getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(202);
    assertThat(answer.getBody(String.class)).isEqualTo(ACCEPTED);
    assertThat(answer.getHeader("Preference-Applied")).isEqualTo("wait=5");
  }

  @Test
  void waitsNoLongerThanTheBoundAndSaysHowLong() {
    Message answer = answer(acceptance(1), 600);

    assertThat(answer.getHeader("Preference-Applied")).isEqualTo("wait=30");
    assertThat(waited).containsExactly(Duration.ofSeconds(30));
  }

  @Test
  void letsTheBodyGoBeforeItWaits() {
    Semaphore budget = new Semaphore(0);
    BoundedRequest request = new BoundedRequest(new MockHttpServletRequest(), budget, 10);
    AtomicInteger whileWaiting = new AtomicInteger();
    Acceptance acceptance =
        acceptance(
            1,
            (event, atMost) -> {
              whileWaiting.set(budget.availablePermits());
              return Optional.empty();
            });

    RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
    try {
      answer(acceptance, null);
      assertThat(budget.availablePermits()).isZero();
      answer(acceptance, 5);
    } finally {
      RequestContextHolder.resetRequestAttributes();
    }

    assertThat(whileWaiting).hasValue(10);
  }

  @Test
  void letsNoMoreWaitThanTheBoundAndTheNextOnceOneIsAnswered() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    Acceptance acceptance =
        acceptance(
            1,
            (event, atMost) -> {
              entered.countDown();
              try {
                assertThat(leave.await(20, TimeUnit.SECONDS)).isTrue();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              return Optional.of(RECEIPT);
            });
    CompletableFuture<Message> first = CompletableFuture.supplyAsync(() -> answer(acceptance, 5));
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

    Message second = answer(acceptance, 5);
    leave.countDown();

    assertThat(second.getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(202);
    assertThat(second.getHeader("Preference-Applied")).isNull();
    assertThat(first.get(20, TimeUnit.SECONDS).getHeader(Exchange.HTTP_RESPONSE_CODE))
        .isEqualTo(200);
    assertThat(answer(acceptance, 5).getHeader("Preference-Applied")).isEqualTo("wait=5");
  }
}
