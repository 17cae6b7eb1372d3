package io.qanat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.mongodb.client.MongoDatabase;
import io.qanat.it.Http.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.bson.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** Data of any form: kept as it came, and found again. */
@HubIT
class RecordsIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @LocalServerPort private int port;
  @LocalManagementPort private int managementPort;
  @Autowired private MongoDatabase database;
  @Autowired private ApplicationContext context;
  private Http hub;
  private String kind;

  @BeforeEach
  void connect() {
    hub = new HubFixture(port).hub();
    kind = "k-" + UUID.randomUUID();
  }

  private String record(int number) {
    return "{\"kind\":\"%s\",\"n\":%d}".formatted(kind, number);
  }

  private Answer send(String body, String type) {
    return hub.send("POST", "/data", BodyPublishers.ofString(body), "Content-Type", type);
  }

  private String list(String parameters) {
    return "/data?kind=" + kind + parameters;
  }

  private void kept(int count) {
    await().atMost(SOON).until(() -> hub.get(list("&limit=1000")).json().size() == count);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"$gt\":\"\",\"$where\":\"sleep(1)\",\"a.b\":{\"$ne\":null},\"%\":1,\"\":2}",
        "{\"a\":[1,2.5,-0.001,12345678901234567890.123456789,null,true,{\"b\":[]}],\"é\":\"𝄞\"}",
        "{\"data\":1,\"added_at\":2,\"_order\":3,\"id\":4}"
      })
  void givesBackWhatItWasGivenAtOnce(String data) {
    Answer answer = hub.json("POST", "/data", data);
    assertThat(answer.status()).isEqualTo(202);
    String id = answer.json().path("id").asText();

    Answer found = hub.get("/data/" + id);

    assertThat(found.status()).isEqualTo(200);
    assertThat(found.header("Content-Type")).isEqualTo("application/json");
    assertThat(found.response().body())
        .isEqualTo(
            "{\"_id\":\"%s\"%s%s".formatted(id, data.equals("{}") ? "" : ",", data.substring(1)));
  }

  @Test
  void takesManyAtOnceAndTellsTheIdOfEach() {
    Answer array =
        hub.json("POST", "/data", "[" + record(0) + "," + record(1) + "," + record(2) + "]");
    Answer lines = send(record(3) + "\n" + record(4) + "\n", "application/x-ndjson");

    assertThat(array.json().path("accepted").asInt()).isEqualTo(3);
    assertThat(lines.json().path("accepted").asInt()).isEqualTo(2);
    kept(5);
    for (Answer answer : List.of(array, lines)) {
      for (JsonNode id : answer.json().path("ids")) {
        assertThat(hub.get("/data/" + id.asText()).json().path("kind").asText()).isEqualTo(kind);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "application/json | 7 | #",
        "application/json | 'text' | #",
        "application/json | null | #",
        "application/json | [] | #",
        "application/json | [{},7] | #/1",
        "application/json | [[]] | #/0",
        "application/json | {'_id':1} | #/_id",
        "application/x-ndjson | 7 | #/0",
      })
  void refusesWhatIsNoObject(String type, String body, String pointer) {
    Answer answer = send(body.replace('\'', '"'), type);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/errors/0/pointer").asText()).isEqualTo(pointer);
  }

  @Test
  void saysWhichLineIsNoJson() {
    Answer answer = send("{}\n{\n", "application/x-ndjson");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("detail").asText()).startsWith("In line 2 of the body: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"asc", "desc"})
  void pagesThroughAllThatWasThereWhileMoreComes(String order) {
    for (int i = 0; i < 4; i++) {
      hub.json("POST", "/data", "[" + record(10 * i) + "," + record(10 * i + 1) + "]");
    }
    kept(8);
    List<String> found = new ArrayList<>();
    String page = list("&limit=3&order=" + order);
    while (!page.isEmpty()) {
      Answer answer = hub.get(page);
      found.addAll(answer.json().findValuesAsText("n"));
      page = answer.header("Link").replaceAll("<(.*)>; rel=\"next\"", "/data$1");
      if (found.size() == 3) {
        hub.json("POST", "/data", record(99));
        kept(9);
      }
    }

    assertThat(found)
        .doesNotHaveDuplicates()
        .contains("0", "1", "10", "11", "20", "21", "30", "31");
    assertThat(found.contains("99")).isEqualTo(order.equals("asc"));
  }

  @Test
  void answersWithNothingToWhoeverHasItAlready() {
    String id = hub.json("POST", "/data", record(1)).json().path("id").asText();
    Answer first = hub.get("/data/" + id);

    Answer again = hub.get("/data/" + id, "If-None-Match", first.header("ETag"));

    assertThat(first.header("ETag")).matches("\"[^\"]+\"");
    assertThat(again.status()).isEqualTo(304);
    assertThat(again.response().body()).isEmpty();
  }

  @Test
  void answersFromTheCacheWithTheVerySameBytes() {
    String id = hub.json("POST", "/data", record(1)).json().path("id").asText();
    Answer first = hub.get("/data/" + id);
    assertThat(first.status()).isEqualTo(200);
    database.getCollection("records").deleteOne(new Document("_id", id));

    Answer again = hub.get("/data/" + id);

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.response().body()).isEqualTo(first.response().body());
    assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
    assertThat(new Http("http://127.0.0.1:" + managementPort).get("/actuator/prometheus"))
        .extracting(answer -> answer.response().body())
        .asString()
        .containsPattern("cache_gets_total\\{[^}]*cache=\"records\",[^}]*result=\"hit\"} [1-9]");
  }

  @Test
  void knowsNothingOfRedisUnlessItIsAskedFor() {
    assertThat(context.getBeanNamesForType(RedisConnectionFactory.class)).isEmpty();
  }

  @Test
  void findsALaterRecordWhoseIdNobodyHadBefore() {
    String id = "r-" + UUID.randomUUID();
    assertThat(hub.get("/data/" + id).status()).isEqualTo(404);

    hub.json("POST", "/data", record(1), "Idempotency-Key", id);

    await().atMost(SOON).until(() -> hub.get("/data/" + id).status() == 200);
  }

  @Test
  void doesNotKnowAnIdThatNobodyWasGiven() {
    assertThat(hub.get("/data/none").status()).isEqualTo(404);
    assertThat(hub.get("/data/018f3c5e-7b1a-7cc0-8000-000000000000").status()).isEqualTo(404);
  }

  @Test
  void takesAFilterForATextWhateverStandsInIt() {
    hub.json("POST", "/data", record(1));
    kept(1);

    assertThat(hub.get("/data?kind=%7B%22$gt%22:%22%22%7D").json()).isEmpty();
    assertThat(hub.get("/data?kind[$gt]=").status()).isIn(200, 400);
    assertThat(hub.get("/data?limit=1001").status()).isEqualTo(400);
    assertThat(hub.get("/data?order=up").status()).isEqualTo(400);
  }
}
