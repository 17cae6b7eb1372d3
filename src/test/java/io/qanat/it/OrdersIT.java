package io.qanat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.it.Http.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Orders, their payments, and what customers may still change. */
@HubIT
class OrdersIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String PAYMENTS = "/flows/orders-deliver-payments";

  @LocalServerPort private int port;
  private HubFixture fixture;
  private Http hub;
  private String user;

  @BeforeEach
  void connect() {
    fixture = new HubFixture(port);
    hub = fixture.hub();
    user = "u-" + UUID.randomUUID();
  }

  private Answer post(String productId) {
    return hub.json(
        "POST",
        "/orders",
        "{\"userId\":\"%s\",\"productId\":%s,\"productName\":\"Well\",\"totalOrderAmount\":12.5,\"orderStatus\":\"Confirmed\",\"createdAt\":\"2026-10-05T10:00:00.123Z\"}"
            .formatted(user, productId));
  }

  private String place(String productId) {
    Answer answer = post(productId);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
    return answer.json().path("created").path("id").asText();
  }

  private JsonNode order(String id) {
    return hub.get("/orders/one/" + id).json().path("order");
  }

  private String status(String id) {
    return hub.get("/orders/status/" + id).json().path("orderStatus").asText();
  }

  private void becomes(String id, String status) {
    await().atMost(SOON).until(() -> status(id).equals(status));
  }

  private Answer change(String id, String status) {
    return hub.json(
        "PUT", "/orders", "{\"orderId\":\"%s\",\"orderStatus\":\"%s\"}".formatted(id, status));
  }

  private void whilePaymentsWait(Runnable body) {
    assertThat(fixture.operator().post(PAYMENTS + "/pause").status()).isEqualTo(200);
    try {
      body.run();
    } finally {
      fixture.operator().post(PAYMENTS + "/resume");
    }
  }

  @Test
  void takesAnOrderAsOldClientsSendItAndFindsItAtOnce() {
    Answer answer = post("\"1\"");

    String id = answer.json().path("created").path("id").asText();
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.response().body())
        .startsWith(
            "{\"ok\":true,\"created\":{\"id\":\"%s\"},\"payment\":\"Create order success, payment processing\","
                .formatted(id));
    assertThat(answer.header("Location"))
        .isEqualTo("/receipts/" + answer.json().path("receipt").asText());
    Answer found = hub.get("/orders/one/" + id);
    assertThat(found.status()).isEqualTo(200);
    assertThat(found.json().path("ok").asBoolean()).isTrue();
    JsonNode order = found.json().path("order");
    assertThat(order.properties().stream().map(Map.Entry::getKey))
        .contains(
            "userId",
            "productId",
            "productName",
            "totalOrderAmount",
            "orderStatus",
            "paymentStatus",
            "created_at",
            "updated_at",
            "id")
        .doesNotContain("_id", "_order");
    assertThat(order.path("userId").asText()).isEqualTo(user);
    assertThat(order.path("totalOrderAmount").decimalValue()).isEqualByComparingTo("12.5");
    assertThat(order.path("created_at").asText()).isEqualTo("2026-10-05T10:00:00.123Z");
    assertThat(order.path("id").asText()).isEqualTo(id);
  }

  @Test
  void isPaidForProductOneAndDeclinedForAllOthers() {
    String paid = place("\"1\"");
    String alsoPaid = place("1");
    String declined = place("\"2\"");
    String unknown = place("\"no such product\"");

    becomes(paid, "Success");
    becomes(alsoPaid, "Success");
    becomes(declined, "Declined");
    becomes(unknown, "Declined");

    assertThat(order(paid).path("paymentStatus").asText()).isEqualTo("Success");
    assertThat(order(declined).path("paymentStatus").asText()).isEqualTo("Declined");
    assertThat(order(paid).path("paymentReference").asText()).isEqualTo("simulated");
  }

  @Test
  void confirmsWhatIsPaidAndNothingElse() {
    String paid = place("\"1\"");
    becomes(paid, "Success");

    Answer confirmed = change(paid, "Confirmed");
    assertThat(confirmed.status()).isEqualTo(200);
    assertThat(confirmed.response().body())
        .isEqualTo("{\"ok\":true,\"message\":\"Update order success\"}");
    assertThat(status(paid)).isEqualTo("Confirmed");
    assertThat(change(paid, "Confirmed").status()).isEqualTo(200);

    Answer late = change(paid, "Cancelled");
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(late.json().path("type").asText()).isEqualTo("urn:qanat:problem:conflict");
    assertThat(late.json().path("detail").asText())
        .isEqualTo("The order is Confirmed, and cannot become Cancelled.");

    String declined = place("\"2\"");
    becomes(declined, "Declined");
    assertThat(change(declined, "Confirmed").status()).isEqualTo(409);
    assertThat(change(declined, "Cancelled").status()).isEqualTo(409);
    assertThat(status(declined)).isEqualTo("Declined");
  }

  @Test
  void cancelsWhatIsNotPaidYetAndKeepsItCancelledWhenItIs() {
    String[] ids = new String[2];
    whilePaymentsWait(
        () -> {
          ids[0] = place("\"1\"");
          ids[1] = place("\"2\"");
          assertThat(change(ids[0], "Confirmed").status()).isEqualTo(409);
          assertThat(change(ids[0], "Cancelled").status()).isEqualTo(200);
          assertThat(change(ids[1], "Cancelled").status()).isEqualTo(200);
          assertThat(change(ids[0], "Cancelled").status()).isEqualTo(200);
          assertThat(order(ids[0]).path("paymentStatus").asText()).isEqualTo("Processing");
        });

    await()
        .atMost(SOON)
        .until(() -> order(ids[0]).path("paymentStatus").asText().equals("Success"));
    await()
        .atMost(SOON)
        .until(() -> order(ids[1]).path("paymentStatus").asText().equals("Declined"));
    assertThat(status(ids[0])).isEqualTo("Cancelled");
    assertThat(status(ids[1])).isEqualTo("Cancelled");
  }

  @Test
  void saysWhoWonWhenCancelsRaceThePayment() throws Exception {
    int count = 40;
    ExecutorService callers = Executors.newFixedThreadPool(8);
    try {
      List<Callable<List<Object>>> races =
          IntStream.range(0, count)
              .<Callable<List<Object>>>mapToObj(
                  n ->
                      () -> {
                        String id = place("\"1\"");
                        Future<Answer> other = callers.submit(() -> change(id, "Cancelled"));
                        return List.of(id, change(id, "Cancelled"), other.get());
                      })
              .toList();
      ExecutorService racers = Executors.newFixedThreadPool(4);
      List<List<Object>> results = new ArrayList<>();
      try {
        for (Future<List<Object>> race : racers.invokeAll(races)) {
          results.add(race.get());
        }
      } finally {
        racers.shutdown();
      }
      for (List<Object> result : results) {
        String id = (String) result.get(0);
        await()
            .atMost(SOON)
            .until(() -> order(id).path("paymentStatus").asText().equals("Success"));
        String status = status(id);
        assertThat(status).isIn("Cancelled", "Success");
        for (Answer answer : List.of((Answer) result.get(1), (Answer) result.get(2))) {
          assertThat(answer.status())
              .as("the answer for an order that is %s", status)
              .isIn(status.equals("Cancelled") ? List.of(200, 202) : List.of(409, 202));
        }
      }
    } finally {
      callers.shutdown();
    }
  }

  @Test
  void listsTheOrdersOfAUserPageByPage() {
    List<String> placed = List.of(place("\"1\""), place("\"2\""), place("\"3\""));
    await()
        .atMost(SOON)
        .until(() -> hub.get("/orders/" + user).json().path("orders").size() == placed.size());

    Answer first = hub.get("/orders/" + user + "?limit=2");
    String next = first.header("Link").replaceAll("<(.*)>.*", "$1");
    Answer second = hub.get("/orders/" + user + next);

    assertThat(first.json().path("ok").asBoolean()).isTrue();
    assertThat(first.json().path("orders")).hasSize(2);
    List<String> ids = new ArrayList<>(first.json().path("orders").findValuesAsText("id"));
    ids.addAll(second.json().path("orders").findValuesAsText("id"));
    assertThat(ids).containsExactlyInAnyOrderElementsOf(placed);
    assertThat(hub.get("/orders/nobody-" + user).response().body())
        .isEqualTo("{\"ok\":true,\"orders\":[]}");
  }

  @Test
  void isOneOrderHoweverOftenItIsSentWithItsKey() {
    String body =
        "{\"userId\":\"%s\",\"productId\":\"1\",\"productName\":\"Well\",\"totalOrderAmount\":1}"
            .formatted(user);
    String key = "key-" + UUID.randomUUID();
    for (int i = 0; i < 3; i++) {
      assertThat(hub.json("POST", "/orders", body, "Idempotency-Key", key).status()).isEqualTo(201);
    }

    becomes(key, "Success");
    fixture.settled();
    assertThat(hub.get("/orders/" + user).json().path("orders")).hasSize(1);
    assertThat(fixture.records("qanat.payments", key)).hasSize(1);
  }

  @Test
  void answers404ForWhatWasNeverOrdered() {
    assertThat(change("nothing", "Cancelled").status()).isEqualTo(404);
    assertThat(change(UUID.randomUUID().toString(), "Confirmed").status()).isEqualTo(404);
    assertThat(hub.get("/orders/one/nothing").status()).isEqualTo(404);
    assertThat(hub.get("/orders/status/%7B%22$gt%22:%22%22%7D").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"orderId\":\"x\",\"orderStatus\":\"Success\"}",
        "{\"orderId\":\"x\",\"orderStatus\":\"Processing\"}",
        "{\"orderId\":\"x\",\"orderStatus\":\"cancelled\"}",
        "{\"orderId\":\"x\",\"orderStatus\":{\"$ne\":\"Cancelled\"}}",
        "{\"orderId\":{\"$gt\":\"\"},\"orderStatus\":\"Cancelled\"}",
        "{\"orderId\":[\"x\"],\"orderStatus\":\"Cancelled\"}",
        "{\"orderId\":\"x\"}",
        "{\"orderStatus\":\"Cancelled\"}",
        "{\"orderId\":\"x\",\"orderStatus\":\"Cancelled\",\"$where\":\"sleep(1)\"}",
        "[]"
      })
  void refusesAChangeThatIsNone(String body) {
    Answer answer = hub.json("PUT", "/orders", body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("type").asText())
        .isEqualTo("urn:qanat:problem:contract-violation");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"userId\":\"u\",\"productId\":\"1\",\"productName\":\"n\"}",
        "{\"userId\":\"u\",\"productId\":\"1\",\"productName\":\"n\",\"totalOrderAmount\":-1}",
        "{\"userId\":\"u\",\"productId\":\"1\",\"productName\":\"n\",\"totalOrderAmount\":\"many\"}",
        "{\"userId\":{\"$gt\":\"\"},\"productId\":\"1\",\"productName\":\"n\",\"totalOrderAmount\":1}",
        "{\"userId\":\"u\",\"productId\":null,\"productName\":\"n\",\"totalOrderAmount\":1}",
        "{\"userId\":\"u\",\"productId\":\"1\",\"productName\":\"n\",\"totalOrderAmount\":1,\"paymentStatus\":\"Success\"}",
        "{\"userId\":\"u\",\"productId\":\"1\",\"productName\":\"n\",\"totalOrderAmount\":1,\"createdAt\":\"soon\"}",
        "{\"userId\":\"u\",\"productId\":\"1\",\"productName\":\"n\",\"totalOrderAmount\":1,\"createdAt\":\"2026-13-05T10:00:00Z\"}",
        "{\"userId\":\"u\",\"productId\":\"1\",\"productName\":\"n\",\"totalOrderAmount\":1,\"createdAt\":\"2026-00-05T10:00:00Z\"}",
        "{\"userId\":\"u\",\"productId\":\"1\",\"productName\":\"n\",\"totalOrderAmount\":1,\"createdAt\":\"2026-10-32T10:00:00Z\"}",
        "{\"userId\":\"u\",\"productId\":\"1\",\"productName\":\"n\",\"totalOrderAmount\":1,\"createdAt\":\"2026-10-00T10:00:00Z\"}",
        "{\"userId\":\"u\",\"productId\":\"1\",\"productName\":\"n\",\"totalOrderAmount\":1,\"createdAt\":\"2026-10-05T24:00:00Z\"}",
        "{\"userId\":\"u\",\"productId\":\"1\",\"productName\":\"n\",\"totalOrderAmount\":1,\"createdAt\":\"2026-10-05T10:60:00Z\"}",
        "{\"userId\":\"u\",\"productId\":\"1\",\"productName\":\"n\",\"totalOrderAmount\":1,\"createdAt\":\"2026-10-05T10:00:60Z\"}",
        "{\"userId\":\"u\",\"productId\":\"1\",\"productName\":\"n\",\"totalOrderAmount\":1,\"createdAt\":\"2026-10-05T10:00:00+18:01\"}",
        "{\"userId\":\"u\",\"productId\":\"1\",\"productName\":\"n\",\"totalOrderAmount\":1,\"createdAt\":\"2026-10-05T10:00:00+10:60\"}"
      })
  void refusesAnOrderThatIsNone(String body) {
    assertThat(hub.json("POST", "/orders", body).status()).isEqualTo(400);
  }
}
