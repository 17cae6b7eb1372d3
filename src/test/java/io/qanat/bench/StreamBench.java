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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/**
 * Locations sent to a hub, acknowledged once Kafka has them: in gRPC streams, in gRPC calls and in
 * arrays over REST; and how much memory an endless stream takes.
 */
class StreamBench {
  private static final String TOPIC = "qanat.locations";
  private static final int PARTITIONS = 6;
  private static final int STREAMS = 8;
  private static final int CALLS = 64;
  private static final int TENTHS = 10;

  /** What an endless stream may take, beyond what the hub had after a fifth of it. */
  private static final double GROWTH = 1.2;

  private final Pings pings = new Pings();

  /** What one measured round came to. */
  private record Round(double perSecond, double cpuMicros, double residentMib) {}

  /** A way to send, with its rounds. */
  private record Way(String name, PingClient client, List<Round> rounds) {
    Way(String name, PingClient client) {
      this(name, client, new ArrayList<>());
    }

    double median(ToDoubleFunction<Round> figure) {
      return Figures.median(rounds.stream().mapToDouble(figure).boxed().toList());
    }
  }

  /** A hub that only accepts. */
  private record Hub(MeasuredJvm jvm, int port, int grpcPort) implements AutoCloseable {
    static Hub start(Sandbox sandbox) {
      int port = Ports.free();
      int grpcPort = Ports.free();
      List<String> arguments = new ArrayList<>(MeasuredJvm.UNINTERRUPTED);
      sandbox.properties().forEach((name, value) -> arguments.add("--" + name + "=" + value));
      arguments.addAll(
          List.of(
              "--qanat.roles=accept",
              "--server.port=" + port,
              "--management.server.port=0",
              "--qanat.grpc.port=" + grpcPort));
      return new Hub(MeasuredJvm.hub("stream", arguments), port, grpcPort);
    }

    @Override
    public void close() {
      jvm.close();
    }
  }

  @Test
  void acknowledgesStreamsFasterThanCalls() throws Exception {
    try (Sandbox sandbox = Sandbox.start(SandboxSettings.forTests(Server.KAFKA));
        Hub hub = Hub.start(sandbox);
        PingClient oneStream = GrpcPings.streams(pings, hub.grpcPort(), 1);
        PingClient streams = GrpcPings.streams(pings, hub.grpcPort(), STREAMS);
        PingClient calls = GrpcPings.calls(pings, hub.grpcPort(), CALLS);
        PingClient arrays = new RestPings(pings, hub.port(), STREAMS)) {
      long sent = awaitReady(hub);
      List<Way> ways =
          List.of(
              new Way("gRPC, 1 stream", oneStream),
              new Way("gRPC, %d streams".formatted(STREAMS), streams),
              new Way("gRPC, %d calls in flight".formatted(CALLS), calls),
              new Way("REST, %d arrays of %,d in flight".formatted(STREAMS, Pings.ARRAY), arrays));
      for (Way way : ways) {
        sent += send(way.client(), BenchSettings.warmup().dividedBy(ways.size()));
      }
      List<Way> turns = new ArrayList<>(ways);
      for (int i = 0; i < BenchSettings.rounds(); i++) {
        for (Way way : turns) {
          sent += measure(way, hub.jvm());
        }
        Collections.rotate(turns, 1);
      }
      report(ways);
      assertThat(published(sandbox)).isEqualTo(sent);
    }
  }

  /** The locations that it took to find out. */
  private long awaitReady(Hub hub) {
    AtomicLong sent = new AtomicLong();
    hub.jvm()
        .await(
            () -> {
              try (PingClient client = GrpcPings.calls(pings, hub.grpcPort(), 1)) {
                AtomicLong one = new AtomicLong(1);
                sent.addAndGet(client.send(() -> one.getAndDecrement() > 0));
                return true;
              } catch (RuntimeException notYet) {
                return false;
              }
            });
    return sent.get();
  }

  private static long send(PingClient client, Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    return client.send(() -> System.nanoTime() < end);
  }

  private static long measure(Way way, MeasuredJvm hub) {
    Duration cpu = hub.cpu();
    long start = System.nanoTime();
    long sent = send(way.client(), BenchSettings.measure());
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuMicros = hub.cpu().minus(cpu).toNanos() / 1e3 / sent;
    way.rounds().add(new Round(sent / seconds, cpuMicros, hub.resident().mib()));
    return sent;
  }

