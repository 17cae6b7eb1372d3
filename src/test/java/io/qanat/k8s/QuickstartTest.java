package io.qanat.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The quick start on kind says what is so. */
class QuickstartTest {
  private static final Path LOCAL = Path.of("k8s/overlays/local");
  private static final String SCRIPT = Manifests.text(Path.of("k8s/quickstart.sh"));

  private static Set<String> found(String pattern, String text) {
    return new TreeSet<>(
        Pattern.compile(pattern).matcher(text).results().map(MatchResult::group).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"k8s/quickstart.sh", "k8s/render.sh", "tools/k8s/it.sh"})
  void isWellFormedShell(String script) throws Exception {
    Process bash = new ProcessBuilder("bash", "-n", script).redirectErrorStream(true).start();

    assertThat(new String(bash.getInputStream().readAllBytes(), UTF_8)).isEmpty();
    assertThat(bash.waitFor()).isZero();
  }

  @Test
  void buildsAndLoadsTheImagesThatTheManifestsRun() {
    JsonNode image = Chart.values().path("image");
    String version = Manifests.one(Chart.FOLDER.resolve("Chart.yaml")).path("appVersion").asText();
    String hub = image.path("repository").asText() + ":" + version;
    String ours = "ghcr\\.io/qanat-io/[\\w.-]+:[\\w.-]+";

    assertThat(found(ours, SCRIPT))
        .containsExactlyElementsOf(
            found(
                ours,
                Manifests.text(Path.of("k8s/base/hub/qanat.yaml"))
                    + Manifests.text(LOCAL.resolve("salesforce.yaml"))))
        .contains(hub);
    assertThat(SCRIPT).contains("--target hub --tag " + hub);
  }

  @Test
  void waitsForWhatTheOverlayRuns() {
    List<JsonNode> objects =
        Stream.concat(
                Stream.of(Path.of("k8s/base/hub/qanat.yaml")),
                Stream.of("kafka", "mongodb", "postgresql", "salesforce")
                    .map(name -> LOCAL.resolve(name + ".yaml")))
            .flatMap(file -> Manifests.read(file).stream())
            .toList();
    Set<String> workloads = new TreeSet<>();
    for (JsonNode object : objects) {
      String kind = object.path("kind").asText().toLowerCase(ROOT);
      if (Set.of("deployment", "statefulset").contains(kind)) {
        workloads.add(kind + "/" + object.at("/metadata/name").asText());
      }
    }

    assertThat(found("(deployment|statefulset)/[\\w-]+", SCRIPT)).isEqualTo(workloads);
  }

  @Test
  void callsThePortsThatKindPublishes() {
    JsonNode kind = Manifests.one(LOCAL.resolve("kind.yaml"));

    assertThat(SCRIPT).contains("k8s/overlays/local/kind.yaml");
    assertThat(SCRIPT).contains("kind-" + kind.path("name").asText());
    List<String> published =
        kind.at("/nodes/0/extraPortMappings").findValuesAsText("hostPort").stream()
            .map(port -> "127.0.0.1:" + port)
            .toList();
    assertThat(published).containsAll(found("127\\.0\\.0\\.1:\\d+", SCRIPT));
  }
}
