package io.qanat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.qanat.it.Http.Answer;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Who may operate the hub, and that nobody else notices. */
@HubIT
class OperatorsIT {
  @LocalServerPort private int port;
  @LocalManagementPort private int managementPort;
  private Http anybody;

  @BeforeEach
  void connect() {
    anybody = new Http("http://127.0.0.1:" + port);
  }

  @ParameterizedTest
  @CsvSource({
    "/flows,                                    401",
    "/flows/,                                   401",
    "/flows/x,                                  401",
    "/fl%6fws,                                  401",
    "/flows/contacts-deliver-salesforce,        401",
    "//flows,                                   400",
    "/flows;a=b,                                400",
    "/flows/..,                                 401",
    "/x/../flows,                               400",
  })
  void letsNobodyPastWithoutLoginHoweverThePathIsSpelt(String path, int status) {
    Answer answer = anybody.get(path);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
  }

  @Test
  void asksForLoginInTheFormThatClientsKnow() {
    Answer answer = anybody.get("/flows");

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("WWW-Authenticate")).startsWith("Basic ");
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.header("Set-Cookie")).isEmpty();
    assertThat(answer.json().path("type").asText()).isEqualTo("urn:qanat:problem:unauthorized");
    assertThat(anybody.as("operator", "wrong").get("/flows").status()).isEqualTo(401);
    assertThat(anybody.as("nobody", "qanat").get("/flows").status()).isEqualTo(401);
  }

  @Test
  void letsAViewerLookAndNotChange() {
    Http viewer = anybody.as("viewer", "qanat");

    assertThat(viewer.get("/flows").status()).isEqualTo(200);
    Answer answer = viewer.post("/flows/contacts-deliver-salesforce/pause");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.json().path("detail").asText()).contains("role operator");
    assertThat(viewer.post("/dead-letters/redrive").status()).isEqualTo(403);
  }

  @Test
  void asksNobodyElseForLogin() {
    Http strange = anybody.as("nobody", "nothing");
    String contact = "{\"externalId\":\"o-%s\",\"lastName\":\"x\"}".formatted(UUID.randomUUID());

    assertThat(strange.json("POST", "/contacts", contact).status()).isEqualTo(202);
    assertThat(strange.get("/").status()).isEqualTo(200);
    assertThat(strange.get("/api/index.html").status()).isEqualTo(200);
    assertThat(strange.get("/nothing").status()).isEqualTo(404);
    assertThat(
            new Http("http://127.0.0.1:" + managementPort)
                .as("nobody", "nothing")
                .get("/actuator/health")
                .status())
        .isEqualTo(200);
  }

  @Test
  void tellsTheApiPageHowToLogIn() {
    var contract = anybody.get("/openapi/qanat.json").json();

    assertThat(contract.at("/components/securitySchemes/operator/scheme").asText())
        .isEqualTo("basic");
    assertThat(contract.at("/paths/~1flows/get/security/0").has("operator")).isTrue();
    assertThat(contract.at("/paths/~1contacts/post").has("security")).isFalse();
  }
}
