package io.qanat.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.qanat.sandbox.Ports;
import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * POST /contacts, answered once Kafka has the event: the hub beside a hand-written endpoint, in
 * alternating rounds against one broker.
 */
class AcceptBench {
  /** Nothing but the server's speed ends or delays a connection, on a busy machine either. */
  private static final List<String> UNINTERRUPTED =
      List.of(
          "--server.tomcat.max-keep-alive-requests=-1",
          "--server.tomcat.connection-timeout=60s",
          "--qanat.kafka.max-block=30000",
          "--qanat.kafka.delivery-timeout=30000");

  /** What one measured round of one server came to. */
  private record Round(double perSecond, double p50, double p99, double cpuMicros) {}

  private record Candidate(String name, MeasuredJvm jvm, ClosedLoop load, List<Round> rounds) {
    Candidate(String name, MeasuredJvm jvm, int port) {
      this(name, jvm, new ClosedLoop(port), new ArrayList<>());
      jvm.await(load::accepts);
    }

    void measure() throws IOException {
      Duration cpu = jvm.cpu();
      long start = System.nanoTime();
      Latencies latencies = load.run(BenchSettings.measure());
      double seconds = (System.nanoTime() - start) / 1e9;
      double cpuMicros = jvm.cpu().minus(cpu).toNanos() / 1e3 / latencies.total();
      rounds.add(
          new Round(
              latencies.total() / seconds,
              latencies.millis(0.5),
              latencies.millis(0.99),
              cpuMicros));
    }

    double median(ToDoubleFunction<Round> figure) {
      List<Round> sorted = rounds.stream().sorted(Comparator.comparingDouble(figure)).toList();
      int half = sorted.size() / 2;
      return (figure.applyAsDouble(sorted.get(half))
              + figure.applyAsDouble(sorted.get(sorted.size() - half - 1)))
          / 2;
    }
  }

  @Test
  void acceptsBesideAHandWrittenEndpoint() throws IOException {
    try (Sandbox sandbox = Sandbox.start(SandboxSettings.forTests(Server.KAFKA))) {
      List<String> shared = new ArrayList<>(UNINTERRUPTED);
      shared.add("--qanat.kafka.bootstrap-servers=" + sandbox.kafka().bootstrapServers());
      int hubPort = Ports.free();
      int handPort = Ports.free();
      try (MeasuredJvm hub =
              MeasuredJvm.hub(
                  "hub",
                  with(
                      shared,
                      "--qanat.roles=accept",
                      "--server.port=" + hubPort,
                      "--management.server.port=0"));
          MeasuredJvm hand =
              MeasuredJvm.main(
                  "hand-written",
                  HandWrittenEndpoint.class,
                  with(shared, "--server.port=" + handPort))) {
        List<Candidate> candidates =
            List.of(
                new Candidate("hub", hub, hubPort), new Candidate("hand-written", hand, handPort));
        for (Candidate candidate : candidates) {
          candidate.load().run(BenchSettings.warmup());
        }
        for (int i = 0; i < BenchSettings.rounds(); i++) {
          for (Candidate candidate : candidates) {
            candidate.measure();
          }
        }
        report(candidates.get(0), candidates.get(1));
      }
    }
  }

  private static List<String> with(List<String> arguments, String... more) {
    return Stream.concat(arguments.stream(), Stream.of(more)).toList();
  }

  private static void report(Candidate hub, Candidate hand) throws IOException {
    Report report = new Report("POST /contacts, 202 once Kafka has the event");
    report.row("server", "round", "requests/s", "p50 ms", "p99 ms", "app CPU us/request");
    for (int i = 0; i < hub.rounds().size(); i++) {
      for (Candidate c : List.of(hub, hand)) {
        Round r = c.rounds().get(i);
        row(report, c.name(), "" + (i + 1), r.perSecond(), r.p50(), r.p99(), r.cpuMicros());
      }
    }
    for (Candidate c : List.of(hub, hand)) {
      row(
          report,
          c.name(),
          "median",
          c.median(Round::perSecond),
          c.median(Round::p50),
          c.median(Round::p99),
          c.median(Round::cpuMicros));
    }
    report.line(
        "Ratio hub / hand-written: %.2f of the requests/s (wanted: 0.85), %.2f of the CPU per request."
            .formatted(
                hub.median(Round::perSecond) / hand.median(Round::perSecond),
                hub.median(Round::cpuMicros) / hand.median(Round::cpuMicros)));
    report.write("accept.md");
    assertThat(hub.rounds()).allSatisfy(round -> assertThat(round.perSecond()).isPositive());
  }

  private static void row(
      Report report, String name, String round, double rate, double p50, double p99, double cpu) {
    report.row(
        name,
        round,
        "%.0f".formatted(rate),
        "%.2f".formatted(p50),
        "%.2f".formatted(p99),
        "%.0f".formatted(cpu));
  }
}