  /** How many records Kafka has. */
  private static long published(Sandbox sandbox) throws ExecutionException, InterruptedException {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", sandbox.kafka().bootstrapServers()))) {
      return admin
          .listOffsets(
              IntStream.range(0, PARTITIONS)
                  .mapToObj(p -> new TopicPartition(TOPIC, p))
                  .collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())))
          .all()
          .get()
          .values()
          .stream()
          .mapToLong(end -> end.offset())
          .sum();
    }
  }

  private static void report(List<Way> ways) throws IOException {
    Report report = new Report("Locations, acknowledged once Kafka has them");
    report.row("sent as", "round", "locations/s", "hub CPU us/location", "hub resident MiB");
    for (int i = 0; i < BenchSettings.rounds(); i++) {
      for (Way way : ways) {
        Round r = way.rounds().get(i);
        row(report, way.name(), "" + (i + 1), r.perSecond(), r.cpuMicros(), r.residentMib());
      }
    }
    for (Way way : ways) {
      row(
          report,
          way.name(),
          "median",
          way.median(Round::perSecond),
          way.median(Round::cpuMicros),
          way.median(Round::residentMib));
    }
    Way stream = ways.get(0);
    for (Way other : ways.subList(1, ways.size())) {
      report.line(
          "Ratio %s / %s: %.2f of the locations/s, %.2f of the CPU."
              .formatted(
                  stream.name(),
                  other.name(),
                  stream.median(Round::perSecond) / other.median(Round::perSecond),
                  stream.median(Round::cpuMicros) / other.median(Round::cpuMicros)));
    }
    report.write("stream.md");
  }

  private static void row(
      Report report, String name, String round, double rate, double cpu, double resident) {
    report.row(
        name, round, "%,.0f".formatted(rate), "%.1f".formatted(cpu), "%,.0f".formatted(resident));
  }

  @Test
  void takesNoMoreMemoryForAnEndlessStream() throws Exception {
    long tenth = BenchSettings.pings() / TENTHS;
    Report report =
        new Report(
            "One stream of %,d locations".formatted(tenth * TENTHS), "a hub that was just started");
    report.row("locations", "locations/s", "hub CPU us/location", "hub resident MiB", "its peak");
    try (Sandbox sandbox = Sandbox.start(SandboxSettings.forTests(Server.KAFKA));
        Hub hub = Hub.start(sandbox);
        PingClient stream = GrpcPings.streams(pings, hub.grpcPort(), 1)) {
      long before = awaitReady(hub);
      Tenths tenths = new Tenths(hub.jvm(), tenth, report);
      long acknowledged = stream.send(tenths::more);
      assertThat(acknowledged).isEqualTo(tenth * TENTHS);
      assertThat(published(sandbox)).isEqualTo(before + acknowledged);
      report.line(
          "Kafka has exactly the %,d records that were acknowledged.".formatted(acknowledged));
      report.write("endless-stream.md");
      assertThat(tenths.peaks.get(TENTHS - 1)).isLessThan(tenths.peaks.get(1) * GROWTH);
    }
  }

  /** Counts a stream's locations, and notes each tenth of them; one thread asks. */
  private static final class Tenths {
    private final MeasuredJvm hub;
    private final long tenth;
    private final Report report;
    private final List<Double> peaks = new ArrayList<>();
    private long sent;
    private long begun = System.nanoTime();
    private Duration cpu;

    Tenths(MeasuredJvm hub, long tenth, Report report) {
      this.hub = hub;
      this.tenth = tenth;
      this.report = report;
      cpu = hub.cpu();
    }

    boolean more() {
      if (sent > 0 && sent % tenth == 0) {
        note();
      }
      return sent++ < tenth * TENTHS;
    }

    private void note() {
      long now = System.nanoTime();
      Duration used = hub.cpu();
      MeasuredJvm.Resident resident = hub.resident();
      peaks.add(resident.peakMib());
      report.row(
          "%,d".formatted(sent),
          "%,.0f".formatted(tenth * 1e9 / (now - begun)),
          "%.1f".formatted(used.minus(cpu).toNanos() / 1e3 / tenth),
          "%,.0f".formatted(resident.mib()),
          "%,.0f".formatted(resident.peakMib()));
      begun = now;
      cpu = used;
    }
  }
}
