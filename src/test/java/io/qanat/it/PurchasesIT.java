package io.qanat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.it.Http.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What users bought: over REST, and from producers that know nothing of the hub. */
@HubIT
class PurchasesIT {
  private static final Duration SOON = Duration.ofSeconds(30);

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

  private String purchase(String price, String timestamp) {
    return "{\"username\":\"%s\",\"userid\":\"%s\",\"price\":%s%s}"
        .formatted(
            user,
            user,
            price,
            timestamp == null ? "" : ",\"timestamp\":\"%s\"".formatted(timestamp));
  }

  private JsonNode bought(int count) {
    await()
        .atMost(SOON)
        .until(() -> hub.get("/buyList/" + user).json().path("purchases").size() == count);
    return hub.get("/buyList/" + user).json().path("purchases");
  }

  private void produce(String key, String value) {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", fixture.kafka()),
            new StringSerializer(),
            new StringSerializer())) {
      var unused = producer.send(new ProducerRecord<>("qanat.purchases", key, value));
    }
  }

  @Test
  void keepsAPurchaseAndFindsItAsOldClientsDo() {
    Answer answer = hub.json("POST", "/buy", purchase("12.5", "2026-10-05T10:00:00Z"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("status").asText()).isEqualTo("Ok!");
    assertThat(answer.json().path("message").asText())
        .isEqualTo("Message successfully sent to Kafka!");
    assertThat(answer.header("Location"))
        .isEqualTo("/receipts/" + answer.json().path("receipt").asText());
    assertThat(bought(1).toString())
        .matches(
            "\\[\\{\"_id\":\"[0-9a-f]{32}\",\"username\":\"%1$s\",\"userid\":\"%1$s\",\"price\":12.5,\"timestamp\":\"2026-10-05T10:00:00Z\"}]"
                .formatted(user));
    assertThat(hub.get("/buyList/" + user).json().path("status").asText()).isEqualTo("Ok!");
    JsonNode all = hub.get("/getAllUserBuys/" + user).json();
    assertThat(all.path("username").asText()).isEqualTo(user);
    assertThat(all.path("purchases")).isEqualTo(bought(1));
    Answer found = hub.get("/purchases?userid=" + user);
    assertThat(found.json()).isEqualTo(bought(1));
    assertThat(found.header("Content-Type")).isEqualTo("application/json");
  }

  @Test
  void answersWithNothingForAUserWhoBoughtNothing() {
    assertThat(hub.get("/buyList/" + user).json().toString())
        .isEqualTo("{\"status\":\"Ok!\",\"purchases\":[]}");
  }

  @Test
  void keepsOnlyTheFourFieldsOfWhatOthersProduce() {
    produce(
        null,
        "{\"username\":\"%1$s\",\"userid\":7,\"price\":\"3.10\",\"role\":\"admin\",\"cart\":{\"x\":[1]}}"
            .formatted(user));

    JsonNode kept = bought(1).get(0);
    assertThat(kept.properties().stream().map(Map.Entry::getKey))
        .containsExactly("_id", "username", "userid", "price", "timestamp");
    assertThat(kept.path("userid").asText()).isEqualTo("7");
    assertThat(kept.path("price").decimalValue()).isEqualByComparingTo("3.1");
    assertThat(kept.path("timestamp").asText()).startsWith("20");
  }

  @Test
  void keepsAPurchaseOnceWhoeverSentIt() {
    String same = purchase("1", "2026-10-05T10:00:00Z");
    hub.json("POST", "/buy", same);
    hub.json("POST", "/buy", same);
    produce("any", same);
    produce(null, purchase("1.0", "2026-10-05T12:00:00+02:00"));
    hub.json("POST", "/buy", purchase("2", "2026-10-05T10:00:00Z"));

    fixture.settled();

    assertThat(bought(2)).hasSize(2);
  }

  @Test
  void showsTheNewestFirstAPageAtATime() {
    for (int i = 0; i < 5; i++) {
      hub.json(
          "POST", "/buy", purchase(Integer.toString(i), "2026-10-0%dT10:00:00Z".formatted(i + 1)));
    }
    bought(5);

    Answer first = hub.get("/purchases?limit=2&userid=" + user);
    assertThat(first.json().findValuesAsText("price")).containsExactly("4", "3");
    String next = first.header("Link").replaceAll("<(.*)>; rel=\"next\"", "/purchases$1");
    hub.json("POST", "/buy", purchase("9", "2026-11-01T10:00:00Z"));
    bought(6);
    Answer second = hub.get(next);
    assertThat(second.json().findValuesAsText("price")).containsExactly("2", "1");
    Answer third =
        hub.get(second.header("Link").replaceAll("<(.*)>; rel=\"next\"", "/purchases$1"));
    assertThat(third.json().findValuesAsText("price")).containsExactly("0");
    assertThat(third.header("Link")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'username':{'$gt':''},'userid':'1','price':1} | #/username",
        "{'username':'a','userid':{'$gt':''},'price':1} | #/userid",
        "{'username':'a','userid':'1','price':'1'} | #/price",
        "{'username':'a','userid':'1','price':1,'timestamp':'now'} | #/timestamp",
        "{'username':'a','userid':'1','price':1,'timestamp':'2026-13-05T10:00:00Z'} | #/timestamp",
        "{'username':'a','userid':'1','price':1,'timestamp':'2026-00-05T10:00:00Z'} | #/timestamp",
        "{'username':'a','userid':'1','price':1,'timestamp':'2026-10-32T10:00:00Z'} | #/timestamp",
        "{'username':'a','userid':'1','price':1,'timestamp':'2026-10-00T10:00:00Z'} | #/timestamp",
        "{'username':'a','userid':'1','price':1,'timestamp':'2026-10-05T24:00:00Z'} | #/timestamp",
        "{'username':'a','userid':'1','price':1,'timestamp':'2026-10-05T10:60:00Z'} | #/timestamp",
        "{'username':'a','userid':'1','price':1,'timestamp':'2026-10-05T10:00:60Z'} | #/timestamp",
        "{'username':'a','userid':'1','price':1,'timestamp':'2026-10-05T10:00:00+18:01'} | #/timestamp",
        "{'username':'a','userid':'1','price':1,'timestamp':'2026-10-05T10:00:00+10:60'} | #/timestamp",
        "{'username':'','userid':'1','price':1} | #/username",
        "{'username':'a','userid':'1','price':1,'$where':'1'} | #/$where",
      })
  void refusesWhatIsNoPurchase(String body, String pointer) {
    Answer answer = hub.json("POST", "/buy", body.replace('\'', '"'));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/errors/0/pointer").asText()).isEqualTo(pointer);
  }

  @Test
  void deadLettersAloneWhatOthersProduceWrongly() {
    produce(null, "{\"username\":\"%s\",\"userid\":1}".formatted(user));
    produce(null, "no JSON, " + user);
    produce(null, purchase("1", null));

    bought(1);
    await()
        .atMost(SOON)
        .until(
            () ->
                fixture
                        .operator()
                        .get("/dead-letters?flow=purchases&limit=100")
                        .json()
                        .path("deadLetters")
                        .size()
                    >= 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no base64!",
        "{'x': 1}",
        "{'_id': 'a', 'timestamp': {'$ne': 1}}",
        "{'_id': {'$regularExpression': {'pattern': '.', 'options': ''}}, 'timestamp': 1}",
        "{'_id': 'a', 'timestamp': {'$date': 'now'}}"
      })
  void refusesACursorThatIsNone(String place) {
    String cursor =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(place.getBytes(StandardCharsets.UTF_8));

    Answer answer = hub.get("/purchases?userid=%s&after=%s".formatted(user, cursor));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/errors/0/pointer").asText()).isEqualTo("after");
  }

  @Test
  void tellsThatKafkaAndMongoDbAnswer() {
    assertThat(hub.get("/healthz").json().textValue()).isEqualTo("Success");
  }
}
