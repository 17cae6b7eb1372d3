package io.qanat.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qanat.it.Http.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What the hub tells about its flows, and about one that takes nothing. */
@HubIT
class PlatformIT {
  @Autowired private CamelContext camel;
  @LocalServerPort private int port;

  @Test
  void tellsHowFarEachLaneHasCome() {
    Http http = new Http("http://127.0.0.1:" + port).as("operator", "qanat");
    assertThat(
            http.json("POST", "/contacts", "{\"externalId\":\"lane-1\",\"lastName\":\"Lovelace\"}")
                .status())
        .isEqualTo(202);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              var lane = http.get("/flows").json().at("/flows/0/lanes/0");
              assertThat(lane.path("id").asText()).isEqualTo("contacts-deliver-salesforce");
              assertThat(lane.path("lag").asLong()).isZero();
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"/data/%00", "/data?kind[$gt]=1", "/data/\u0001", "/../data"})
  void answersWithAProblemWhatIsNoUri(String target) throws IOException {
    String answer = raw("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

    assertThat(answer)
        .startsWith("HTTP/1.1 400")
        .containsIgnoringCase("content-type: application/problem+json")
        .contains("\"type\":\"urn:qanat:problem:bad-request\"", "percent-encode");
  }

  @Test
  void doesNotBlameTheCallerWhoseHeadersTomcatDidNotReadBecauseItStops() throws IOException {
    String answer = raw("POST /contacts HTTP/1.1\r\n\r\n");

    assertThat(answer)
        .startsWith("HTTP/1.1 503")
        .containsIgnoringCase("retry-after: 2")
        .contains("\"type\":\"urn:qanat:problem:unavailable\"", "The hub is stopping");
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Test
  void answersThatAFlowTakesNothingWhileItsRouteIsStopped() throws Exception {
    Http http = new Http("http://127.0.0.1:" + port);
    camel.getRouteController().stopRoute("contacts-accept-rest");
    try {
      Answer answer = http.json("POST", "/contacts", HubFixture.contact(HubFixture.id()));

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("Retry-After")).isNotEmpty();
      assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
      assertThat(answer.json().path("detail").asText()).startsWith("The flow takes nothing");
      assertThat(http.get("/receipts/nothing").status()).isEqualTo(404);
    } finally {
      camel.getRouteController().startRoute("contacts-accept-rest");
    }
    assertThat(http.json("POST", "/contacts", HubFixture.contact(HubFixture.id())).status())
        .isEqualTo(202);
  }
}
