package io.qanat.trials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import io.qanat.kafka.HubHeaders;
import io.qanat.kafka.Position;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.assertj.core.api.SoftAssertions;
import org.bson.BsonDocument;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Documents and questions that mean something to MongoDB, or that it cannot hold, from callers and
 * from other producers on the topic.
 *
 * <p>Protections: names of fields are encoded, values and parameters are never a part of a query,
 * what no document can be is refused alone, and a dead letter always fits its topic.
 */
@ExtendWith(World.Shared.class)
class HostileDocumentsTrial {
  private static final int BYSTANDERS = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final Comparator<JsonNode> BY_VALUE =
      (a, b) ->
          a.isNumber() && b.isNumber()
              ? a.decimalValue().compareTo(b.decimalValue())
              : a.equals(b) ? 0 : 1;

  /** What is answered to which question. */
  private static final String QUESTIONS =
      """
      404 /data/{'$gt':''}
      404 /data/{'$ne':null}
      404 /data/$where
      404 /data/__proto__
      200 /data?kind={'$gt':''}
      200 /data?kind=$where:1==1
      400 /data?kind=%00
      400 /data?kind=a&kind={'$gt':''}
      400 /data?order=$natural
      400 /data?limit={'$gt':1}
      400 /data?limit=-1
      400 /data?after={'_id':{'$gt':''},'added_at':{'$gt':''}}
      200 /buyList/{'$gt':''}
      200 /getAllUserBuys/{'$regex':'.'}
      200 /purchases?userid={'$ne':1}
      400 /purchases?userid%5B$ne%5D=1
      200 /purchases?userid=1&userid%5B$ne%5D=1
      404 /orders/one/{'$gt':''}
      404 /orders/status/{'$ne':1}
      200 /orders/{'$gt':''}
      """;

  /** What is no URI: the HTTP server refuses it by itself. */
  private static final List<String> NO_URIS =
      List.of("/data/%00", "/data?kind[$gt]=", "/purchases?userid[$ne]=1");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final SoftAssertions softly = new SoftAssertions();

  /** An event, what is due to it, and where it stands; its id, where that is the document's. */
  private record Sent(String what, String due, String body, Position at, String id) {}

  static List<MongoFlow> flows() {
    return List.of(FreeRecords.FLOW, Purchases.FLOW);
  }

  @ParameterizedTest(name = "{displayName}: {0}")
  @MethodSource("flows")
  @DisplayName("T37 documents that mean something to MongoDB")
  void keepsDocumentsAsTheyCameOrRefusesThemAlone(MongoFlow flow, World world) throws Exception {
    try (Ledger ledger = new Ledger(world, flow, "bystanders")) {
      ledger.post(BYSTANDERS, 1);
      Balance.settled(world, ledger);
      MongoCollection<BsonDocument> all = world.mongoDb().collection(flow.name());
      List<BsonDocument> bystanders = documents(world, flow).into(new ArrayList<>());

      List<Sent> sent = new ArrayList<>();
      for (HostileDocument document : HostileDocument.of(flow)) {
        String name = "doc-" + sent.size();
        post(world, document, name, sent);
        sent.add(produce(world, document, name + "-topic"));
      }
      ledger.post(BYSTANDERS, 1);
      assertThat(Balance.settled(world, ledger).delivered()).hasSize(2 * BYSTANDERS);

      Map<Position, String> dead = dead(world, flow);
      int kept = 0;
      for (Sent one : sent) {
        String became = dead.getOrDefault(one.at(), HostileDocument.KEPT);
        softly.assertThat(became).as(one.what()).isEqualTo(one.due());
        if (became.equals(HostileDocument.KEPT)) {
          kept++;
          assertReadBack(world, flow, one);
        }
      }
      for (BsonDocument bystander : bystanders) {
        softly.assertThat(all.find(Filters.eq(bystander.get("_id"))).first()).isEqualTo(bystander);
      }
      softly.assertThat(all.countDocuments()).isEqualTo(2L * BYSTANDERS + kept);
      softly.assertAll();
    }
  }

