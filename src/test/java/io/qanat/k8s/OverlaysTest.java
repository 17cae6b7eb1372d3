package io.qanat.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests for those without Helm: what the chart makes, and what is laid over it. */
class OverlaysTest {
  private static final Path K8S = Path.of("k8s");
  private static final Path LOCAL = K8S.resolve("overlays/local");

  static Stream<Path> kustomizations() {
    return Stream.concat(
        Manifests.below(K8S, "kustomization.yaml").stream(),
        Stream.of(Path.of("kamelets/kustomization.yaml"), Path.of("routes/kustomization.yaml")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hub", "roles"})
  void theBasesAreWhatTheChartMakes(String base) {
    Path folder = K8S.resolve("base").resolve(base);

    assertThat(Manifests.read(folder.resolve("qanat.yaml")))
        .as("run k8s/render.sh")
        .isEqualTo(Chart.render(folder.resolve("values.yaml")));
  }

  @ParameterizedTest
  @MethodSource("kustomizations")
  void useNoFieldThatKustomizeGaveUp(Path file) {
    assertThat(Manifests.text(file))
        .doesNotContain(
            "commonLabels:", "bases:", "patchesStrategicMerge:", "patchesJson6902:", "vars:");
  }

  @ParameterizedTest
  @MethodSource("kustomizations")
  void render(Path file) throws Exception {
    assumeTrue(Kustomize.command().isPresent(), "no kustomize and no kubectl");

    assertThat(Kustomize.build(file.getParent())).isNotEmpty();
  }

  @Test
  void theSandboxHasTheServersThatItsHubIsTold() {
    for (String line : Manifests.text(LOCAL.resolve("servers.env")).lines().toList()) {
      String[] server = line.replaceFirst(".*=(.*//)?", "").replaceFirst("/.*", "").split(":", -1);
      JsonNode service = Manifests.read(LOCAL.resolve(server[0] + ".yaml")).get(0);

      assertThat(service.at("/metadata/name").asText()).isEqualTo(server[0]);
      assertThat(service.at("/spec/ports/0/port").asText()).isEqualTo(server[1]);
    }
  }

  @Test
  void theSandboxRunsTheBrokerThatTheTestsRun() {
    String version =
        Manifests.text(Path.of("pom.xml"))
            .replaceFirst("(?s).*<kafka-broker.version>(.*?)</kafka-broker.version>.*", "$1");

    assertThat(LOCAL.resolve("kafka.yaml"))
        .content()
        .contains("image: apache/kafka:" + version + "\n");
  }

  @Test
  void kindPublishesTheNodePortsOnTheLoopbackAddressOnly() {
    JsonNode mappings = Manifests.one(LOCAL.resolve("kind.yaml")).at("/nodes/0/extraPortMappings");
    List<String> nodePorts = mappings.findValuesAsText("containerPort");

    assertThat(mappings.findValuesAsText("listenAddress")).hasSize(3).containsOnly("127.0.0.1");
    assertThat(mappings.findValuesAsText("hostPort")).containsExactly("8080", "9090", "8089");
    assertThat(Manifests.read(LOCAL.resolve("service.patch.yaml")))
        .extracting(operation -> operation.path("value").asText())
        .containsExactly("NodePort", nodePorts.get(0), nodePorts.get(1));
    assertThat(
            Manifests.read(LOCAL.resolve("salesforce.yaml"))
                .get(0)
                .at("/spec/ports/0/nodePort")
                .asText())
        .isEqualTo(nodePorts.get(2));
  }
}
