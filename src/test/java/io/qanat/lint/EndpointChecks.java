package io.qanat.lint;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What routes may call, and in which order. */
final class EndpointChecks {
  private static final Set<String> DYNAMIC_EIPS =
      Set.of("toD", "recipientList", "routingSlip", "dynamicRouter");
  private static final Set<String> EXPRESSION_EIPS = Set.of("enrich", "pollEnrich");
  private static final Set<String> EVALUATED_URIS = Set.of("wireTap", "poll", "toD");
  private static final String GUARD = "guard-action";
  private static final String SETTLE = "settle-action";
  private static final List<String> GUARDED_VERBS = List.of("accept");
  private static final List<String> SETTLED_VERBS = List.of("deliver");

  /** Simple's marker, except where camel-sql binds it as a parameter. */
  private static final Pattern UNBOUND = Pattern.compile("(?<!:#)(?<!:\\?)\\$\\{");

  private EndpointChecks() {}

  static void noQueryString(LintFile file, House house, Report report) {
    Endpoint.in(file.flowing())
        .filter(endpoint -> endpoint.uri().contains("?") && !endpoint.scheme().startsWith("sql"))
        .forEach(
            endpoint ->
                report.say(
                    endpoint.at(),
                    "has a query string in %s; move it below parameters",
                    endpoint.uri()));
  }

  static void staticEndpoints(LintFile file, House house, Report report) {
    Step.in(file.flowing())
        .filter(EndpointChecks::isDynamic)
        .forEach(
            step ->
                report.say(
                    step.body(),
                    "chooses an endpoint at run time with %s; use choice with to",
                    step.eip()));
  }

  private static boolean isDynamic(Step step) {
    String uri = step.body().isScalar() ? step.body().text() : step.body().textAt("uri");
    return DYNAMIC_EIPS.contains(step.eip())
        || (EVALUATED_URIS.contains(step.eip()) && uri.contains("${"))
        || (EXPRESSION_EIPS.contains(step.eip()) && !isConstant(step.body()));
  }

  private static boolean isConstant(Yaml body) {
    return body.find("constant").or(() -> body.find("expression", "constant")).isPresent();
  }

  static void sqlParameters(LintFile file, House house, Report report) {
    Endpoint.in(file.flowing())
        .filter(EndpointChecks::isOpenSql)
        .forEach(
            endpoint ->
                report.say(
                    endpoint.at(),
                    "builds SQL from the message; write the query into the uri with :#name parameters"));
    Step.in(file.flowing())
        .filter(step -> step.eip().equals("setHeader"))
        .filter(step -> step.body().textAt("name").equalsIgnoreCase("CamelSqlQuery"))
        .forEach(
            step -> report.say(step.body(), "sets CamelSqlQuery; write the query into the uri"));
  }

  private static boolean isOpenSql(Endpoint endpoint) {
    return switch (endpoint.scheme()) {
      case "jdbc", "spring-jdbc" -> true;
      case "sql", "sql-stored" ->
          UNBOUND.matcher(endpoint.uri()).find()
              || endpoint.parameters().textAt("useMessageBodyForSql").equals("true")
              || endpoint.parameters().textAt("useMessageBodyForTemplate").equals("true");
      default -> false;
    };
  }

  static void guardFirst(LintFile file, House house, Report report) {
    Yaml steps = file.from().at("steps");
    boolean guarded =
        Step.directly(steps).findFirst().filter(step -> step.kamelet().equals(GUARD)).isPresent();
    if (GUARDED_VERBS.stream().anyMatch(verb -> ShapeChecks.isVerb(file, verb)) && !guarded) {
      report.say(
          steps, "reads what a caller sent unguarded; make kamelet:%s the first step", GUARD);
    }
  }

  static void settleLast(LintFile file, House house, Report report) {
    Yaml steps = file.from().at("steps");
    Optional<Step> last = Step.directly(steps).reduce((one, next) -> next);
    boolean settled = last.filter(step -> step.kamelet().equals(SETTLE)).isPresent();
    if (SETTLED_VERBS.stream().anyMatch(verb -> ShapeChecks.isVerb(file, verb)) && !settled) {
      report.say(steps, "ends without settlement; make kamelet:%s the last step", SETTLE);
    }
  }
}
