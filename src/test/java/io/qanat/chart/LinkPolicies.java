package io.qanat.chart;

import static io.qanat.chart.Rendering.each;
import static io.qanat.chart.Rendering.map;
import static io.qanat.chart.Rendering.name;
import static io.qanat.chart.Rendering.text;
import static io.qanat.chart.Rendering.what;

import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.chart.Rendering.Pod;
import io.qanat.k8s.Manifests;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What we want of objects that name others. */
final class LinkPolicies {
  private static final JsonNode DEFAULTS =
      Manifests.one(Path.of("src/main/resources/application.yaml"));
  private static final Map<String, Integer> PORTS =
      Map.of(
          "http", DEFAULTS.at("/server/port").asInt(),
          "management", DEFAULTS.at("/management/server/port").asInt(),
          "grpc", 9090);

  private LinkPolicies() {}

  static Stream<String> badSelectors(Rendering rendering) {
    return Stream.of(
            rendering.all("Deployment").stream()
                .flatMap(o -> owns(rendering, o, "/spec/selector/matchLabels")),
            rendering.all("PodDisruptionBudget").stream()
                .flatMap(o -> owns(rendering, o, "/spec/selector/matchLabels")),
            rendering.all("NetworkPolicy").stream()
                .flatMap(o -> owns(rendering, o, "/spec/podSelector/matchLabels")),
            rendering.all("Service").stream().flatMap(o -> serves(rendering, o)),
            rendering.all("ServiceMonitor").stream().flatMap(o -> watches(rendering, o)),
            rendering.hubs().stream().flatMap(LinkPolicies::spreads))
        .flatMap(s -> s);
  }

  /** An object with a component is about its pods, one without about all. */
  private static Stream<String> owns(Rendering rendering, JsonNode object, String selector) {
    String component = component(object);
    return exactly(
        rendering, object, selector, p -> component.isEmpty() || p.component().equals(component));
  }

  private static String component(JsonNode object) {
    return text(object, "/metadata/labels/app.kubernetes.io~1component");
  }

  /** The Service in front needs one that answers; the one for metrics has all hubs. */
  private static Stream<String> serves(Rendering rendering, JsonNode service) {
    String component = component(service);
    if (component.isEmpty()) {
      List<Pod> selected = selected(rendering, service, "/spec/selector");
      boolean good =
          !selected.isEmpty() && selected.stream().allMatch(p -> p.ports().containsKey("http"));
      return good ? Stream.of() : Stream.of("%s selects %s".formatted(what(service), selected));
    }
    return exactly(
        rendering,
        service,
        "/spec/selector",
        p ->
            p.kind().equals("Deployment")
                && (component.equals("management") || p.component().equals(component)));
  }

  private static List<Pod> selected(Rendering rendering, JsonNode object, String selector) {
    Map<String, String> labels = map(object.at(selector));
    return rendering.pods().stream().filter(pod -> pod.matches(labels)).toList();
  }

  private static Stream<String> exactly(
      Rendering rendering, JsonNode object, String selector, Predicate<Pod> meant) {
    List<Pod> wanted = rendering.pods().stream().filter(meant).toList();
    List<Pod> selected = selected(rendering, object, selector);
    return !selected.isEmpty() && selected.equals(wanted)
        ? Stream.of()
        : Stream.of("%s selects %s instead of %s".formatted(what(object), selected, wanted));
  }

  private static Stream<String> watches(Rendering rendering, JsonNode monitor) {
    Map<String, String> labels = map(monitor.at("/spec/selector/matchLabels"));
    List<String> services =
        rendering.all("Service").stream()
            .filter(s -> map(s.at("/metadata/labels")).entrySet().containsAll(labels.entrySet()))
            .map(Rendering::name)
            .toList();
    return services.equals(List.of("hub-qanat-management"))
        ? Stream.of()
        : Stream.of("%s watches %s".formatted(what(monitor), services));
  }

