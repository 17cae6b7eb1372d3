package io.qanat.receipt;

import static io.qanat.receipt.KnownKafka.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qanat.accept.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class ReceiptsApiTest {
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final KnownKafka kafka = new KnownKafka("salesforce").event(7).committed("salesforce", 7);
  private final ReceiptsApi api =
      new ReceiptsApi(new Receipts(kafka, kafka, (lane, record) -> Optional.empty()));

  private Message ask() {
    Exchange exchange = new DefaultExchange(context);
    exchange.setProperty("parameters", Map.of("receipt", "contacts-3-7"));
    exchange.getMessage().setHeader("Prefer", "wait=5");
    api.answer(exchange);
    return exchange.getMessage();
  }

  @Test
  void letsOnlyADeliveredReceiptBeKept() {
    assertThat(ask().getHeaders())
        .containsEntry("Cache-Control", "no-store")
        .containsEntry(Exchange.CONTENT_TYPE, "application/json")
        .doesNotContainKey("Prefer");

    kafka.deadLetter("salesforce", 0, at(7), "X").committed("salesforce", 8);
    assertThat(ask().getHeader("Cache-Control")).isEqualTo("no-store");

    KnownKafka delivered = new KnownKafka("salesforce").event(7).committed("salesforce", 8);
    Exchange exchange = new DefaultExchange(context);
    exchange.setProperty("parameters", Map.of("receipt", "contacts-3-7"));
    new ReceiptsApi(new Receipts(delivered, delivered, (lane, record) -> Optional.empty()))
        .answer(exchange);
    assertThat(exchange.getMessage().getHeader("Cache-Control")).isEqualTo("max-age=3600");
  }

  @Test
  void turnsAwayWhoAsksWhile64WaitForAnAnswerAndNoOneAfterThem() throws Exception {
    CountDownLatch entered = new CountDownLatch(64);
    CountDownLatch leave = new CountDownLatch(1);
    kafka.beforeEachQuestion =
        () -> {
          entered.countDown();
          try {
            assertThat(leave.await(1, TimeUnit.MINUTES)).isTrue();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    ExecutorService callers = Executors.newFixedThreadPool(64);
    try {
      List<Future<Message>> asking = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        asking.add(callers.submit(this::ask));
      }
      assertThat(entered.await(1, TimeUnit.MINUTES)).isTrue();

      assertThatThrownBy(this::ask)
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("Too many");

      leave.countDown();
      for (Future<Message> one : asking) {
        assertThat(one.get(1, TimeUnit.MINUTES).getBody()).isNotNull();
      }
      assertThat(ask().getBody()).isNotNull();
    } finally {
      callers.shutdownNow();
    }
  }
}
