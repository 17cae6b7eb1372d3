package io.qanat.process;

import static io.qanat.deliver.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.qanat.deliver.BatchOutcome;
import io.qanat.deliver.Deadline;
import io.qanat.deliver.Event;
import io.qanat.kafka.Position;
import io.qanat.process.PaymentProvider.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kamelet that asks a payment provider, in a route as it stands in flows. */
class PaymentHttpTest {
  private static final String ROUTE =
      """
      - route:
          id: x-process-payment
          routeConfigurationId: deliver
          from:
            uri: direct:x-process-payment
            steps:
              - to:
                  uri: kamelet:payment-http-action
                  parameters:
                    url: "%s"
                    authorization: "%s"
                    timeout: 300
                    openSeconds: 1
              - bean:
                  ref: paid
                  method: take
      """;

  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final PaymentProvider provider = new PaymentProvider();
  private final List<JsonNode> results = new CopyOnWriteArrayList<>();
  private final RouteSink sink = new RouteSink();

  /** Takes what the kamelet gives. */
  public static final class Paid {
    private final List<JsonNode> results;

    Paid(List<JsonNode> results) {
      this.results = results;
    }

    public void take(JsonNode body) {
      results.add(body);
    }
  }

  @BeforeEach
  void start() throws Exception {
    camel.getRegistry().bind("paid", new Paid(results));
    KameletComponent kamelets = camel.getComponent("kamelet", KameletComponent.class);
    kamelets.setLocation("file:kamelets");
    kamelets.setNoErrorHandler(true);
    camel.start();
    PluginHelper.getRoutesLoader(camel)
        .loadRoutes(
            PluginHelper.getResourceLoader(camel)
                .resolveResource("file:routes/platform/platform-deliver.camel.yaml"));
  }

  @AfterEach
  void stop() throws Exception {
    sink.close();
    camel.close();
    provider.close();
  }

  private void route(String url, String authorization) throws Exception {
    PluginHelper.getRoutesLoader(camel)
        .loadRoutes(
            ResourceHelper.fromString(
                "x-process-payment.camel.yaml", ROUTE.formatted(url, authorization)));
    sink.setCamelContext(camel);
    sink.setRoute("x-process-payment");
    sink.start();
  }

  private BatchOutcome pay(int count) {
    List<Event> events =
        IntStream.range(0, count)
            .mapToObj(
                n ->
                    new Event(
                        new Position("qanat.x", 0, n),
                        "o-" + n,
                        "o-" + n,
                        "order.placed",
                        Instant.EPOCH,
                        JsonNodeFactory.instance
                            .objectNode()
                            .put("orderId", "o-" + n)
                            .put("productId", n == 0 ? "1" : "2")))
            .toList();
    return sink.write(events, Deadline.NEVER);
  }

  @Test
  void asksOnceWithTheKeyAndTellsWhetherItIsPaid() throws Exception {
    route(provider.url(), "Bearer secret");

    assertThat(pay(2)).delivered(0, 1);

    assertThat(results)
        .extracting(JsonNode::toString)
        .containsExactlyInAnyOrder(
            "{\"status\":\"Success\",\"reference\":\"p-o-0\"}",
            "{\"status\":\"Declined\",\"reference\":\"p-o-1\"}");
    assertThat(provider.requests())
        .containsExactlyInAnyOrder(
            new PaymentProvider.Request(
                "o-0", "Bearer secret", "{\"orderId\":\"o-0\",\"productId\":\"1\"}"),
            new PaymentProvider.Request(
                "o-1", "Bearer secret", "{\"orderId\":\"o-1\",\"productId\":\"2\"}"));
  }

  @Test
  void takes402ForDeclined() throws Exception {
    route(provider.url(), "");
    provider.behave(number -> Reply.DECLINE);

    assertThat(pay(1)).delivered(0);

    assertThat(results.get(0)).hasToString("{\"status\":\"Declined\",\"reference\":\"d-1\"}");
    assertThat(provider.requests().get(0).authorization()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"CHARGE_AND_HANG", "CHARGE_AND_DROP", "FAIL", "THROTTLE"})
  void asksAgainWithTheSameKeyWhenItIsNotAnswered(Reply first) throws Exception {
    route(provider.url(), "");
    provider.behave(number -> number < 3 ? first : Reply.CHARGE);

    BatchOutcome outcome = pay(1);
    while (outcome.delivered().isEmpty() && provider.requests().size() < 3) {
      assertThat(outcome.held()).hasSize(1);
      outcome = pay(1);
    }

    assertThat(outcome).delivered(0);
    assertThat(provider.requests()).hasSize(3).allMatch(request -> request.key().equals("o-0"));
    assertThat(provider.charges()).hasSize(1);
    assertThat(results).hasSize(1);
  }

  @Test
  void holdsThePaymentAsLongAsTheProviderIsAway() throws Exception {
    provider.close();
    route(provider.url(), "");

    assertThat(pay(1)).held(0, "SINK_UNREACHABLE");
  }

  @Test
  void holdsThePaymentAsLongAsTheProviderFails() throws Exception {
    route(provider.url(), "");
    provider.behave(number -> Reply.FAIL);

    assertThat(pay(1)).held(0, "PAYMENT_UNAVAILABLE");
    assertThat(results).isEmpty();
  }

  @Test
  void rejectsWhatTheProviderDoesNotUnderstandAtOnce() throws Exception {
    route(provider.url(), "");
    provider.behave(number -> Reply.REFUSE);

    assertThat(pay(1)).rejected(0, "PAYMENT_HTTP_422");
    assertThat(provider.requests()).hasSize(1);
  }

  @Test
  void saysNothingOfAPaymentWhoseReplyCannotBeRead() throws Exception {
    route(provider.url(), "");
    provider.behave(number -> Reply.BABBLE);

    assertThat(pay(1)).held(0, "UNEXPECTED_FAILURE");
    assertThat(results).isEmpty();
  }

  @Test
  void leavesAProviderAloneThatFailsAndComesBackToIt() throws Exception {
    route(provider.url(), "");
    provider.behave(number -> Reply.FAIL);
    for (int i = 0; i < 10; i++) {
      assertThat(pay(1).held()).hasSize(1);
    }

    assertThat(pay(1)).held(0, "CIRCUIT_OPEN");
    assertThat(pay(1)).held(0, "CIRCUIT_OPEN");
    assertThat(provider.requests()).hasSize(10);

    provider.behave(number -> Reply.CHARGE);
    await().atMost(Duration.ofSeconds(20)).until(() -> pay(1).delivered().size() == 1);
  }
}