  private static Stream<String> spreads(Pod pod) {
    return each(pod.spec().path("topologySpreadConstraints"))
        .filter(spread -> !pod.matches(map(spread.at("/labelSelector/matchLabels"))))
        .map(spread -> pod + " keeps apart from others than its own");
  }

  static Stream<String> badScaling(Rendering rendering) {
    return rendering.all("Deployment").stream()
        .filter(
            deployment -> {
              long scalers =
                  rendering.all("HorizontalPodAutoscaler", "ScaledObject").stream()
                      .filter(o -> text(o, "/spec/scaleTargetRef/name").equals(name(deployment)))
                      .count();
              return scalers + (deployment.at("/spec/replicas").isInt() ? 1 : 0) != 1;
            })
        .map(deployment -> what(deployment) + " is scaled by none or by several");
  }

  static Stream<String> badPorts(Rendering rendering) {
    return Stream.of(
            rendering.hubs().stream().flatMap(LinkPolicies::numbers),
            rendering.all("Service").stream().flatMap(o -> targets(rendering, o)),
            rendering.all("NetworkPolicy").stream().flatMap(o -> opened(rendering, o)),
            rendering.all("ServiceMonitor").stream().flatMap(o -> scraped(rendering, o)),
            rendering.all("Ingress", "HTTPRoute", "GRPCRoute").stream()
                .flatMap(o -> backends(rendering, o)))
        .flatMap(s -> s);
  }

  private static Stream<String> numbers(Pod pod) {
    return pod.ports().entrySet().stream()
        .filter(port -> !port.getValue().equals(PORTS.get(port.getKey())))
        .map(port -> "%s: the hub does not have the port %s".formatted(pod, port));
  }

  private static Stream<String> targets(Rendering rendering, JsonNode service) {
    return each(service.at("/spec/ports"))
        .map(port -> text(port, "/targetPort"))
        .flatMap(port -> missing(service, selected(rendering, service, "/spec/selector"), port));
  }

  private static Stream<String> missing(JsonNode by, List<Pod> pods, String port) {
    return pods.stream()
        .filter(pod -> !pod.ports().containsKey(port))
        .map(pod -> "%s: %s has no port %s".formatted(what(by), pod, port));
  }

  private static Stream<String> opened(Rendering rendering, JsonNode policy) {
    return each(policy.at("/spec/ingress"))
        .flatMap(rule -> each(rule.path("ports")))
        .map(port -> text(port, "/port"))
        .flatMap(
            port ->
                missing(
                    policy, selected(rendering, policy, "/spec/podSelector/matchLabels"), port));
  }

  private static Stream<String> scraped(Rendering rendering, JsonNode monitor) {
    return each(monitor.at("/spec/endpoints"))
        .map(endpoint -> text(endpoint, "/port"))
        .filter(port -> !has(rendering, "hub-qanat-management", "/name", port))
        .map(port -> "%s: no Service has the port %s".formatted(what(monitor), port));
  }

  private static boolean has(Rendering rendering, String service, String field, String port) {
    return rendering.one("Service", service).stream()
        .flatMap(s -> each(s.at("/spec/ports")))
        .anyMatch(p -> text(p, field).equals(port));
  }

  private static Stream<String> backends(Rendering rendering, JsonNode route) {
    Stream<String> ingress =
        each(route.at("/spec/rules"))
            .flatMap(rule -> each(rule.at("/http/paths")))
            .map(path -> path.at("/backend/service"))
            .filter(s -> !has(rendering, text(s, "/name"), "/name", text(s, "/port/name")))
            .map(JsonNode::toString);
    Stream<String> gateway =
        each(route.at("/spec/rules"))
            .flatMap(rule -> each(rule.path("backendRefs")))
            .filter(s -> !has(rendering, text(s, "/name"), "/port", text(s, "/port")))
            .map(JsonNode::toString);
    return Stream.concat(ingress, gateway).map(b -> what(route) + " sends to nowhere: " + b);
  }
}
