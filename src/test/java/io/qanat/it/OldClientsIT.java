package io.qanat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.qanat.sandbox.Programs;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The clients of the systems that the hub replaced call it as they called them. */
@HubIT
class OldClientsIT {
  @LocalServerPort private int port;

  @Test
  void answersTheClientsOfTheOldSystemsAsTheyExpect() {
    String said =
        Programs.succeed(
            Path.of("."),
            List.of("node", "tools/old-clients/replay.mjs", "http://127.0.0.1:" + port));

    assertThat(said).contains("22 calls, each answered as its client expects");
  }
}
