package io.qanat.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.qanat.sandbox.Ports;
import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * POST /contacts, answered once Kafka has the event: the hub beside a hand-written endpoint, in
 * alternating rounds against one broker.
 */
class AcceptBench {
  /** What one measured round of one server came to. */
  private record Round(double perSecond, double p50, double p99, double cpuMicros) {}

  /** One server of one start; its rounds are kept with those of its name's other starts. */
  private record Candidate(String name, MeasuredJvm jvm, ClosedLoop load, List<Round> rounds) {
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
  }

  private final Map<String, List<Round>> rounds = new LinkedHashMap<>();

  @Test
  void acceptsBesideAHandWrittenEndpoint() throws IOException {
    try (Sandbox sandbox = Sandbox.start(SandboxSettings.forTests(Server.KAFKA))) {
      List<String> shared = new ArrayList<>(MeasuredJvm.UNINTERRUPTED);
      shared.add("--qanat.kafka.bootstrap-servers=" + sandbox.kafka().bootstrapServers());
      for (int i = 0; i < BenchSettings.starts(); i++) {
        measure(shared);
      }
      report();
    }
  }

  /** The same classes run up to a fifth faster or slower from one start to the next. */
  private void measure(List<String> shared) throws IOException {
    try (Servers servers = new Servers(rounds)) {
      List<Candidate> turns = servers.start(shared);
      for (Candidate candidate : turns) {
        candidate.load().run(BenchSettings.warmup());
      }
      for (int i = 0; i < BenchSettings.rounds(); i++) {
        for (Candidate candidate : turns) {
          candidate.measure();
        }
        Collections.rotate(turns, 1);
      }
    }
  }

  /** The servers of one run, all on one machine at once. */
  private static final class Servers implements AutoCloseable {
    private final List<MeasuredJvm> started = new ArrayList<>();
    private final Map<String, List<Round>> rounds;

    Servers(Map<String, List<Round>> rounds) {
      this.rounds = rounds;
    }

    List<Candidate> start(List<String> shared) {
      List<Candidate> candidates = new ArrayList<>();
      candidates.add(candidate("hub", port -> MeasuredJvm.hub("hub", hub(shared, port))));
      BenchSettings.other()
          .ifPresent(
              home ->
                  candidates.add(
                      candidate(
                          "other hub",
                          port -> MeasuredJvm.hub("other-hub", home, hub(shared, port)))));
      candidates.add(
          candidate(
              "hand-written",
              port ->
                  MeasuredJvm.main(
                      "hand-written",
                      HandWrittenEndpoint.class,
                      with(shared, "--server.port=" + port))));
      return candidates;
    }

    private Candidate candidate(String name, IntFunction<MeasuredJvm> start) {
      int port = Ports.free();
      MeasuredJvm jvm = start.apply(port);
      started.add(jvm);
      ClosedLoop load = new ClosedLoop(port);
      jvm.await(load::accepts);
      return new Candidate(name, jvm, load, rounds.computeIfAbsent(name, n -> new ArrayList<>()));
    }

    private static List<String> hub(List<String> shared, int port) {
      return with(
          shared,
          "--qanat.roles=accept",
          "--server.port=" + port,
          "--management.server.port=0",
          "--qanat.grpc.port=0");
    }

    @Override
    public void close() {
      started.forEach(MeasuredJvm::close);
    }
  }

  private static List<String> with(List<String> arguments, String... more) {
    return Stream.concat(arguments.stream(), Stream.of(more)).toList();
  }

  private void report() throws IOException {
    Report report = new Report("POST /contacts, 202 once Kafka has the event");
    report.row("server", "round", "requests/s", "p50 ms", "p99 ms", "app CPU us/request");
    for (int i = 0; i < rounds.get("hub").size(); i++) {
      for (var measured : rounds.entrySet()) {
        Round r = measured.getValue().get(i);
        row(
            report,
            measured.getKey(),
            "" + (i + 1),
            r.perSecond(),
            r.p50(),
            r.p99(),
            r.cpuMicros());
      }
    }
    rounds.forEach(
        (name, r) ->
            row(
                report,
                name,
                "median",
                median(r, Round::perSecond),
                median(r, Round::p50),
                median(r, Round::p99),
                median(r, Round::cpuMicros)));
    List<Round> hub = rounds.get("hub");
    rounds.forEach(
        (name, r) -> {
          if (r != hub) {
            report.line(
                "Ratio hub / %s: %.2f of the requests/s, %.2f of the CPU per request."
                    .formatted(
                        name,
                        median(hub, Round::perSecond) / median(r, Round::perSecond),
                        median(hub, Round::cpuMicros) / median(r, Round::cpuMicros)));
          }
        });
    report.line("Wanted beside the hand-written one: 0.85 of the requests/s.");
    report.write("accept.md");
    assertThat(hub).allSatisfy(round -> assertThat(round.perSecond()).isPositive());
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
    return Figures.median(rounds.stream().mapToDouble(figure).boxed().toList());
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
