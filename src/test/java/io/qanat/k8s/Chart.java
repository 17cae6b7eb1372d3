package io.qanat.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import java.nio.file.Path;
import java.util.List;

/** The chart, rendered as {@code k8s/render.sh} does. */
final class Chart {
  static final Path FOLDER = Path.of("helm/qanat");

  private Chart() {}

  /** What Helm makes of the chart with these values. */
  static List<JsonNode> render(Path values) {
    String manifests =
        new Helm(FOLDER)
            .template()
            .withName("qanat")
            .withNamespace("qanat")
            .withKubeVersion("1.30.0")
            .withValuesFile(values)
            .call();
    return Manifests.parse(
        manifests.replaceAll(
            "(?m)^ *(helm\\.sh/chart:|app\\.kubernetes\\.io/managed-by: Helm).*\\n", ""));
  }

  /** The chart's own values. */
  static JsonNode values() {
    return Manifests.one(FOLDER.resolve("values.yaml"));
  }
}
