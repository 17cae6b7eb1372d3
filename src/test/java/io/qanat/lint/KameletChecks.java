package io.qanat.lint;

import java.util.Optional;
import java.util.Set;

/** How kamelets are named, declared and called. */
final class KameletChecks {
  private static final String NAME = "([a-z][a-z0-9]*-)+(source|sink|action)";
  private static final String CAMEL_CASE = "[a-z][a-zA-Z0-9]*";

  /** The ends of a template, and what every kamelet endpoint takes. */
  private static final Set<String> RESERVED = Set.of("source", "sink");

  private static final Set<String> ENDPOINT_OPTIONS =
      Set.of("location", "noErrorHandler", "bridgeErrorHandler");

  private KameletChecks() {}

  static void name(LintFile file, House house, Report report) {
    Yaml metadata = file.root().at("metadata");
    String name = metadata.textAt("name");
    if (!name.matches(NAME)) {
      report.say(
          metadata.at("name"), "is called '%s'; write <noun>-<verb>-<source|sink|action>", name);
    }
    if (!name.equals(file.stem())) {
      report.say(
          metadata.at("name"), "is called '%s'; call it %s as its file is", name, file.stem());
    }
    String type = metadata.textAt("labels", "camel.apache.org/kamelet.type");
    if (!name.endsWith("-" + type)) {
      report.say(metadata.at("labels"), "is labelled '%s'; label and name must agree", type);
    }
  }

  static void parameters(LintFile file, House house, Report report) {
    file.parameters().forEach((name, parameter) -> parameter(name, parameter, file, report));
    Yaml required = file.root().at("spec", "definition", "required");
    required.items().stream()
        .filter(name -> !file.parameters().containsKey(name.text()))
        .forEach(name -> report.say(name, "requires '%s'; declare it", name.text()));
  }

  private static void parameter(String name, Yaml parameter, LintFile file, Report report) {
    if (!name.matches(CAMEL_CASE)) {
      report.say(parameter, "has the parameter '%s'; write it in camelCase", name);
    }
    boolean hasDefault = file.hasDefault(name);
    if (file.required().contains(name) && hasDefault) {
      report.say(parameter, "requires '%s', which has a default; drop one of the two", name);
    }
    String used = "\\{\\{\\??" + name + "}}";
    boolean isUsed =
        file.flowing()
            .walk()
            .anyMatch(piece -> !piece.text().replaceAll(used, "").equals(piece.text()));
    if (!isUsed) {
      report.say(parameter, "never uses '%s'; use {{%s}} or drop it", name, name);
    }
  }

  static void calls(LintFile file, House house, Report report) {
    Endpoint.in(file.flowing())
        .filter(endpoint -> !endpoint.kamelet().isEmpty())
        .filter(endpoint -> !RESERVED.contains(endpoint.kamelet()))
        .forEach(endpoint -> call(endpoint, house.kamelet(endpoint.kamelet()), report));
  }

  private static void call(Endpoint endpoint, Optional<LintFile> called, Report report) {
    String name = endpoint.kamelet();
    if (called.isEmpty()) {
      report.say(
          endpoint.at(), "calls kamelet:%s; there is no kamelets/%s.kamelet.yaml", name, name);
      return;
    }
    LintFile kamelet = called.get();
    Set<String> given = endpoint.parameters().fields().keySet();
    given.stream()
        .filter(parameter -> !kamelet.parameters().containsKey(parameter))
        .filter(parameter -> !ENDPOINT_OPTIONS.contains(parameter))
        .forEach(
            parameter ->
                report.say(
                    endpoint.parameters().at(parameter),
                    "gives '%s' to %s, which takes %s",
                    parameter,
                    name,
                    kamelet.parameters().keySet()));
    kamelet.required().stream()
        .filter(parameter -> !given.contains(parameter))
        .filter(parameter -> !kamelet.hasDefault(parameter))
        .forEach(
            parameter ->
                report.say(endpoint.at(), "does not give '%s' to %s; add it", parameter, name));
  }
}
