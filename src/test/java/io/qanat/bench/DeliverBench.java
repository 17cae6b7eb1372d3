package io.qanat.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A backlog of contacts on Kafka, delivered into the stand-in by a hub that only delivers. */
class DeliverBench {
  private static final String TOPIC = "qanat.contacts";
  private static final JsonMapper JSON = new JsonMapper();
  private static final Posts CONTACTS = Posts.contacts();

  private final int contacts = BenchSettings.contacts();

  /** A hub and the events that it delivers. */
  private record Scenario(String name, boolean keyed, Starter hub, List<Run> runs) {
    double median(ToDoubleFunction<Run> figure) {
      return Figures.median(runs.stream().mapToDouble(figure).boxed().toList());
    }
  }

  private interface Starter {
    MeasuredJvm start(List<String> arguments);
  }

  private record Run(double rate, double warmRate, double cpuMicros, double calls) {}

  @Test
  void deliversABacklogInFullCalls() throws Exception {
    List<Scenario> scenarios = new ArrayList<>();
    Starter hub = arguments -> MeasuredJvm.hub("deliver", arguments);
    scenarios.add(new Scenario("hub", false, hub, new ArrayList<>()));
    scenarios.add(
        BenchSettings.other()
            .map(
                home ->
                    new Scenario(
                        "other hub",
                        false,
                        arguments -> MeasuredJvm.hub("deliver-other", home, arguments),
                        new ArrayList<>()))
            .orElseGet(
                () ->
                    new Scenario(
                        "hub, each with an Idempotency-Key", true, hub, new ArrayList<>())));
    List<Scenario> turns = new ArrayList<>(scenarios);
    for (int i = 0; i < BenchSettings.rounds(); i++) {
      for (Scenario scenario : turns) {
        scenario.runs().add(run(scenario));
      }
      Collections.rotate(turns, 1);
    }
    report(scenarios);
  }

  private Run run(Scenario scenario) throws Exception {
    try (Sandbox sandbox =
        Sandbox.start(SandboxSettings.forTests(Server.KAFKA, Server.MONGODB, Server.SALESFORCE))) {
      publish(sandbox.kafka().bootstrapServers(), scenario.keyed());
      URI stats = sandbox.salesforce().url().resolve("/__sim/stats");
      List<String> arguments =
          new ArrayList<>(
              List.of("--qanat.roles=deliver", "--server.port=0", "--management.server.port=0"));
      sandbox.properties().forEach((name, value) -> arguments.add("--" + name + "=" + value));
      try (MeasuredJvm hub = scenario.hub().start(arguments)) {
        long first = awaitWritten(stats, 1);
        Duration cpu = hub.cpu();
        long begun = written(stats);
        long half = awaitWritten(stats, contacts / 2);
        long atHalf = written(stats);
        long all = awaitWritten(stats, contacts);
        JsonNode counted = read(stats);
        assertThat(counted.path("recordsWritten").asInt()).isEqualTo(contacts);
        assertThat(counted.path("writesPerKeyMax").asInt()).isEqualTo(1);
        return new Run(
            (contacts - begun) / seconds(all - first),
            (contacts - atHalf) / seconds(all - half),
            hub.cpu().minus(cpu).toNanos() / 1e3 / contacts,
            counted.path("apiUsage").asDouble() * 1_000 / contacts);
      }
    }
  }

  private void report(List<Scenario> scenarios) throws IOException {
    Report report =
        new Report("%,d contacts delivered from Kafka to Salesforce".formatted(contacts));
    report.row(
        "hub",
        "contacts/s",
        "of these the second half/s",
        "app CPU us/contact",
        "Salesforce calls per 1,000");
    for (Scenario s : scenarios) {
      for (Run r : s.runs()) {
        row(report, s.name(), r.rate(), r.warmRate(), r.cpuMicros(), r.calls());
      }
    }
    for (Scenario s : scenarios) {
      row(
          report,
          s.name() + ", median",
          s.median(Run::rate),
          s.median(Run::warmRate),
          s.median(Run::cpuMicros),
          s.median(Run::calls));
    }
    Scenario hub = scenarios.get(0);
    for (Scenario s : scenarios.subList(1, scenarios.size())) {
      report.line(
          "Ratio hub / %s: %.2f of the contacts/s, %.2f of the second half, %.2f of the CPU."
              .formatted(
                  s.name(),
                  hub.median(Run::rate) / s.median(Run::rate),
                  hub.median(Run::warmRate) / s.median(Run::warmRate),
                  hub.median(Run::cpuMicros) / s.median(Run::cpuMicros)));
    }
    report.line("Wanted: at most 5 calls per 1,000 contacts.");
    report.write("deliver.md");
  }

  private static void row(
      Report report, String name, double rate, double warmRate, double cpu, double calls) {
    report.row(
        name,
        "%.0f".formatted(rate),
        "%.0f".formatted(warmRate),
        "%.0f".formatted(cpu),
        "%.2f".formatted(calls));
  }

  private void publish(String servers, boolean keyed)
      throws ExecutionException, InterruptedException {
    new Backlog(servers)
        .topics(TOPIC)
        .publish(IntStream.rangeClosed(1, contacts).mapToObj(i -> event(i, keyed)));
  }

  private static ProducerRecord<String, byte[]> event(int i, boolean keyed) {
    Map<String, String> envelope =
        new HashMap<>(
            Map.of(
                "id",
                UUID.randomUUID().toString(),
                "type",
                "contact.upserted",
                "source",
                "/contacts",
                "time",
                Instant.now().toString()));
    if (keyed) {
      envelope.put("idempotencykey", "order-" + i);
    }
    return Backlog.event(
        TOPIC, null, Posts.externalId(i), new String(CONTACTS.body(i), UTF_8), envelope);
  }

  /** When the stand-in was seen to hold so many. */
  private static long awaitWritten(URI stats, long wanted) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(10))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> written(stats) >= wanted);
    return System.nanoTime();
  }

  private static long written(URI stats) throws IOException {
    return read(stats).path("recordsWritten").asLong();
  }

  private static JsonNode read(URI stats) throws IOException {
    try (InputStream answer = stats.toURL().openStream()) {
      return JSON.readTree(answer);
    }
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }
}
