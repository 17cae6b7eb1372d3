package io.qanat.lint;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The conventions, one each: which files it is about, why it stands, how it is checked. */
@SuppressWarnings("ImmutableEnumChecker") // the sets and the method references are
enum Rule {
  YAML_READS(
      Kinds.ALL,
      "A file that cannot be read, or that says the same key twice, is silently half a file.",
      SchemaChecks::reads),
  ROUTE_SCHEMA(
      Kinds.ROUTES,
      "A misspelt keyword is found here, against Camel's own schema, and not when the hub starts.",
      SchemaChecks::route),
  KAMELET_SCHEMA(
      Kinds.KAMELETS,
      "A kamelet is a contract: titled, described, every parameter typed; editors and Camel K read it.",
      SchemaChecks::kamelet),
  CONTRACT_VALID(
      Kinds.CONTRACTS,
      "Routing, validation and the API page all come from the contract; it must parse without a murmur.",
      ContractChecks::valid),
  CONTRACT_NAME(Kinds.CONTRACTS, "A flow has one contract, called after it.", ContractChecks::name),
  CONTRACT_OPERATIONS(
      Kinds.CONTRACTS,
      "The operationId is what the route chooses by, the summary what the caller reads.",
      ContractChecks::operations),
  CONTRACT_PROBLEMS(
      Kinds.CONTRACTS,
      "Callers meet errors in one form, RFC 9457, and the contract says so.",
      ContractChecks::problems),
  ONE_ROUTE_PER_FILE(
      Kinds.ROUTES,
      "One thing per file: a helper of a route is a kamelet or a bean, not a second direct: route.",
      ShapeChecks::oneRoutePerFile),
  ROUTE_ID_IS_STEM(
      Kinds.ROUTES,
      "The name in a log or in Hawtio is the name of the file to open.",
      ShapeChecks::idIsStem),
  ROUTE_ID_SHAPE(
      Kinds.ROUTES,
      "An id tells the flow, the verb and the system: <flow>-<verb>[-<system>].",
      ShapeChecks::idShape),
  ROUTE_GROUP(
      Kinds.ROUTES,
      "The group is the folder: flows are switched, watched and drawn by group.",
      ShapeChecks::group),
  ROUTE_DESCRIPTION(
      Kinds.ROUTES,
      "One present-tense sentence tells what a route does, where people meet it; a bound contract has its own.",
      ShapeChecks::description),
  NO_COMMENTS(
      Kinds.ROUTES,
      "Visual editors delete comments; the why belongs into note.",
      ShapeChecks::noComments),
  ROUTE_CONFIGURATION_EXISTS(
      Kinds.ROUTES,
      "Camel ignores a route configuration that does not exist, and errors go unanswered.",
      ShapeChecks::routeConfigurationExists),
  NO_QUERY_STRING(
      Kinds.FLOWING,
      "uri and parameters: options in a query string cannot be read, compared or checked.",
      EndpointChecks::noQueryString),
  STATIC_ENDPOINTS(
      Kinds.FLOWING,
      "Whoever can choose the endpoint owns the hub: it is never built from a header or a body.",
      EndpointChecks::staticEndpoints),
  SQL_PARAMETERS(
      Kinds.FLOWING,
      "SQL takes parameters; SQL from a body or a header is an injection.",
      EndpointChecks::sqlParameters),
  KAFKA_CONSUMER_SAFE(
      Kinds.FLOWING,
      "camel-kafka's defaults lose records; this is the one setting that was seen to lose none.",
      KafkaChecks::consumerSafe),
  KAFKA_CONSUMER_SYNCHRONOUS(
      Kinds.FLOWING,
      "Behind a Kafka consumer all work is done before the exchange ends, or the offset moves past it.",
      KafkaChecks::consumerSynchronous),
  KAFKA_PRODUCER_WHOLE(
      Kinds.FLOWING,
      "The default useIterator=true takes a list apart into many records.",
      KafkaChecks::producerWhole),
  GUARD_FIRST(
      Kinds.ROUTES,
      "HTTP headers become Camel headers; the allow-list must stand before anything that reads them.",
      EndpointChecks::guardFirst),
  SETTLE_LAST(
      Kinds.ROUTES,
      "A delivery ends with settlement: dead letters first, then the commit.",
      EndpointChecks::settleLast),
  PLACEHOLDERS_RESOLVE(
      Kinds.FLOWING,
      "A placeholder that nobody fills in stops the hub at the start, in production first.",
      PlaceholderChecks::resolve),
  NO_LITERAL_SECRETS(
      Kinds.FLOWING,
      "A secret in a route is a secret in the repository.",
      PlaceholderChecks::noSecrets),
  KAMELET_NAME(
      Kinds.KAMELETS,
      "<noun>-<verb>-<source|sink|action>: a name tells what it works on and where it stands.",
      KameletChecks::name),
  KAMELET_PARAMETERS(
      Kinds.KAMELETS,
      "camelCase, each used, each either required or with a default: nothing to guess.",
      KameletChecks::parameters),
  KAMELET_CALLS(
      Kinds.FLOWING,
      "A kamelet gets the parameters it declares; Camel would pass a misspelt one over in silence.",
      KameletChecks::calls),
  BEAN_NAMES_METHOD(
      Kinds.FLOWING,
      "A bean without a method lets a header choose it (CVE-2025-27636).",
      BeanChecks::namesMethod),
  BEAN_HAS_ONE_METHOD(
      Kinds.FLOWING,
      "A bean called from YAML has exactly one public method: there is nothing else to be tricked into.",
      BeanChecks::hasOneMethod),
  QUERY_INDEXED(
      Kinds.QUERIES,
      "Without an index that fits, a query reads all of a collection or sorts it in memory, unseen until there is much of it.",
      QueryChecks::indexed);

  /** Looks through one file. */
  @FunctionalInterface
  interface Check {
    void check(LintFile file, House house, Report report);
  }

  /** The kinds of files that rules are about. */
  private static final class Kinds {
    static final Set<LintFile.Kind> ALL = Set.of(LintFile.Kind.values());
    static final Set<LintFile.Kind> ROUTES = Set.of(LintFile.Kind.ROUTE);
    static final Set<LintFile.Kind> KAMELETS = Set.of(LintFile.Kind.KAMELET);
    static final Set<LintFile.Kind> CONTRACTS = Set.of(LintFile.Kind.CONTRACT);
    static final Set<LintFile.Kind> QUERIES = Set.of(LintFile.Kind.QUERY);
    static final Set<LintFile.Kind> FLOWING = Set.of(LintFile.Kind.ROUTE, LintFile.Kind.KAMELET);
  }

  private final Set<LintFile.Kind> kinds;
  private final String why;
  private final Check check;

  Rule(Set<LintFile.Kind> kinds, String why, Check check) {
    this.kinds = kinds;
    this.why = why;
    this.check = check;
  }

  /** The name that findings and the documentation use. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String why() {
    return why;
  }

  /** What the rule is about, for the documentation. */
  String about() {
    return String.join(", ", kinds.stream().sorted().map(LintFile.Kind::plural).toList());
  }

  /** Where the file breaks this rule. A file that cannot be read breaks only the first. */
  List<Finding> check(LintFile file, House house) {
    Report report = new Report(this, file);
    if (kinds.contains(file.kind()) && (this == YAML_READS || file.error().isEmpty())) {
      check.check(file, house, report);
    }
    return report.findings();
  }
}
