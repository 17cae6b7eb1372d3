package io.qanat.lint;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** How Kafka is read and written without losing, doubling or taking apart a record. */
final class KafkaChecks {
  /** What a consumer must be told, as patterns of the value. */
  private static final Map<String, String> SAFE_OPTIONS =
      new TreeMap<>(
          Map.of(
              "batching", "true",
              "allowManualCommit", "true",
              "autoCommitEnable", "false",
              "breakOnFirstError", "true",
              "kafkaManualCommitFactory",
                  "#class:org.apache.camel.component.kafka.consumer.DefaultKafkaManualCommitFactory",
              "autoOffsetReset", "earliest",
              "groupId", ".+"));

  private static final Set<String> ASYNCHRONOUS_EIPS =
      Set.of("aggregate", "wireTap", "threads", "resequence");
  private static final Set<String> ASYNCHRONOUS_SCHEMES =
      Set.of("seda", "stub", "disruptor", "disruptor-vm");
  private static final Set<String> PARALLEL_OPTIONS =
      Set.of("parallelProcessing", "executorService");

  private KafkaChecks() {}

  static void consumerSafe(LintFile file, House house, Report report) {
    Endpoint.in(file.flowing())
        .filter(endpoint -> endpoint.scheme().equals("kafka") && endpoint.consumes())
        .forEach(
            endpoint ->
                SAFE_OPTIONS.forEach(
                    (option, value) -> {
                      String given = endpoint.parameters().textAt(option);
                      if (!given.equals(value) && !given.matches(value)) {
                        report.say(
                            endpoint.at(),
                            "consumes from Kafka with %s=%s; write %s: %s",
                            option,
                            given.isEmpty() ? "(default)" : given,
                            option,
                            value.equals(".+") ? "the route's id" : value);
                      }
                    }));
  }

  static void producerWhole(LintFile file, House house, Report report) {
    Endpoint.in(file.flowing())
        .filter(endpoint -> endpoint.scheme().equals("kafka") && !endpoint.consumes())
        .filter(endpoint -> !iterates(file, endpoint.parameters().textAt("useIterator")))
        .forEach(
            endpoint ->
                report.say(endpoint.at(), "may take a list apart; write useIterator: \"false\""));
  }

  /** A kamelet may say that it makes lists of records; a route, which everybody edits, may not. */
  private static boolean iterates(LintFile file, String useIterator) {
    return useIterator.equals("false")
        || (useIterator.equals("true") && file.kind() == LintFile.Kind.KAMELET);
  }

  static void consumerSynchronous(LintFile file, House house, Report report) {
    if (consumesKafka(file, house, new HashSet<>())) {
      asynchronous(file.from().at("steps"), house, new HashSet<>())
          .forEach(
              step ->
                  report.say(
                      step.body().line(),
                      "does not wait for %s behind a Kafka consumer; batch in the consumer instead",
                      step.eip()));
    }
  }

  private static boolean consumesKafka(LintFile file, House house, Set<String> seen) {
    String uri = file.from().textAt("uri");
    Endpoint from = new Endpoint("from", file.from(), uri, Yaml.NOTHING);
    return from.scheme().equals("kafka")
        || (seen.add(from.kamelet())
            && house
                .kamelet(from.kamelet())
                .filter(source -> consumesKafka(source, house, seen))
                .isPresent());
  }

  /** The steps that go on by themselves, here and in the kamelets that are called. */
  private static List<Step> asynchronous(Yaml steps, House house, Set<String> seen) {
    Yaml holder = new Yaml(steps.line(), Yaml.Kind.MAP, "", Map.of("steps", steps), List.of());
    return Step.in(holder)
        .flatMap(
            step -> isAsynchronous(step) ? Stream.of(step) : called(step, house, seen).stream())
        .toList();
  }

  private static List<Step> called(Step step, House house, Set<String> seen) {
    if (step.kamelet().isEmpty() || !seen.add(step.kamelet())) {
      return List.of();
    }
    return house
        .kamelet(step.kamelet())
        .map(kamelet -> asynchronous(kamelet.from().at("steps"), house, seen))
        .orElse(List.of())
        .stream()
        .map(inner -> new Step(inner.eip() + " in " + step.kamelet(), step.body()))
        .toList();
  }

  private static boolean isAsynchronous(Step step) {
    String uri = step.body().isScalar() ? step.body().text() : step.body().textAt("uri");
    return ASYNCHRONOUS_EIPS.contains(step.eip())
        || (step.eip().equals("to") && ASYNCHRONOUS_SCHEMES.contains(uri.replaceFirst(":.*", "")))
        || PARALLEL_OPTIONS.stream().anyMatch(option -> isSet(step.body(), option))
        // a delay leaves the thread unless it is told not to; a throttle only if told
        || (step.eip().equals("delay") && !step.body().textAt("asyncDelayed").equals("false"))
        || (step.eip().equals("throttle") && step.isOn("asyncDelayed"));
  }

  private static boolean isSet(Yaml body, String option) {
    return body.find(option).filter(value -> !value.text().equals("false")).isPresent();
  }
}
