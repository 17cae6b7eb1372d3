package io.qanat.chart;

import static io.qanat.chart.Rendering.each;
import static io.qanat.chart.Rendering.map;
import static io.qanat.chart.Rendering.text;
import static io.qanat.chart.Rendering.what;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** No value of a password, a token or the like stands in what the chart renders. */
final class SecretPolicy {
  private static final Pattern NAME =
      Pattern.compile(".*(password|secret|token|jaasconfig|credentials|apikey)$");
  private static final Pattern LOGIN =
      Pattern.compile("://[^/@\\s:]*:[^/@\\s]+@|[?&]password=|password=\\\\\"(?!\\$\\()");

  private SecretPolicy() {}

  static Stream<String> breaches(Rendering rendering) {
    return Stream.of(
            rendering.all("Secret").stream().map(o -> what(o) + " is rendered"),
            rendering.all("ConfigMap").stream().flatMap(SecretPolicy::inMap),
            rendering.objects().stream()
                .flatMap(o -> named(what(o), map(o.at("/metadata/annotations")))),
            rendering.pods().stream()
                .flatMap(pod -> pod.containers().stream().flatMap(SecretPolicy::inEnv)),
            rendering.objects().stream()
                .filter(o -> LOGIN.matcher(o.toString()).find())
                .map(o -> what(o) + " holds a login"))
        .flatMap(s -> s);
  }

  private static Stream<String> inMap(JsonNode map) {
    return map.path("data").properties().stream()
        .filter(file -> file.getKey().matches(".*\\.ya?ml|.*\\.json"))
        .flatMap(file -> inTree(what(map), Rendering.parse(file.getValue().asText())));
  }

  private static Stream<String> inTree(String where, JsonNode node) {
    Stream<String> here = node.isObject() ? named(where, map(node)) : Stream.of();
    return Stream.concat(here, each(node).flatMap(child -> inTree(where, child)));
  }

  private static Stream<String> inEnv(JsonNode container) {
    return each(container.path("env"))
        .flatMap(env -> named("env", Map.of(text(env, "/name"), text(env, "/value"))));
  }

  /** A reference to another variable is no secret. */
  private static Stream<String> named(String where, Map<String, String> fields) {
    return fields.entrySet().stream()
        .filter(field -> NAME.matcher(plain(field.getKey())).matches())
        .filter(field -> !field.getValue().isEmpty() && !field.getValue().contains("$("))
        .map(field -> "%s: %s has a value".formatted(where, field.getKey()));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
  }
}