  private void post(World world, HostileDocument document, String name, List<Sent> sent)
      throws Exception {
    if (document.rest().equals(HostileDocument.NOT_SENT)) {
      return;
    }
    String what = document.what() + ", posted";
    String body = document.body(name);
    HttpResponse<String> answer =
        send(
            request(world, document.flow().path())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    if (document.rest().equals(HostileDocument.REFUSED)) {
      assertProblem(what, answer, 400);
    } else if (answer.statusCode() == document.flow().acceptedStatus()) {
      JsonNode told = JSON.readTree(answer.body());
      Position at = Position.parse(told.path("receipt").asText()).orElseThrow();
      sent.add(new Sent(what, document.rest(), body, at, told.path("id").asText()));
    } else {
      softly.fail("%s: %d %s", what, answer.statusCode(), answer.body());
    }
  }

  private static Sent produce(World world, HostileDocument document, String name) throws Exception {
    String body = document.body(name);
    var record =
        new ProducerRecord<>(document.flow().topic(), name.getBytes(UTF_8), body.getBytes(UTF_8));
    if (!document.flow().takesForeign()) {
      record.headers().add("ce_id", name.getBytes(UTF_8));
      record.headers().add("ce_type", document.flow().eventType().getBytes(UTF_8));
    }
    Position at = world.kafka().write(record);
    return new Sent(document.what() + ", on the topic", document.topic(), body, at, name);
  }

  /** The codes of the dead letters, by where their records stand. */
  private static Map<Position, String> dead(World world, MongoFlow flow) throws Exception {
    Map<Position, String> dead = new HashMap<>();
    for (var letter : world.kafka().read(flow.deadLetters())) {
      assertThat(KafkaView.header(letter, HubHeaders.ERRORS + "message")).isNotBlank();
      dead.put(KafkaView.diedAt(letter), KafkaView.header(letter, HubHeaders.ERRORS + "code"));
    }
    return dead;
  }

  private void assertReadBack(World world, MongoFlow flow, Sent sent) throws Exception {
    ObjectNode given = (ObjectNode) JSON.readTree(sent.body());
    JsonNode found;
    if (flow == FreeRecords.FLOW) {
      given.put("_id", sent.id());
      found = get(world, "/data/" + sent.id(), sent.what());
    } else {
      String name = given.path("username").asText();
      given.retain("username", "userid", "price");
      given.put("userid", given.path("userid").asText());
      given.put("price", new BigDecimal(given.path("price").asText()));
      found =
          get(world, "/buyList/" + URLEncoder.encode(name, UTF_8).replace("+", "%20"), sent.what())
              .at("/purchases/0");
      given.set("_id", found.path("_id"));
      given.set("timestamp", found.path("timestamp"));
    }
    softly.assertThat(given.equals(BY_VALUE, found)).as(sent.what() + ", reads back").isTrue();
  }

  private JsonNode get(World world, String path, String what) throws Exception {
    HttpResponse<String> answer = send(request(world, path));
    softly.assertThat(answer.statusCode()).as(what).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  @Test
  @DisplayName("T37 a record that is larger than a dead letter can be")
  void buriesWithoutItsPayloadWhatIsLargerThanADeadLetterCanBe(World world) throws Exception {
    MongoFlow flow = FreeRecords.FLOW;
    try (Ledger ledger = new Ledger(world, flow, "large")) {
      Sent sent = produce(world, HostileDocument.LARGEST, "doc-largest");
      ledger.post(BYSTANDERS, 1);

      assertThat(Balance.settled(world, ledger).delivered()).hasSize(BYSTANDERS);
      assertThat(dead(world, flow)).containsEntry(sent.at(), sent.due());
      DeadLetterDesk desk = new DeadLetterDesk(world);
      String id = "records.mongodb-%d-%d".formatted(sent.at().partition(), sent.at().offset());
      desk.awaitState(id, "dead");
      assertThat(desk.get(id).at("/payload/kind").asText()).isEqualTo(sent.id());
      assertThat(desk.redrive(List.of(id), false).at("/skipped/too-large").asInt()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("T37 questions that mean something to MongoDB")
  void showsNobodyWhatWasNotAskedFor(World world) throws Exception {
    Map<MongoFlow, List<BsonDocument>> bystanders = new HashMap<>();
    for (MongoFlow flow : List.of(FreeRecords.FLOW, Purchases.FLOW, Orders.FLOW)) {
      try (Ledger ledger = new Ledger(world, flow, "bystanders")) {
        ledger.post(BYSTANDERS, 1);
        Balance.settled(world, ledger);
      }
      bystanders.put(flow, documents(world, flow).into(new ArrayList<>()));
    }

    for (String question : QUESTIONS.lines().toList()) {
      int status = Integer.parseInt(question.substring(0, 3));
      HttpResponse<String> answer = send(request(world, question.substring(4)));
      if (status == 200) {
        softly.assertThat(answer.statusCode()).as(question).isEqualTo(status);
        softly.assertThat(answer.body()).as(question).doesNotContain(Ledger.PRIVATE);
      } else {
        assertProblem(question, answer, status);
      }
    }
    for (String question : NO_URIS) {
      assertProblem(question, send(request(world, question)), 400);
    }
    String all = send(request(world, "/data")).body();
    softly
        .assertThat(send(request(world, "/data?kind%5B$gt%5D=")).body())
        .as("a parameter that there is not")
        .isEqualTo(all);
    bystanders.forEach(
        (flow, before) ->
            softly.assertThat(documents(world, flow)).containsExactlyElementsOf(before));
    softly.assertAll();
  }

  private static FindIterable<BsonDocument> documents(World world, MongoFlow flow) {
    return world.mongoDb().collection(flow.name()).find().sort(Sorts.ascending("_id"));
  }

  /** A refusal says what to do. */
  private void assertProblem(String what, HttpResponse<String> answer, int status) {
    softly.assertThat(answer.statusCode()).as(what).isEqualTo(status);
    softly
        .assertThat(answer.headers().firstValue("Content-Type"))
        .as(what)
        .hasValue("application/problem+json");
    softly
        .assertThat(answer.body())
        .as(what)
        .contains("\"type\":\"urn:qanat:problem:", "\"detail\":\"")
        .contains("\"status\":" + status)
        .doesNotContain(Ledger.PRIVATE);
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(World world, String path) {
    String text = path.replace("{", "%7B").replace("}", "%7D").replace("'", "%22");
    return HttpRequest.newBuilder(URI.create(world.hub().url() + text));
  }
}
