package io.qanat.chart;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.QanatApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;

/** A hub starts with the routes and kamelets of the chart's ConfigMap. */
class ChartOverlayIT {
  // It comes this far with an overlay that it takes, and routes that it can read.
  private static final String TAKEN = "qanat.task names none";

  @TempDir private Path mount;

  @BeforeAll
  static void assumeHelm() {
    Chart.assumeHelm();
  }

  @ParameterizedTest
  @ValueSource(strings = {"overlay-rollout", "overlay-hot"})
  void isTakenAsItIsMounted(String mode) throws IOException {
    mount(mode);

    assertThatThrownBy(this::start).hasStackTraceContaining(TAKEN);
  }

  @Test
  void isRefusedWhereAKeyIsNoPath() throws IOException {
    mount("overlay-rollout");
    Files.writeString(mount.resolve("purchases.camel.yaml"), "[]");

    assertThatThrownBy(this::start).hasStackTraceContaining("purchases.camel.yaml is neither");
  }

  @Test
  void isRefusedWhereARouteCannotBeRead() throws IOException {
    mount("overlay-rollout");
    Files.writeString(mount.resolve("purchases__purchases-broken.camel.yaml"), "- rout: {}");

    assertThatThrownBy(this::start).hasStackTraceContaining("purchases-broken.camel.yaml");
  }

  private void mount(String mode) throws IOException {
    JsonNode map = Chart.in(mode).one("ConfigMap", "hub-qanat-overlay").orElseThrow();
    for (Map.Entry<String, String> file : Rendering.map(map.path("data")).entrySet()) {
      Files.writeString(mount.resolve(file.getKey()), file.getValue());
    }
  }

  private void start() {
    SpringApplication.run(
            QanatApplication.class,
            "--qanat.flows=purchases",
            "--qanat.overlay=" + mount,
            "--qanat.task=none")
        .close();
  }
}
