package io.qanat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.it.Http.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What people see of dead letters, and do with them. */
@HubIT
class DeadLettersIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @LocalServerPort private int port;
  private HubFixture fixture;
  private Http hub;

  @BeforeEach
  void connect() {
    fixture = new HubFixture(port);
    hub = fixture.operator();
  }

  @Test
  void showsAContactThatSalesforceRefusesWithItsPayloadAndItsReason() {
    String key = key();
    refuse(key);

    JsonNode line = letter(key, "dead");
    JsonNode letter = hub.get(line.at("/links/self").asText()).json();

    assertThat(letter.path("code").asText()).isEqualTo("STRING_TOO_LONG");
    assertThat(letter.path("fields").path(0).asText()).isEqualTo("LastName");
    assertThat(letter.path("redrives").asInt()).isZero();
    assertThat(letter.path("payloadForm").asText()).isEqualTo("json");
    assertThat(letter.at("/payload/lastName").asText()).isEqualTo("L".repeat(81));
    assertThat(letter.at("/headers/ce_type").asText()).isEqualTo("contact.upserted");
    assertThat(letter.at("/history/0/action").asText()).isEqualTo("died");
    assertThat(letter.at("/links/receipt").asText())
        .isEqualTo("/receipts/" + letter.at("/history/0/of").asText());
    assertThat(letter.path("id").asText())
        .isEqualTo(
            letter.at("/history/0/of").asText().replaceFirst("contacts", "contacts.salesforce"));
  }

  @Test
  void deliversACorrectedLetterAndKeepsTheOriginal() throws Exception {
    String key = key();
    refuse(key);
    String id = letter(key, "dead").path("id").asText();

    Answer accepted =
        redrive(
            "{\"ids\":[\"%s\"],\"correction\":%s}"
                .formatted(id, HubFixture.contact(key, "Lovelace")));

    assertThat(accepted.status()).isEqualTo(202);
    JsonNode job = ended(accepted.header("Location"));
    assertThat(job.path("state").asText()).isEqualTo("done");
    assertThat(job.path("redriven").asInt()).isEqualTo(1);
    assertThat(job.path("corrected").asBoolean()).isTrue();
    assertThat(job.path("by").asText()).isEqualTo("operator");
    fixture.deliveredAs(key, "Lovelace");
    JsonNode letter = hub.get("/dead-letters/" + id).json();
    assertThat(letter.at("/payload/lastName").asText()).isEqualTo("L".repeat(81));
    assertThat(letter.at("/history/1/action").asText()).isEqualTo("redriven");
    assertThat(letter.at("/history/1/by").asText()).isEqualTo("operator");
    assertThat(letter.at("/history/1/corrected").asBoolean()).isTrue();
    var redriven =
        fixture.records("qanat.contacts", key).stream()
            .map(Topic::headers)
            .filter(h -> h.containsKey("qanat_redrive_of"))
            .toList();
    assertThat(redriven).hasSize(1);
    assertThat(redriven.get(0))
        .containsEntry("qanat_redrive_sink", "salesforce")
        .containsEntry("qanat_redrive_of", letter.at("/history/0/of").asText())
        .containsEntry("qanat_redrive_count", "1")
        .containsKey("ce_id");
    assertThat(redriven.get(0).keySet()).noneMatch(h -> h.startsWith("__dlq"));

    JsonNode delivered = letter(letter(key, "delivered").path("id").asText());
    assertThat(actions(delivered)).containsExactly("died", "redriven", "delivered");
    assertThat(delivered.at("/history/2/by").asText()).isEqualTo("hub");
    assertThat(delivered.at("/links/redrivenTo").asText())
        .isEqualTo("/receipts/" + letter.at("/history/1/to").asText());
  }

  @Test
  void showsALetterThatDiesAgainAsTheSameOne() {
    String key = key();
    refuse(key);
    String id = letter(key, "dead").path("id").asText();

    ended(redrive("{\"ids\":[\"%s\"]}".formatted(id)).header("Location"));

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              JsonNode again = hub.get("/dead-letters/" + id).json();
              assertThat(actions(again)).containsExactly("died", "redriven", "died");
              assertThat(again.path("state").asText()).isEqualTo("dead");
              assertThat(again.path("redrives").asInt()).isEqualTo(1);
            });
    assertThat(hub.get("/dead-letters?key=" + key).json().path("deadLetters")).hasSize(1);
  }

  @Test
  void guardsAgainstLoopsUnlessItIsForced() {
    String key = key();
    refuse(key);
    String id = letter(key, "dead").path("id").asText();
    for (int redrive = 1; redrive <= 3; redrive++) {
      int n = redrive;
      ended(redrive("{\"ids\":[\"%s\"]}".formatted(id)).header("Location"));
      await()
          .atMost(SOON)
          .untilAsserted(
              () -> {
                JsonNode letter = hub.get("/dead-letters/" + id).json();
                assertThat(letter.path("redrives").asInt()).isEqualTo(n);
                assertThat(letter.path("state").asText()).isEqualTo("dead");
              });
    }

    JsonNode dry = redrive("{\"ids\":[\"%s\"],\"dryRun\":true}".formatted(id)).json();
    JsonNode job = ended(redrive("{\"ids\":[\"%s\"]}".formatted(id)).header("Location"));

    assertThat(dry.path("wouldRedrive").asInt()).isZero();
    assertThat(dry.at("/skipped/loop-guard").asInt()).isEqualTo(1);
    assertThat(job.path("redriven").asInt()).isZero();
    assertThat(job.at("/skippedLetters/0/reason").asText()).isEqualTo("loop-guard");
    JsonNode forced =
        ended(
            redrive(
                    "{\"ids\":[\"%s\"],\"force\":true,\"correction\":%s}"
                        .formatted(id, HubFixture.contact(key, "Lovelace")))
                .header("Location"));
    assertThat(forced.path("redriven").asInt()).isEqualTo(1);
    fixture.deliveredAs(key, "Lovelace");
  }

  @Test
  void redrivesByFilterOnlyWhatIsDeadAndOnceHoweverManyAskAtOnce() throws Exception {
    String key = key();
    for (int i = 0; i < 4; i++) {
      refuse(key);
    }
    List<JsonNode> letters = letters(key, "dead", 4);
    String discarded = letters.get(0).path("id").asText();
    assertThat(
            hub.json(
                    "POST",
                    "/dead-letters/discard",
                    "{\"ids\":[\"%s\"],\"reason\":\"not wanted\"}".formatted(discarded))
                .json()
                .path("discarded")
                .asInt())
        .isEqualTo(1);
    String filter = "{\"filter\":{\"key\":\"%s\"}%s}";

    JsonNode dry = redrive(filter.formatted(key, ",\"dryRun\":true")).json();
    List<Thread> askers = new ArrayList<>();
    List<String> jobs = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 4; i++) {
      Thread asker =
          new Thread(() -> jobs.add(redrive(filter.formatted(key, "")).header("Location")));
      askers.add(asker);
      asker.start();
    }
    for (Thread asker : askers) {
      asker.join();
    }

    assertThat(dry.path("total").asInt()).isEqualTo(3);
    assertThat(dry.path("wouldRedrive").asInt()).isEqualTo(3);
    assertThat(dry.path("firstIds")).hasSize(3);
    jobs.forEach(job -> assertThat(ended(job).path("state").asText()).isEqualTo("done"));
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(letters(key, "dead", 3))
                    .allSatisfy(l -> assertThat(l.path("redrives").asInt()).isPositive()));
    // Whoever came after the letter had died again redrove it again; nobody redrove it beside
    // another.
    int redriven = jobs.stream().mapToInt(j -> ended(j).path("redriven").asInt()).sum();
    long records =
        fixture.records("qanat.contacts", key).stream()
            .filter(r -> Topic.headers(r).containsKey("qanat_redrive_of"))
            .count();
    assertThat(records).isEqualTo(redriven).isBetween(3L, 12L);
    assertThat(letter(discarded).path("state").asText()).isEqualTo("discarded");
    assertThat(actions(letter(discarded))).containsExactly("died", "discarded");
  }

  @Test
  void discardsForAReasonThatStays() {
    String key = key();
    refuse(key);
    String id = letter(key, "dead").path("id").asText();
    String body = "{\"ids\":[\"%s\"],\"reason\":\"a test\\nuser\"}".formatted(id);

    JsonNode first = hub.json("POST", "/dead-letters/discard", body).json();
    JsonNode again = hub.json("POST", "/dead-letters/discard", body).json();

    assertThat(first.path("discarded").asInt()).isEqualTo(1);
    assertThat(again.path("discarded").asInt()).isZero();
    assertThat(again.at("/skipped/not-dead").asInt()).isEqualTo(1);
    assertThat(letter(id).at("/history/1/reason").asText()).isEqualTo("a test\nuser");
    assertThat(letter(id).at("/history/1/by").asText()).isEqualTo("operator");
    JsonNode job = ended(redrive("{\"ids\":[\"%s\"]}".formatted(id)).header("Location"));
    assertThat(job.at("/skipped/not-dead").asInt()).isEqualTo(1);
    assertThat(
            fixture.records("qanat-audit", id).stream()
                .map(r -> r.value().contains("\"action\":\"discarded\""))
                .toList())
        .containsExactly(true);
  }

  @Test
  void stopsARedriveThatIsUnderWay() {
    String key = key();
    for (int i = 0; i < 8; i++) {
      refuse(key);
    }
    letters(key, "dead", 8);

    String job =
        redrive("{\"filter\":{\"key\":\"%s\"},\"ratePerSecond\":1}".formatted(key))
            .header("Location");
    await().atMost(SOON).until(() -> hub.get(job).json().path("redriven").asInt() > 0);
    assertThat(hub.post(job + "/stop").status()).isEqualTo(200);

    JsonNode stopped = ended(job);
    assertThat(stopped.path("state").asText()).isEqualTo("stopped");
    assertThat(stopped.path("total").asInt()).isEqualTo(8);
    assertThat(stopped.path("redriven").asInt()).isBetween(1, 7);
    assertThat(hub.get("/dead-letters/redrives").json().path("redrives").findValuesAsText("id"))
        .contains(stopped.path("id").asText());
  }

  @Test
  void givesPagesThatLeadToEachOther() {
    String key = key();
    for (int i = 0; i < 5; i++) {
      refuse(key);
    }
    List<JsonNode> all = letters(key, "dead", 5);

    List<JsonNode> paged = new ArrayList<>();
    String next = "/dead-letters?key=" + key + "&limit=2";
    int pages = 0;
    while (!next.isEmpty()) {
      Answer page = hub.get(next);
      assertThat(page.status()).as(page.response().body()).isEqualTo(200);
      page.json().path("deadLetters").forEach(paged::add);
      String link = page.header("Link");
      assertThat(link.isEmpty()).isEqualTo(page.json().path("next").isMissingNode());
      next = link.isEmpty() ? "" : link.replaceAll("^<(.*)>; rel=\"next\"$", "$1");
      pages++;
    }

    assertThat(paged).isEqualTo(all);
    assertThat(pages).isEqualTo(3);
    JsonNode counts = hub.get("/dead-letters/counts?key=" + key).json().path("counts");
    assertThat(counts).hasSize(1);
    assertThat(counts.at("/0/code").asText()).isEqualTo("STRING_TOO_LONG");
    assertThat(counts.at("/0/count").asInt()).isEqualTo(5);
  }

  @Test
  void showsARecordThatIsNoJsonAsItIs() throws Exception {
    String key = key();
    send("qanat.contacts", key, "<contact/>");

    JsonNode letter = letter(letter(key, "dead").path("id").asText());

    assertThat(letter.path("payloadForm").asText()).isEqualTo("base64");
    assertThat(java.util.Base64.getDecoder().decode(letter.path("payload").asText()))
        .isEqualTo("<contact/>".getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "redrive | {}                                              | 400",
        "redrive | {\"ids\":[\"a.b-0-0\"],\"filter\":{\"flow\":\"a\"}} | 400",
        "redrive | {\"ids\":[\"x\"]}                               | 400",
        "redrive | {\"ids\":[]}                                    | 400",
        "redrive | {\"filter\":{}}                                 | 400",
        "redrive | {\"filter\":{\"state\":\"redriven\"}}           | 400",
        "redrive | {\"ids\":[\"a.b-0-0\",\"a.b-0-1\"],\"correction\":{}} | 400",
        "redrive | {\"filter\":{\"flow\":\"a\"},\"correction\":{}} | 400",
        "redrive | {\"ids\":[\"a.b-0-0\"],\"correction\":[]}       | 400",
        "redrive | {\"ids\":[\"a.b-0-0\"],\"ratePerSecond\":0}     | 400",
        "discard | {\"ids\":[\"a.b-0-0\"]}                         | 400",
        "discard | {\"ids\":[\"a.b-0-0\"],\"reason\":\"\"}         | 400",
      })
  void refusesARequestThatIsNotClear(String what, String body, int status) {
    Answer answer = hub.json("POST", "/dead-letters/" + what, body);

    assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
  }

  @Test
  void saysThatThereIsNoSuchThing() {
    assertThat(hub.get("/dead-letters/contacts.salesforce-0-999999").status()).isEqualTo(404);
    assertThat(hub.get("/dead-letters/nonsense").status()).isEqualTo(404);
    assertThat(hub.get("/dead-letters/redrives/none").status()).isEqualTo(404);
    assertThat(hub.post("/dead-letters/redrives/none/stop").status()).isEqualTo(404);
    assertThat(hub.get("/dead-letters?cursor=x").status()).isEqualTo(400);
    assertThat(hub.get("/dead-letters?limit=201").status()).isEqualTo(400);
    assertThat(hub.get("/dead-letters?from=yesterday").status()).isEqualTo(400);
    JsonNode job =
        ended(redrive("{\"ids\":[\"contacts.salesforce-0-999999\"]}").header("Location"));
    assertThat(job.at("/skipped/not-found").asInt()).isEqualTo(1);
  }

  @Test
  void letsOnlyOperatorsChangeAnything() {
    Http anybody = fixture.hub();

    assertThat(anybody.get("/dead-letters").status()).isEqualTo(401);
    assertThat(anybody.as("viewer", "qanat").get("/dead-letters").status()).isEqualTo(200);
    assertThat(
            anybody
                .as("viewer", "qanat")
                .json("POST", "/dead-letters/redrive", "{\"ids\":[\"a.b-0-0\"]}")
                .status())
        .isEqualTo(403);
  }

  private static String key() {
    return "dead-" + UUID.randomUUID();
  }

  private void refuse(String key) {
    String body = HubFixture.contact(key, "L".repeat(81));
    assertThat(hub.json("POST", "/contacts", body).status()).isEqualTo(202);
  }

  private Answer redrive(String body) {
    return hub.json("POST", "/dead-letters/redrive", body);
  }

  private JsonNode letter(String id) {
    return hub.get("/dead-letters/" + id).json();
  }

  /** The dead letter of a key, once it is in this state. */
  private JsonNode letter(String key, String state) {
    return letters(key, state, 1).get(0);
  }

  private List<JsonNode> letters(String key, String state, int count) {
    List<JsonNode> found = new ArrayList<>();
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              found.clear();
              Answer answer = hub.get("/dead-letters?key=" + key + "&state=" + state);
              assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
              answer.json().path("deadLetters").forEach(found::add);
              assertThat(found).hasSize(count);
            });
    return found;
  }

  private static List<String> actions(JsonNode letter) {
    return letter.path("history").findValuesAsText("action");
  }

  private JsonNode ended(String job) {
    assertThat(job).startsWith("/dead-letters/redrives/");
    await().atMost(SOON).until(() -> !hub.get(job).json().path("state").asText().equals("running"));
    return hub.get(job).json();
  }

  private void send(String topic, String key, String value)
      throws InterruptedException, ExecutionException {
    Map<String, Object> settings = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, fixture.kafka());
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic, key, value)).get();
    }
  }
}
