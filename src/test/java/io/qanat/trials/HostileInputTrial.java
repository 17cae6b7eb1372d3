package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Bodies that one reader takes and the next one chokes on, or that mean something to a system
 * behind the hub.
 *
 * <p>Protections: strict JSON and the contract at the edge; values travel as JSON and parameters
 * and are never made into a query, a path or an expression.
 */
@ExtendWith(World.Shared.class)
class HostileInputTrial {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Contacts FLOW = Contacts.FLOW;
  private static final int TOO_DEEP = 50_000;
  private static final int LONG = 900_000;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Test
  @DisplayName("T20 JSON that readers differ about")
  void refusesWithAPointerWhatReadersDifferAbout(World world) throws Exception {
    Map<String, byte[]> bodies = new LinkedHashMap<>();
    bodies.put("too deep", text("{\"lastName\":" + "[".repeat(TOO_DEEP)));
    bodies.put("closed, too deep", text("[".repeat(100) + "]".repeat(100)));
    bodies.put("a long number", contact("\"phone\":" + "9".repeat(100_000)));
    bodies.put("a huge exponent", contact("\"phone\":1e999999999"));
    bodies.put("a long name", contact("\"" + "n".repeat(LONG) + "\":1"));
    bodies.put("a long key", contact("\"externalId\":\"" + "k".repeat(LONG) + "\""));
    bodies.put("the same name twice", contact("\"lastName\":\"Byron\""));
    bodies.put("an escaped NUL", contact("\"title\":\"a\\u0000b\""));
    bodies.put("a bare NUL", contact("\"title\":\"a\0b\""));
    bodies.put(
        "half a surrogate", latin("{\"externalId\":\"x\",\"lastName\":\"\u00ED\u00A0\u0080\"}"));
    bodies.put("ISO 8859-1", latin("{\"externalId\":\"x\",\"lastName\":\"L\u00F6we\"}"));
    bodies.put("an overlong slash", latin("{\"externalId\":\"x\",\"lastName\":\"\u00C0\u00AF\"}"));
    bodies.put("no JSON number", contact("\"phone\":NaN"));
    bodies.put("a comment", contact("/* \"title\":1, */ \"phone\":\"1\""));
    bodies.put("a comma too many", text("{\"externalId\":\"x\",\"lastName\":\"Lovelace\",}"));
    bodies.put("nothing", new byte[0]);

    refused(world, bodies, 400);
  }

  @Test
  @DisplayName("T21 content types, Accept and trailing garbage")
  void refusesWhatIsNotAskedForInTheWordsOfHttp(World world) throws Exception {
    byte[] body = contact("\"phone\":\"1\"");
    long before = world.kafka().records(FLOW.topic());
    for (String type :
        List.of(
            "text/plain",
            "application/xml",
            "application/json-patch+json",
            "application/json;charset=utf-16",
            "application/x-www-form-urlencoded",
            "multipart/form-data;boundary=x",
            "*/*",
            "nonsense")) {
      assertProblem(type, send(request(world, body).setHeader("Content-Type", type)), 415);
    }
    HttpRequest.Builder bare = HttpRequest.newBuilder(url(world));
    assertProblem("no type", send(bare.POST(BodyPublishers.ofByteArray(body))), 415);
    for (String accept : List.of("text/html", "application/xml;q=1", "application/json;q=0")) {
      assertProblem(accept, send(request(world, body).header("Accept", accept)), 406);
    }
    assertProblem("no list", send(request(world, body).header("Accept", "a b/c")), 400);
    assertThat(world.kafka().records(FLOW.topic())).as("records").isEqualTo(before);

    String json = new String(body, StandardCharsets.UTF_8);
    Map<String, byte[]> garbage = new LinkedHashMap<>();
    garbage.put("garbage", text(json + "x"));
    garbage.put("a second document", text(json + json));
    garbage.put("XML", text("<contact/>"));
    garbage.put("a form", text("externalId=x&lastName=Lovelace"));
    refused(world, garbage, 400);
  }

