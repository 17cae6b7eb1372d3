package io.qanat.chart;

import static io.qanat.chart.Rendering.each;
import static io.qanat.chart.Rendering.name;
import static io.qanat.chart.Rendering.text;
import static io.qanat.chart.Rendering.what;

import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.chart.Lanes.Lane;
import io.qanat.chart.Rendering.Pod;
import io.qanat.k8s.Manifests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What we want of what the chart says to Kafka's neighbours: KEDA, Strimzi, Prometheus. */
final class KafkaPolicies {
  private static final Path ALERTS = Path.of("helm/qanat/alerts/qanat.rules.yaml");

  private KafkaPolicies() {}

  /** The flows that a hub is told to run; none means all. */
  private static Set<String> flows(Pod pod) {
    return pod.env("QANAT_FLOWS").map(flows -> Set.of(flows.split(","))).orElse(Set.of());
  }

  static Stream<String> badTriggers(Rendering rendering) {
    return rendering.all("ScaledObject").stream()
        .filter(
            object -> {
              Set<String> looked = new TreeSet<>();
              each(object.at("/spec/triggers"))
                  .map(trigger -> trigger.path("metadata"))
                  .forEach(m -> looked.add(text(m, "/consumerGroup") + " " + text(m, "/topic")));
              return !looked.equals(backlogs(scaled(rendering, object)));
            })
        .map(object -> what(object) + " looks at other lanes than it runs");
  }

  private static Pod scaled(Rendering rendering, JsonNode object) {
    String target = text(object, "/spec/scaleTargetRef/name");
    return rendering.hubs().stream()
        .filter(p -> p.owner().equals(target))
        .findFirst()
        .orElseThrow();
  }

  private static Set<String> backlogs(Pod pod) {
    Set<String> backlogs = new TreeSet<>(Set.of(Lanes.PLATFORM + " qanat-audit"));
    for (Lane lane : Lanes.of(flows(pod))) {
      backlogs.add(lane.id() + " " + lane.topic());
      backlogs.add(Lanes.PLATFORM + " " + lane.deadLetters());
    }
    return backlogs;
  }

  static Stream<String> missingTopics(Rendering rendering) {
    Set<String> made =
        rendering.all("KafkaTopic").stream().map(Rendering::name).collect(Collectors.toSet());
    if (made.isEmpty()) {
      return Stream.of();
    }
    Set<String> needed = new HashSet<>(Set.of("qanat-control", "qanat-audit"));
    for (Pod pod : rendering.hubs()) {
      Set<String> flows = flows(pod);
      (flows.isEmpty() ? Lanes.flows() : flows).forEach(flow -> needed.add("qanat." + flow));
      for (Lane lane : Lanes.of(flows)) {
        needed.addAll(Set.of(lane.topic(), lane.deadLetters(), lane.versions()));
      }
    }
    Stream<String> missing =
        needed.stream().filter(t -> !made.contains(t)).map(t -> t + " is missing");
    Stream<String> needless =
        made.stream().filter(t -> !needed.contains(t)).map(t -> t + " is needless");
    return Stream.concat(missing, needless);
  }

  static Stream<String> otherAlerts(Rendering rendering) {
    JsonNode alerts = Files.exists(ALERTS) ? Manifests.one(ALERTS) : Rendering.parse("groups: []");
    return rendering.all("PrometheusRule").stream()
        .filter(rule -> !rule.path("spec").equals(alerts))
        .map(rule -> "%s differs from %s".formatted(name(rule), ALERTS));
  }
}
