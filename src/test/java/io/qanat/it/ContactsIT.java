package io.qanat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.it.Http.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;

@HubIT
class ContactsIT {
  @LocalServerPort private int port;
  @LocalManagementPort private int managementPort;
  private HubFixture fixture;
  private Http hub;

  @BeforeEach
  void connect() {
    fixture = new HubFixture(port);
    hub = fixture.hub();
  }

  @Test
  void deliversAContactToSalesforce() {
    String id = HubFixture.id();

    Answer answer =
        hub.json(
            "POST",
            "/contacts",
            """
            {"externalId":"%s","firstName":"Ada","lastName":"Lovelace","email":"ada@example.com",
             "mailingAddress":{"city":"London"}}"""
                .formatted(id));

    assertThat(answer.status()).isEqualTo(202);
    assertThat(UUID.fromString(answer.json().path("id").asText()).version()).isEqualTo(7);
    JsonNode contact = fixture.delivered("ExternalId__c", id);
    assertThat(contact.path("LastName").asText()).isEqualTo("Lovelace");
    assertThat(contact.path("MailingCity").asText()).isEqualTo("London");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/customer", "/customer/"})
  void answersOldClientsAsTheyExpect(String path) {
    String email = HubFixture.id() + "@example.com";

    Answer answer =
        hub.json(
            "POST",
            path,
            "{\"first_name\":\"Grace \\\"G\\\"\",\"last_name\":\"Hopper\",\"email\":\"%s\"}"
                .formatted(email));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("message").asText())
        .isEqualTo("Customer details received: Grace \"G\" Hopper");
    assertThat(fixture.delivered("Email", email).path("FirstName").asText())
        .isEqualTo("Grace \"G\"");
  }

