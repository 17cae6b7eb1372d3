package io.qanat.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What alerts and dashboards ask of Prometheus. */
public final class Expressions {
  static final Path RULES = Path.of("helm/qanat/alerts/qanat.rules.yaml");
  static final Path DASHBOARDS = Path.of("helm/qanat/dashboards");

  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern VARIABLE = Pattern.compile("label_values\\((.*), \\w+\\)");

  /** Texts, matchers of labels, ranges, and lists of labels name no metrics. */
  private static final Pattern NO_METRIC =
      Pattern.compile(
          "\"[^\"]*\"|\\{[^}]*}|\\[[^]]*]|\\b(?:by|on|without|ignoring)\\s*\\([^)]*\\)");

  private static final Pattern NAME = Pattern.compile("\\b[a-zA-Z_:][\\w:]*\\b(?!\\s*\\()");
  private static final Set<String> KEYWORDS =
      Set.of("and", "or", "unless", "by", "on", "offset", "bool", "group_left", "group_right");

  private Expressions() {}

  /** The alerts, as Prometheus reads them. */
  static List<JsonNode> alerts() throws IOException {
    List<JsonNode> alerts = new ArrayList<>();
    Yaml.parse(Files.readString(RULES))
        .json()
        .path("groups")
        .forEach(group -> group.path("rules").forEach(alerts::add));
    return alerts;
  }

  /** The dashboards, by the names of their files. */
  static Map<String, JsonNode> dashboards() throws IOException {
    Map<String, JsonNode> dashboards = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(DASHBOARDS)) {
      for (Path file : files.sorted().toList()) {
        dashboards.put(file.getFileName().toString(), JSON.readTree(file.toFile()));
      }
    }
    return dashboards;
  }

  /** All expressions, by where they stand. */
  public static Map<String, String> all() throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    alerts().forEach(alert -> all.put(alert.path("alert").asText(), alert.path("expr").asText()));
    dashboards()
        .forEach(
            (file, dashboard) -> {
              dashboard
                  .path("panels")
                  .forEach(
                      panel ->
                          panel
                              .path("targets")
                              .forEach(
                                  target ->
                                      all.put(
                                          "%s, %s %s"
                                              .formatted(
                                                  file,
                                                  panel.path("title").asText(),
                                                  target.path("refId").asText()),
                                          target.path("expr").asText())));
              dashboard
                  .at("/templating/list")
                  .forEach(
                      variable -> {
                        Matcher query = VARIABLE.matcher(variable.path("definition").asText());
                        if (query.matches()) {
                          all.put(
                              file + ", variable " + variable.path("name").asText(),
                              query.group(1));
                        }
                      });
            });
    return all;
  }

  /** The metrics that an expression names. */
  public static Set<String> metrics(String expression) {
    Set<String> names = new TreeSet<>();
    // A range may stand in the matchers' place, and a subquery behind a parenthesis.
    String rest = NO_METRIC.matcher(expression).replaceAll(" ");
    Matcher name = NAME.matcher(rest.replaceAll("\\boffset\\s+\\w+|\\b\\d[\\w.]*", " "));
    while (name.find()) {
      if (!KEYWORDS.contains(name.group())) {
        names.add(name.group());
      }
    }
    return names;
  }
}
