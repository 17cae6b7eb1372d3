package io.qanat.chart;

import static io.qanat.chart.Rendering.each;
import static io.qanat.chart.Rendering.name;
import static io.qanat.chart.Rendering.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.chart.Rendering.Pod;
import io.qanat.k8s.Manifests;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.convert.DurationStyle;

/** What we want of pods. */
final class PodPolicies {
  private static final JsonNode DEFAULTS =
      Manifests.one(Path.of("src/main/resources/application.yaml"));
  private static final JsonNode VALUES = Manifests.one(Path.of("helm/qanat/values.yaml"));
  private static final JsonNode CHART = Manifests.one(Path.of("helm/qanat/Chart.yaml"));
  private static final String MANUAL = Manifests.text(Path.of("docs/operating.md"));
  private static final String HOOK = "/metadata/annotations/hooks.helm.sh~1hook";

  private PodPolicies() {}

  static Stream<String> unrestricted(Rendering rendering) {
    return rendering.pods().stream()
        .flatMap(
            pod ->
                Stream.concat(
                    wrong(pod, pod.spec(), POD_SPEC),
                    pod.containers().stream().flatMap(c -> wrong(pod, c, CONTAINER))));
  }

  private static final Map<String, String> POD_SPEC =
      Map.of(
          "/securityContext/runAsNonRoot", "true",
          "/securityContext/runAsUser", "65532",
          "/securityContext/seccompProfile/type", "RuntimeDefault",
          "/automountServiceAccountToken", "false",
          "/hostNetwork", "",
          "/hostPID", "",
          "/hostIPC", "");

  private static final Map<String, String> CONTAINER =
      Map.of(
          "/securityContext/allowPrivilegeEscalation", "false",
          "/securityContext/readOnlyRootFilesystem", "true",
          "/securityContext/privileged", "",
          "/securityContext/runAsUser", "",
          "/securityContext/capabilities/add", "",
          "/securityContext/capabilities/drop/0", "ALL");

  private static Stream<String> wrong(Pod pod, JsonNode node, Map<String, String> wanted) {
    return wanted.entrySet().stream()
        .filter(field -> !said(node.at(field.getKey())).equals(field.getValue()))
        .map(field -> "%s: %s is %s".formatted(pod, field.getKey(), said(node.at(field.getKey()))));
  }

  private static String said(JsonNode node) {
    return node.isContainerNode() ? node.toString() : node.asText();
  }

  static Stream<String> unlimited(Rendering rendering) {
    return rendering.pods().stream()
        .flatMap(
            pod ->
                pod.containers().stream()
                    .flatMap(
                        c ->
                            Stream.of("requests/cpu", "requests/memory", "limits/memory")
                                .filter(what -> text(c, "/resources/" + what).isEmpty())
                                .map(what -> pod + " has no " + what)));
  }

  static Stream<String> badProbes(Rendering rendering) {
    return rendering.hubs().stream()
        .flatMap(
            pod ->
                Stream.of(
                        probe(pod, "startupProbe", "liveness"),
                        probe(pod, "livenessProbe", "liveness"),
                        probe(pod, "readinessProbe", "readiness"))
                    .flatMap(s -> s));
  }

  private static Stream<String> probe(Pod pod, String probe, String group) {
    JsonNode get = pod.spec().at("/containers/0/" + probe + "/httpGet");
    String path = "/actuator/health/" + group;
    boolean good =
        text(get, "/path").equals(path)
            && text(get, "/port").equals("management")
            && MANUAL.contains("| `" + path + "` |");
    return good ? Stream.of() : Stream.of("%s: %s asks %s".formatted(pod, probe, get));
  }

  static Stream<String> hasty(Rendering rendering) {
    JsonNode config = rendering.config();
    long requests = seconds(config, "/spring/lifecycle/timeout-per-shutdown-phase");
    long routes = seconds(config, "/camel/main/shutdown-timeout");
    return rendering.hubs().stream()
        .filter(
            pod -> {
              long sleep = pod.spec().at("/containers/0/lifecycle/preStop/sleep/seconds").asLong();
              long grace = pod.spec().path("terminationGracePeriodSeconds").asLong();
              return sleep == 0 || grace <= sleep + requests + routes;
            })
        .map(pod -> pod + " is killed before the hub may have ended");
  }

  private static long seconds(JsonNode config, String property) {
    String set =
        text(config, property).isEmpty() ? text(DEFAULTS, property) : text(config, property);
    return set.matches("\\d+")
        ? Long.parseLong(set)
        : DurationStyle.detectAndParse(set).toSeconds();
  }

  static Stream<String> badMounts(Rendering rendering) {
    return rendering.pods().stream()
        .flatMap(pod -> Stream.concat(unknownVolumes(pod), missingMaps(rendering, pod)));
  }

  private static Stream<String> unknownVolumes(Pod pod) {
    List<String> volumes = each(pod.spec().path("volumes")).map(v -> text(v, "/name")).toList();
    List<String> mounted =
        pod.containers().stream()
            .flatMap(container -> each(container.path("volumeMounts")))
            .map(mount -> text(mount, "/name"))
            .toList();
    List<String> folders =
        pod.containers().stream()
            .flatMap(container -> each(container.path("volumeMounts")))
            .map(mount -> text(mount, "/mountPath"))
            .toList();
    Stream<String> unmounted =
        Stream.of(pod.env("QANAT_OVERLAY").orElse("").split(","))
            .filter(folder -> !folder.isEmpty() && !folders.contains(folder))
            .map(folder -> "%s does not mount the overlay %s".formatted(pod, folder));
    Stream<String> unequal =
        Stream.concat(
                mounted.stream().filter(name -> !volumes.contains(name)),
                volumes.stream().filter(name -> !mounted.contains(name)))
            .map(name -> "%s: the volume %s is not defined and mounted".formatted(pod, name));
    return Stream.concat(unmounted, unequal);
  }

  /** What begins as the chart's names do is the chart's; a task can only have what hooks made. */
  private static Stream<String> missingMaps(Rendering rendering, Pod pod) {
    Map<String, JsonNode> made = new HashMap<>();
    rendering.all("ConfigMap").stream()
        .filter(map -> pod.kind().equals("Job") == map.at(HOOK).isTextual())
        .forEach(map -> made.put(name(map), map));
    return each(pod.spec().path("volumes"))
        .map(volume -> text(volume, "/configMap/name"))
        .filter(name -> name.startsWith("hub-qanat-") && !made.containsKey(name))
        .map(name -> "%s mounts the ConfigMap %s, which is not there yet".formatted(pod, name));
  }

  static Stream<String> otherImages(Rendering rendering) {
    String name = text(VALUES, "/image/repository");
    List<String> images =
        List.of(name + ":" + text(CHART, "/appVersion"), name + "@sha256:" + "0".repeat(64));
    return rendering.pods().stream()
        .filter(pod -> !pod.kind().equals("Pod"))
        .flatMap(pod -> pod.containers().stream().map(c -> text(c, "/image")))
        .filter(image -> !images.contains(image))
        .collect(Collectors.toSet())
        .stream()
        .map(image -> image + " is run");
  }
}
