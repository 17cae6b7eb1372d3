package io.qanat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What the hub tells about its flows. */
@HubIT
class PlatformIT {
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
}