  @Test
  @DisplayName("T22 extra and server-owned fields")
  void refusesFieldsThatTheContractDoesNotName(World world) throws Exception {
    Map<String, byte[]> bodies = new LinkedHashMap<>();
    for (String field :
        List.of(
            "Id", "id", "OwnerId", "CreatedDate", "ce_id", "receipt", "__proto__", "LASTNAME")) {
      bodies.put(field, contact("\"" + field + "\":\"003000000000001AAA\""));
    }
    bodies.put("nested", contact("\"mailingAddress\":{\"city\":\"London\",\"geo\":\"1,1\"}"));
    bodies.put("an operator", text("{\"externalId\":\"x\",\"lastName\":{\"$ne\":null}}"));
    bodies.put("a list", text("{\"externalId\":[\"x\"],\"lastName\":\"Lovelace\"}"));

    refused(world, bodies, 400);
    assertThat(world.salesforce().count("Contact")).isZero();
  }

  @Test
  @DisplayName("T23 operators of SQL, NoSQL and SOQL in values")
  void storesOperatorsAsText(World world) throws Exception {
    List<String> values =
        List.of(
            "' OR Name != '",
            "x' OR ''='",
            "'; DROP TABLE contact; --",
            "\\' OR 1=1 --",
            "{\"$ne\":null}",
            "$where: '1==1'",
            "%27%20OR%201=1",
            "{{qanat.salesforce.client-secret}}",
            "${env:PATH} ${body}",
            "#{7*7}",
            "@{ref.id}",
            "../../sobjects/Account",
            "<!ENTITY x SYSTEM 'file:///etc/passwd'>");
    try (Ledger ledger = new Ledger(world, FLOW, "operators")) {
      Map<String, String> names = new LinkedHashMap<>();
      for (String value : values) {
        Change change = ledger.next(ledger.key(value));
        names.put(change.key(), value);
        String json =
            JSON.writeValueAsString(
                Map.of(
                    "externalId", change.key(),
                    "lastName", value,
                    "title", Change.mark(change.seq())));
        assertThat(ledger.post(change, json).status()).as(value).isEqualTo(202);
      }

      assertThat(Balance.settled(world, ledger).delivered()).hasSize(values.size());
      assertThat(stored(world)).as("stored as they came").isEqualTo(names);
      assertThat(world.salesforce().count("Account")).isZero();

      String gone = ledger.key(values.get(0));
      names.remove(gone);
      String id = URLEncoder.encode(gone, StandardCharsets.UTF_8).replace("+", "%20");
      HttpRequest.Builder delete = HttpRequest.newBuilder(URI.create(url(world) + "/" + id));
      assertThat(send(delete.DELETE()).statusCode()).isEqualTo(202);
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(stored(world)).as("less the one").isEqualTo(names));
    }
  }

  private static Map<String, String> stored(World world) {
    Map<String, String> stored = new LinkedHashMap<>();
    for (JsonNode contact : world.salesforce().records("Contact")) {
      stored.put(contact.path("ExternalId__c").asText(), contact.path("LastName").asText());
    }
    return stored;
  }

  private void refused(World world, Map<String, byte[]> bodies, int status) throws Exception {
    long before = world.kafka().records(FLOW.topic());
    for (Map.Entry<String, byte[]> body : bodies.entrySet()) {
      assertProblem(body.getKey(), send(request(world, body.getValue())), status);
    }
    assertThat(world.kafka().records(FLOW.topic())).as("records").isEqualTo(before);
  }

  private static void assertProblem(String what, HttpResponse<String> answer, int status)
      throws IOException {
    assertThat(answer.statusCode()).as(what + ": " + answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type"))
        .as(what)
        .hasValue("application/problem+json");
    JsonNode problem = JSON.readTree(answer.body());
    assertThat(problem.path("status").asInt()).as(what).isEqualTo(status);
    if (status == 400 && !what.equals("no list") && !what.equals("nothing")) {
      boolean points =
          problem.path("errors").path(0).path("pointer").asText().startsWith("#")
              || problem
                  .path("detail")
                  .asText()
                  .matches(".*( at byte \\d+| line \\d+, column \\d+).*");
      assertThat(points).as(what + " is pointed at: " + problem).isTrue();
    }
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(World world, byte[] body) {
    return HttpRequest.newBuilder(url(world))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofByteArray(body));
  }

  private static URI url(World world) {
    return world.hub().url().resolve(FLOW.path());
  }

  private static byte[] contact(String more) {
    return text(
        "{%s\"lastName\":\"Lovelace\",%s}"
            .formatted(more.startsWith("\"externalId\"") ? "" : "\"externalId\":\"x\",", more));
  }

  private static byte[] text(String body) {
    return body.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] latin(String body) {
    return body.getBytes(StandardCharsets.ISO_8859_1);
  }
}