  @Test
  void tellsThatItIsUp() {
    Answer answer = hub.get("/", "Accept", "text/html, */*;q=0.8");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).startsWith("application/json");
    assertThat(answer.json().path("message").asText()).isNotEmpty();
  }

  @Test
  void updatesOnlyTheGivenFieldsAndClearsAnExplicitNull() {
    String id = HubFixture.id();
    hub.json(
        "POST",
        "/contacts",
        "{\"externalId\":\"%s\",\"lastName\":\"Hopper\",\"title\":\"RADM\",\"phone\":\"1\"}"
            .formatted(id));
    fixture.delivered("ExternalId__c", id);

    Answer answer = hub.json("PUT", "/contacts/" + id, "{\"title\":null,\"firstName\":\"Grace\"}");

    assertThat(answer.status()).isEqualTo(202);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              JsonNode contact = fixture.find("ExternalId__c", id).orElseThrow();
              assertThat(contact.path("FirstName").asText()).isEqualTo("Grace");
              assertThat(contact.path("Title").isNull()).isTrue();
              assertThat(contact.path("Phone").asText()).isEqualTo("1");
            });
  }

  @Test
  void deletesAContact() {
    String id = HubFixture.id();
    hub.json("POST", "/contacts", HubFixture.contact(id));
    fixture.delivered("ExternalId__c", id);

    assertThat(hub.delete("/contacts/" + id).status()).isEqualTo(202);

    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                fixture
                    .find("ExternalId__c", id)
                    .filter(c -> !c.path("IsDeleted").asBoolean())
                    .isEmpty());
  }

  @Test
  void putsTheEnvelopeAndTheBusinessKeyOnTheRecord() {
    String id = HubFixture.id();
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    hub.json(
        "POST",
        "/contacts",
        HubFixture.contact(id),
        "Idempotency-Key",
        "k-" + id,
        "traceparent",
        trace);

    ConsumerRecord<String, String> record = fixture.record(id);
    assertThat(Topic.headers(record))
        .containsEntry("ce_id", "k-" + id)
        .containsEntry("ce_type", "contact.upserted")
        .containsEntry("ce_source", "/contacts")
        .containsEntry("ce_subject", id)
        .containsEntry("ce_specversion", "1.0")
        .containsEntry("content-type", "application/json")
        .containsEntry("traceparent", trace)
        .containsEntry("ce_idempotencykey", "k-" + id)
        .containsKey("ce_time")
        .hasSize(9);
    assertThat(record.value()).startsWith("{\"externalId\":\"" + id);
  }

  @Test
  void keysAnEventWithoutExternalIdByItsLowerCaseEmail() {
    String email = "MiXed-" + HubFixture.id() + "@Example.com";

    hub.json("POST", "/contacts", "{\"lastName\":\"x\",\"email\":\"%s\"}".formatted(email));

    assertThat(fixture.record(email.toLowerCase(java.util.Locale.ROOT)).value()).contains(email);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kafka.OVERRIDE_TOPIC",
        "KAFKA.override_topic",
        "kafka.KEY",
        "kafka.PARTITION_KEY",
        "CamelMongoDbOperation",
        "camelmongodboperation",
        "sObjectName",
        "CamelHttpResponseCode",
        "Cookie",
        "Authorization"
      })
  void giveNoEffectToAHeaderOrParameterThatSteersComponents(String name) {
    String id = HubFixture.id();

    int asHeader =
        hub.json("POST", "/contacts", HubFixture.contact(id + "h"), name, "evil").status();
    int asParameter =
        hub.json("POST", "/contacts?" + name + "=evil&ce_id=evil", HubFixture.contact(id + "p"))
            .status();

    assertThat(List.of(asHeader, asParameter)).containsOnly(202);
    for (String key : List.of(id + "h", id + "p")) {
      assertThat(Topic.headers(fixture.record(key)).keySet())
          .allMatch(h -> h.startsWith("ce_") || h.equals("content-type"));
      assertThat(Topic.headers(fixture.record(key)).values()).doesNotContain("evil");
      fixture.delivered("ExternalId__c", key);
    }
  }

  @Test
  void takesAnIdempotencyKeyOnlyFromTheHeader() {
    String id = HubFixture.id();

    hub.json(
        "POST",
        "/contacts?Idempotency-Key=evil",
        HubFixture.contact(id),
        "Idempotency-Key",
        "good");

    assertThat(Topic.headers(fixture.record(id)).get("ce_id")).isEqualTo("good");
    assertThat(
            hub.json("POST", "/contacts", HubFixture.contact(id), "Idempotency-Key", "a\"b")
                .status())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"externalId\":             | malformed-json     | ",
        "{\"lastName\":\"x\"} x       | malformed-json     | ",
        "{\"lastName\":\"x\",\"lastName\":\"y\"} | malformed-json | ",
        "{\"lastName\":\"\\u0000\",\"externalId\":\"a\"} | malformed-json | ",
        "[]                           | contract-violation | #",
        "{\"externalId\":\"a\"}       | contract-violation | #/lastName",
        "{\"lastName\":\"x\"}         | contract-violation | #/externalId",
        "{\"externalId\":\"a\",\"lastName\":1} | contract-violation | #/lastName",
        "{\"externalId\":\"a\",\"lastName\":\"x\",\"Id\":\"y\"} | contract-violation | #/Id",
        "{\"externalId\":\"a\",\"lastName\":\"x\",\"mailingAddress\":{\"a/b\":1}} | contract-violation | #/mailingAddress/a~1b",
      })
  void refusesABodyThatBreaksTheContractAndSaysWhere(String body, String type, String pointer) {
    int before = Topic.read(fixture.kafka(), "qanat.contacts").size();

    Answer answer = hub.json("POST", "/contacts", body);

    assertProblem(answer, 400, type);
    if (pointer != null) {
      assertThat(answer.json().path("errors").findValuesAsText("pointer")).contains(pointer);
    }
    assertThat(Topic.read(fixture.kafka(), "qanat.contacts")).hasSize(before);
  }

  @Test
  void refusesJsonThatIsTooDeepOrNotUtf8() {
    String deep = "{\"externalId\":\"a\",\"lastName\":".concat("[".repeat(2000));
    byte[] latin1 =
        "{\"externalId\":\"a\",\"lastName\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);

    assertProblem(hub.json("POST", "/contacts", deep), 400, "malformed-json");
    assertProblem(
        hub.send(
            "POST",
            "/contacts",
            BodyPublishers.ofByteArray(latin1),
            "Content-Type",
            "application/json"),
        400,
        "malformed-json");
  }

  @Test
  void refusesABodyOverTheBoundWithAndWithoutItsLength() {
    byte[] large =
        ("{\"lastName\":\"" + "x".repeat(2 * 1024 * 1024) + "\"}").getBytes(StandardCharsets.UTF_8);

    assertProblem(
        hub.send(
            "POST",
            "/contacts",
            BodyPublishers.ofByteArray(large),
            "Content-Type",
            "application/json"),
        413,
        "body-too-large");
    assertProblem(
        hub.send(
            "POST",
            "/contacts",
            BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large)),
            "Content-Type",
            "application/json"),
        413,
        "body-too-large");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/xml",
        "application/json;charset=ISO-8859-1",
        "x",
        "*/*"
      })
  void refusesAMediaTypeThatTheContractDoesNotTake(String type) {
    assertProblem(
        hub.send(
            "POST",
            "/contacts",
            BodyPublishers.ofString(HubFixture.contact("a")),
            "Content-Type",
            type),
        415,
        "unsupported-media-type");
  }

  @Test
  void refusesAMissingMediaTypeAndAnEncodedBody() {
    assertProblem(
        hub.send("POST", "/contacts", BodyPublishers.ofString(HubFixture.contact("a"))),
        415,
        "unsupported-media-type");
    assertProblem(
        hub.json("POST", "/contacts", HubFixture.contact("a"), "Content-Encoding", "gzip"),
        415,
        "unsupported-media-type");
  }

  @Test
  void refusesWhatItCannotAnswerInTheWantedForm() {
    assertProblem(hub.get("/", "Accept", "text/csv"), 406, "not-acceptable");
    assertProblem(hub.get("/", "Accept", "application/json;q=0"), 406, "not-acceptable");
    assertProblem(hub.get("/", "Accept", "nonsense"), 400, "bad-request");
  }

  @Test
  void saysWhichPathsAndMethodsThereAre() {
    Answer wrongMethod = hub.send("PATCH", "/contacts", BodyPublishers.noBody());

    assertProblem(wrongMethod, 405, "method-not-allowed");
    assertThat(wrongMethod.header("Allow")).isEqualTo("POST");
    assertProblem(hub.get("/nothing"), 404, "not-found");
    assertProblem(hub.get("/openapi/none.yaml"), 404, "not-found");
    assertProblem(
        hub.json("PUT", "/contacts/" + "x".repeat(256), "{\"title\":\"a\"}"),
        400,
        "contract-violation");
  }

  @Test
  void servesTheApiPageAndTheContracts() {
    assertThat(hub.get("/api").header("Location")).endsWith("/api/index.html");
    assertThat(hub.get("/api/index.html").response().body()).contains("swagger-ui");
    assertThat(hub.get("/api/swagger-initializer.js").response().body())
        .contains("/openapi/qanat.json");
    assertThat(hub.get("/openapi/qanat.json").json().at("/paths/~1contacts/post/tags/0").asText())
        .isEqualTo("contacts");
    assertThat(hub.get("/openapi/contacts.yaml").response().body()).startsWith("openapi: 3.0.3");
  }

  @Test
  void showsHealthMetricsAndHawtioOnTheManagementPortOnly() {
    Http management = new Http("http://127.0.0.1:" + managementPort);
    String id = HubFixture.id();
    hub.json("POST", "/contacts", HubFixture.contact(id));
    fixture.delivered("ExternalId__c", id);

    assertThat(management.get("/actuator/health").json().path("status").asText()).isEqualTo("UP");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                management
                    .get("/actuator/prometheus")
                    .response()
                    .body()
                    .contains(
                        "qanat_events_total{application=\"qanat\",flow=\"contacts\",outcome=\"delivered\",sink=\"salesforce\""));
    assertThat(management.get("/actuator/hawtio/index.html").status()).isEqualTo(200);
    assertProblem(hub.get("/actuator/health"), 404, "not-found");
    assertThat(exec(management, "dumpRoutesAsXml()").path("status").asInt()).isEqualTo(200);
    assertThat(exec(management, "stop()").path("status").asInt()).isEqualTo(403);
  }

  private static JsonNode exec(Http management, String operation) {
    return management
        .json(
            "POST",
            "/actuator/jolokia",
            """
            {"type":"exec","mbean":"org.apache.camel:context=qanat,name=\\"qanat\\",type=context","operation":"%s"}"""
                .formatted(operation))
        .json();
  }

  private static void assertProblem(Answer answer, int status, String kind) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.json().path("type").asText()).isEqualTo("urn:qanat:problem:" + kind);
    assertThat(answer.json().path("status").asInt()).isEqualTo(status);
    assertThat(answer.json().path("title").asText()).isNotEmpty();
    assertThat(answer.json().path("detail").asText()).isNotEmpty();
    assertThat(answer.response().body())
        .doesNotContain("Exception")
        .doesNotContain("org.apache")
        .doesNotContain("com.fasterxml")
        .doesNotContain("io.qanat");
  }
}
