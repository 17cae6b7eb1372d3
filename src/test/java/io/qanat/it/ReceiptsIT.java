package io.qanat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.it.Http.Answer;
import io.qanat.sandbox.Sandbox;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What a caller is told of its event, from the 202 on. */
@HubIT
class ReceiptsIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @LocalServerPort private int port;
  private Http hub;
  private Http salesforce;

  @BeforeEach
  void connect() {
    Sandbox sandbox = HubIT.StartsSandbox.sandbox();
    hub = new Http("http://127.0.0.1:" + port);
    salesforce = new Http(sandbox.properties().get("qanat.salesforce.login-url"));
  }

  @AfterEach
  void calmDown() {
    salesforce.delete("/__sim/faults");
  }

  @Test
  void leadsFromTheAnswerToTheDelivery() {
    Instant before = Instant.now();
    Answer accepted = hub.json("POST", "/contacts", contact(id()));

    assertThat(accepted.status()).isEqualTo(202);
    String receipt = accepted.json().path("receipt").asText();
    assertThat(receipt).matches("contacts-[0-5]-[0-9]+");
    assertThat(accepted.header("Location")).isEqualTo("/receipts/" + receipt);
    JsonNode delivered = settled(accepted.header("Location"));
    assertThat(delivered.path("receipt").asText()).isEqualTo(receipt);
    assertThat(delivered.path("id").asText()).isEqualTo(accepted.json().path("id").asText());
    assertThat(delivered.path("flow").asText()).isEqualTo("contacts");
    assertThat(delivered.path("type").asText()).isEqualTo("contact.upserted");
    assertThat(Instant.parse(delivered.path("acceptedAt").asText()))
        .isBetween(before.minusMillis(1), Instant.now());
    assertThat(delivered.path("state").asText()).isEqualTo("delivered");
    assertThat(delivered.path("sinks")).hasSize(1);
    assertThat(delivered.path("sinks").path(0).toString())
        .isEqualTo("{\"sink\":\"salesforce\",\"state\":\"delivered\"}");
    assertThat(hub.get(accepted.header("Location")).header("Cache-Control")).contains("max-age");
  }

  @Test
  void givesAReceiptToOldClientsToo() {
    Answer accepted =
        hub.json(
            "POST",
            "/customer",
            "{\"first_name\":\"Ada\",\"last_name\":\"L\",\"email\":\"%s@example.com\"}"
                .formatted(id()));

    assertThat(accepted.status()).isEqualTo(200);
    assertThat(settled(accepted.header("Location")).path("state").asText()).isEqualTo("delivered");
  }

  @Test
  void neverCallsADeadEventDelivered() {
    String tooLong = "x".repeat(81);
    for (int i = 0; i < 5; i++) {
      Answer accepted =
          hub.json(
              "POST",
              "/contacts",
              "{\"externalId\":\"%s\",\"lastName\":\"%s\"}".formatted(id(), tooLong));
      Set<String> states = new LinkedHashSet<>();
      JsonNode last;
      long end = System.nanoTime() + SOON.toNanos();
      do {
        last = hub.get(accepted.header("Location")).json();
        states.add(last.path("state").asText());
      } while (last.path("state").asText().equals("waiting") && System.nanoTime() < end);

      assertThat(states).isSubsetOf("waiting", "dead-lettered").contains("dead-lettered");
      JsonNode sink = last.path("sinks").path(0);
      String receipt = accepted.json().path("receipt").asText();
      assertThat(sink.path("state").asText()).isEqualTo("dead-lettered");
      assertThat(sink.path("code").asText()).isEqualTo("STRING_TOO_LONG");
      assertThat(sink.path("message").asText()).isNotEmpty();
      assertThat(sink.path("deadLetter").asText())
          .isEqualTo("/dead-letters/" + receipt.replaceFirst("contacts-", "contacts.salesforce-"));
      assertThat(hub.get(accepted.header("Location")).header("Cache-Control"))
          .isEqualTo("no-store");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "contacts-0",
        "refunds-0-0",
        "platform-0-0",
        "contacts-6-0",
        "contacts-0-999999999",
        "contacts-0-99999999999999999999",
        "contacts-%2e%2e-0"
      })
  void knowsNoReceiptThatItDidNotGive(String receipt) {
    Answer answer = hub.get("/receipts/" + receipt);

    assertThat(answer.status()).as(answer.response().body()).isEqualTo(404);
    assertThat(answer.json().path("type").asText()).isEqualTo("urn:qanat:problem:not-found");
    assertThat(answer.json().path("detail").asText()).contains("no such receipt");
  }

  @Test
  void holdsTheAnswerUntilTheEventIsDelivered() {
    Answer settled = hub.json("POST", "/contacts", contact(id()), "Prefer", "wait=20");

    assertThat(settled.status()).as(settled.response().body()).isEqualTo(200);
    assertThat(settled.header("Preference-Applied")).isEqualTo("wait=20");
    assertThat(settled.json().path("state").asText()).isEqualTo("delivered");
    assertThat(settled.header("Location"))
        .isEqualTo("/receipts/" + settled.json().path("receipt").asText());
    assertThat(hub.get(settled.header("Location")).json()).isEqualTo(settled.json());
  }

  @Test
  void answersOnceItsCallersTimeIsUp() {
    breakSalesforce();

    long start = System.nanoTime();
    Answer accepted = hub.json("POST", "/contacts", contact(id()), "Prefer", "wait=1");
    Duration took = Duration.ofNanos(System.nanoTime() - start);

    assertThat(accepted.status()).isEqualTo(202);
    assertThat(accepted.header("Preference-Applied")).isEqualTo("wait=1");
    assertThat(took).isBetween(Duration.ofMillis(900), Duration.ofSeconds(5));
    JsonNode sink = hub.get(accepted.header("Location")).json().path("sinks").path(0);
    assertThat(sink.path("state").asText()).isEqualTo("waiting");
    assertThat(sink.path("lag").isIntegralNumber()).isTrue();
    salesforce.delete("/__sim/faults");
    assertThat(settled(accepted.header("Location")).path("state").asText()).isEqualTo("delivered");
  }

  @Test
  void tellsWhyAnEventWaitsThatCameAfterItsLaneWasHeld() {
    breakSalesforce();
    Answer first = hub.json("POST", "/contacts", contact(id()));
    await().atMost(SOON).until(() -> !heldReason(first).isMissingNode());
    Answer later;
    do {
      later = hub.json("POST", "/contacts", contact(id()));
    } while (partition(later).equals(partition(first)));

    assertThat(heldReason(later)).isEqualTo(heldReason(first));
    salesforce.delete("/__sim/faults");
    assertThat(settled(first.header("Location")).path("state").asText()).isEqualTo("delivered");
    assertThat(settled(later.header("Location")).path("state").asText()).isEqualTo("delivered");
  }

  @ParameterizedTest
  @ValueSource(strings = {"wait", "wait=soon", "wait=-1", "wait=0", "return=minimal"})
  void passesOverAPreferenceThatItDoesNotUnderstand(String prefer) {
    Answer accepted = hub.json("POST", "/contacts", contact(id()), "Prefer", prefer);

    assertThat(accepted.status()).isEqualTo(202);
    assertThat(accepted.header("Preference-Applied")).isEmpty();
  }

  private void breakSalesforce() {
    salesforce.send(
        "POST",
        "/__sim/faults",
        BodyPublishers.ofString("{\"path\":\"composite\",\"kind\":\"unavailable\"}"));
  }

  private JsonNode heldReason(Answer accepted) {
    JsonNode sink = hub.get(accepted.header("Location")).json().path("sinks").path(0);
    return sink.path("held").path("message");
  }

  private static String partition(Answer accepted) {
    String receipt = accepted.json().path("receipt").asText();
    return receipt.substring(0, receipt.lastIndexOf('-'));
  }

  private JsonNode settled(String location) {
    await()
        .atMost(SOON)
        .until(() -> !hub.get(location).json().path("state").asText().equals("waiting"));
    return hub.get(location).json();
  }

  private static String id() {
    return "r-" + UUID.randomUUID();
  }

  private static String contact(String id) {
    return "{\"externalId\":\"%s\",\"lastName\":\"Lovelace\"}".formatted(id);
  }
}
