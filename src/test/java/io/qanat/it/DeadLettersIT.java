package io.qanat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.it.Http.Answer;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What people see of dead letters, and do with them. */
@HubIT
class DeadLettersIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @LocalServerPort private int port;
  private Http hub;

  @BeforeEach
  void connect() {
    hub = new Http("http://127.0.0.1:" + port).as("operator", "qanat");
  }

  @Test
  void showsAContactThatSalesforceRefuses() {
    String key = refused();

    JsonNode letter = letter(key, "dead");

    assertThat(letter.path("code").asText()).isEqualTo("STRING_TOO_LONG");
  }

  private String refused() {
    String key = "dead-" + UUID.randomUUID();
    Answer answer =
        hub.json(
            "POST",
            "/contacts",
            "{\"externalId\":\"%s\",\"lastName\":\"%s\"}".formatted(key, "L".repeat(81)));
    assertThat(answer.status()).isEqualTo(202);
    return key;
  }

  /** The dead letter of a key, once it is in this state. */
  private JsonNode letter(String key, String state) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              Answer answer = hub.get("/dead-letters?key=" + key + "&state=" + state);
              assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
              assertThat(answer.json().path("deadLetters")).hasSize(1);
            });
    return hub.get("/dead-letters?key=" + key).json().path("deadLetters").path(0);
  }
}
