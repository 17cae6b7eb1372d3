package io.qanat.chart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What a chart became with some values. */
final class Rendering {
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final String text;
  private final List<JsonNode> objects;

  /** Reads manifests; a key that is there twice is an error. */
  Rendering(String text) {
    this.text = text;
    try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class).readValues(text)) {
      this.objects = documents.readAll().stream().filter(JsonNode::isContainerNode).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same with another text for all matches of a pattern. */
  Rendering with(String pattern, String now) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    if (!matcher.find()) {
      throw new IllegalArgumentException("The chart renders nothing like " + pattern);
    }
    return new Rendering(matcher.replaceAll(Matcher.quoteReplacement(now)));
  }

  List<JsonNode> objects() {
    return objects;
  }

  List<JsonNode> all(String... kinds) {
    List<String> wanted = List.of(kinds);
    return objects.stream().filter(object -> wanted.contains(text(object, "/kind"))).toList();
  }

  Optional<JsonNode> one(String kind, String name) {
    return all(kind).stream().filter(object -> name(object).equals(name)).findFirst();
  }

  /** The pods that Deployments, Jobs and tests make. */
  List<Pod> pods() {
    List<Pod> pods = new ArrayList<>();
    all("Deployment", "Job")
        .forEach(o -> pods.add(new Pod(text(o, "/kind"), name(o), o.at("/spec/template"))));
    all("Pod").forEach(o -> pods.add(new Pod("Pod", name(o), o)));
    return pods;
  }

  /** The pods of hubs. */
  List<Pod> hubs() {
    return pods().stream().filter(pod -> pod.kind().equals("Deployment")).toList();
  }

  /** The application.yaml of hubs. */
  JsonNode config() {
    return all("ConfigMap").stream()
        .filter(map -> map.at("/data/application.yaml").isTextual())
        .filter(map -> !name(map).contains("-tasks-"))
        .findFirst()
        .map(map -> parse(text(map, "/data/application.yaml")))
        .orElseThrow();
  }

  static JsonNode parse(String yaml) {
    try {
      return YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String name(JsonNode object) {
    return text(object, "/metadata/name");
  }

  /** The kind and the name of an object, for people. */
  static String what(JsonNode object) {
    return text(object, "/kind") + " " + name(object);
  }

  static String text(JsonNode node, String pointer) {
    return node.at(pointer).asText();
  }

  static Stream<JsonNode> each(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  /** The fields of a map of texts. */
  static Map<String, String> map(JsonNode node) {
    Map<String, String> map = new TreeMap<>();
    node.properties().forEach(field -> map.put(field.getKey(), field.getValue().asText()));
    return map;
  }

  /** A pod, as a template or by itself. */
  record Pod(String kind, String owner, JsonNode template) {
    Map<String, String> labels() {
      return map(template.at("/metadata/labels"));
    }

    String component() {
      return labels().getOrDefault("app.kubernetes.io/component", "");
    }

    boolean matches(Map<String, String> selector) {
      return !selector.isEmpty() && labels().entrySet().containsAll(selector.entrySet());
    }

    JsonNode spec() {
      return template.path("spec");
    }

    List<JsonNode> containers() {
      return Stream.concat(each(spec().path("initContainers")), each(spec().path("containers")))
          .toList();
    }

    /** The value of an environment variable, or nothing. */
    Optional<String> env(String name) {
      return containers().stream()
          .flatMap(container -> each(container.path("env")))
          .filter(env -> text(env, "/name").equals(name) && env.path("value").isTextual())
          .map(env -> text(env, "/value"))
          .findFirst();
    }

    /** Numbers of ports by their names. */
    Map<String, Integer> ports() {
      Map<String, Integer> ports = new TreeMap<>();
      containers().stream()
          .flatMap(container -> each(container.path("ports")))
          .forEach(port -> ports.put(text(port, "/name"), port.path("containerPort").asInt()));
      return ports;
    }

    @Override
    public String toString() {
      return kind + " " + owner;
    }
  }
}
