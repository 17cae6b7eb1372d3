package io.qanat.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.FileSystemUtils;

/** The chart lints and renders in every mode, and Kubernetes knows all that it says. */
class ChartTest {
  private static final StrictObjects STRICT = new StrictObjects();

  @BeforeAll
  static void needsHelm() {
    Chart.assumeHelm();
  }

  static List<String> modes() {
    return Chart.modes();
  }

  @Test
  void lintsWithItsDefaults() {
    assertLinted(Chart.OURS.lint());
  }

  @ParameterizedTest
  @MethodSource("modes")
  void lintsInEachMode(String mode, @TempDir Path folder) throws IOException {
    assertLinted(copyWithValuesOf(mode, folder).lint());
  }

  private static Chart copyWithValuesOf(String mode, Path folder) throws IOException {
    FileSystemUtils.copyRecursively(Chart.OURS.folder(), folder);
    Path values = folder.resolve("values.yaml");
    YAMLMapper yaml = new YAMLMapper();
    JsonNode merged = yaml.readTree(Files.readString(values));
    yaml.readerForUpdating(merged).readValue(Files.readString(Chart.OURS.values(mode)));
    Files.writeString(values, yaml.writeValueAsString(merged));
    return new Chart(folder);
  }

  private static void assertLinted(LintResult result) {
    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    assertThat(result.getMessages())
        .allSatisfy(message -> assertThat(message).startsWith("[INFO]"));
  }

  @ParameterizedTest
  @MethodSource("modes")
  void saysNothingThatKubernetesDoesNotKnow(String mode) {
    List<JsonNode> objects = Chart.in(mode).objects();

    assertThat(objects).extracting(o -> o.path("kind").asText()).contains("Deployment", "Service");
    assertThat(objects)
        .allSatisfy(o -> assertThat(STRICT.mistakes(o)).as(Rendering.what(o)).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("modes")
  void makesNoObjectTwice(String mode) {
    assertThat(Chart.in(mode).objects()).extracting(Rendering::what).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({
    "Deployment, /spec, replcas, 2",
    "Deployment, /spec/template/spec/containers/0, imagePulPolicy, Always",
    "Deployment, /spec/template/spec/containers/0/env/0, value, 2",
    "Deployment, /spec/template/spec/containers/0/lifecycle/preStop/sleep, second, 2",
    "Service, /spec/ports/0, targetport, 2",
    "NetworkPolicy, /spec, ingres, 2",
    "HTTPRoute, /spec/rules/0/matches/0/path, kind, Exact",
    "GRPCRoute, /spec/rules/0, match, 2",
    "HorizontalPodAutoscaler, /spec, minReplica, 2",
    "PodDisruptionBudget, /spec, maxAvailable, 2",
    "ScaledObject, /spec, minReplicas, 2",
    "ScaledObject, /spec, minReplicaCount, two",
    "TriggerAuthentication, /spec/secretTargetRef/0, secret, two",
    "ServiceMonitor, /spec/endpoints/0, intervall, 2m",
    "PrometheusRule, /spec, group, two",
    "Job, /spec, backofflimit, 2",
  })
  void oneWrongFieldIsAMistake(String kind, String at, String field, String value) {
    JsonNode object = Chart.in("production").all(kind).get(0).deepCopy();
    assertThat(STRICT.mistakes(object)).isEmpty();

    ObjectNode part = (ObjectNode) object.at(at);
    if (value.matches("\\d+")) {
      part.put(field, Integer.parseInt(value));
    } else {
      part.put(field, value);
    }

    assertThat(STRICT.mistakes(object)).isNotEmpty();
  }

  @Test
  void knowsTheKindsOfEachMode() {
    assertThat(modes().stream().map(Chart::in).flatMap(this::kinds))
        .contains("Ingress", "KafkaTopic", "ConfigMap", "ServiceAccount", "Pod");
  }

  private Stream<String> kinds(Rendering rendering) {
    return rendering.objects().stream().map(object -> object.path("kind").asText()).distinct();
  }
}
