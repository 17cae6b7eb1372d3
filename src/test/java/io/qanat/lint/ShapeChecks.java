package io.qanat.lint;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Names, places and words of route files. */
final class ShapeChecks {
  private static final List<String> VERBS =
      List.of("accept", "route", "deliver", "process", "query", "replay", "expire");
  private static final String SYSTEM = "[a-z][a-z0-9]*";
  private static final List<String> FLOW_ELEMENTS = List.of("route");
  private static final List<String> PLATFORM_ELEMENTS =
      List.of("route", "routeConfiguration", "rest");
  private static final int DESCRIPTION_LENGTH = 140;

  private ShapeChecks() {}

  /** Whether the route stands for this verb in its flow. */
  static boolean isVerb(LintFile file, String verb) {
    String start = file.flow() + "-" + verb;
    return !file.isPlatform() && (file.stem().equals(start) || file.stem().startsWith(start + "-"));
  }

  static void oneRoutePerFile(LintFile file, House house, Report report) {
    List<String> allowed = file.isPlatform() ? PLATFORM_ELEMENTS : FLOW_ELEMENTS;
    List<Map.Entry<String, Yaml>> elements = file.elements();
    if (elements.isEmpty()) {
      report.say(file.root(), "holds nothing; write one " + String.join(" or ", allowed));
    }
    for (int i = 0; i < elements.size(); i++) {
      Map.Entry<String, Yaml> element = elements.get(i);
      if (i > 0) {
        report.say(
            element.getValue(),
            "holds a second element, %s; give it a file of its own, or make it a kamelet or a bean",
            element.getKey());
      } else if (!allowed.contains(element.getKey())) {
        report.say(
            element.getValue(),
            "begins with %s; write %s",
            element.getKey(),
            String.join(" or ", allowed));
      }
    }
  }

  static void idIsStem(LintFile file, House house, Report report) {
    String id = file.route().textAt("id");
    boolean matches =
        id.equals(file.stem())
            || (file.isPlatform() && file.stem().equals(LintFile.PLATFORM + "-" + id));
    if (!matches) {
      report.say(file.route(), "has the id '%s'; call it '%s' as its file is", id, file.stem());
    }
  }

  static void idShape(LintFile file, House house, Report report) {
    if (file.flow().isEmpty()) {
      report.say(1, "lies outside a flow; move it to routes/<flow>/");
      return;
    }
    String flow = Pattern.quote(file.flow());
    String shape =
        file.isPlatform()
            ? "platform-.+"
            : flow + "-(" + String.join("|", VERBS) + ")(-" + SYSTEM + ")?";
    if (!file.stem().matches(shape)) {
      report.say(
          file.route(),
          "is called '%s'; call file and route %s-<%s>[-<system>]",
          file.stem(),
          file.flow(),
          String.join("|", VERBS));
    }
  }

  static void group(LintFile file, House house, Report report) {
    for (Map.Entry<String, Yaml> element : file.elements()) {
      String group = element.getValue().textAt("group");
      if (element.getKey().equals("route") && !group.equals(file.flow())) {
        report.say(element.getValue(), "has the group '%s'; write group: %s", group, file.flow());
      }
    }
  }

  static void description(LintFile file, House house, Report report) {
    for (Map.Entry<String, Yaml> element : file.elements()) {
      if (isContract(element)) {
        element
            .getValue()
            .find("description")
            .ifPresent(
                text ->
                    report.say(text, "keeps the contract from starting on Camel 4.17; drop it"));
        continue;
      }
      String text = element.getValue().textAt("description").strip();
      boolean sentence =
          !text.isEmpty()
              && text.length() <= DESCRIPTION_LENGTH
              && !text.matches("(?s).*([.!?]\\s|[.!?]$|\\n).*");
      if (!sentence) {
        report.say(
            element.getValue().at("description").line() > 1
                ? element.getValue().at("description")
                : element.getValue(),
            "needs a description: one sentence of at most %d characters without a full stop",
            DESCRIPTION_LENGTH);
      }
    }
  }

  /** Camel 4.17 takes the description of rest.openApi for an option that its endpoint lacks. */
  private static boolean isContract(Map.Entry<String, Yaml> element) {
    return element.getKey().equals("rest") && element.getValue().find("openApi").isPresent();
  }

  static void noComments(LintFile file, House house, Report report) {
    Yaml.commentLines(file.text())
        .forEach(line -> report.say(line, "has a comment; put the why into note"));
  }

  static void routeConfigurationExists(LintFile file, House house, Report report) {
    file.route()
        .find("routeConfigurationId")
        .filter(id -> !house.routeConfigurations().contains(id.text()))
        .ifPresent(
            id ->
                report.say(
                    id,
                    "wants the route configuration '%s'; there are %s",
                    id.text(),
                    house.routeConfigurations()));
  }
}
