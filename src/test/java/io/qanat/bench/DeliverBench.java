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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A backlog of contacts on Kafka, delivered into the stand-in by a hub that only delivers. */
class DeliverBench {
  private static final String TOPIC = "qanat.contacts";
  private static final JsonMapper JSON = new JsonMapper();

  private final int contacts = BenchSettings.contacts();

  @Test
  void deliversABacklogInFullCalls() throws Exception {
    try (Sandbox sandbox =
        Sandbox.start(SandboxSettings.forTests(Server.KAFKA, Server.SALESFORCE))) {
      publish(sandbox.kafka().bootstrapServers());
      URI stats = sandbox.salesforce().url().resolve("/__sim/stats");
      List<String> arguments =
          new ArrayList<>(
              List.of("--qanat.roles=deliver", "--server.port=0", "--management.server.port=0"));
      sandbox.properties().forEach((name, value) -> arguments.add("--" + name + "=" + value));
      try (MeasuredJvm hub = MeasuredJvm.hub("deliver", arguments)) {
        long first = awaitWritten(stats, 1);
        Duration cpu = hub.cpu();
        long begun = written(stats);
        long half = awaitWritten(stats, contacts / 2);
        long atHalf = written(stats);
        long all = awaitWritten(stats, contacts);
        report(
            read(stats),
            (contacts - begun) / seconds(all - first),
            (contacts - atHalf) / seconds(all - half),
            hub.cpu().minus(cpu).toNanos() / 1e3 / contacts);
      }
    }
  }

  private void report(JsonNode stats, double rate, double warmRate, double cpuMicros)
      throws IOException {
    double calls = stats.path("apiUsage").asDouble() * 1_000 / contacts;
    Report report = new Report("Contacts delivered from Kafka to Salesforce");
    report.row(
        "contacts",
        "contacts/s",
        "of these the second half/s",
        "app CPU us/contact",
        "Salesforce calls per 1,000");
    report.row(
        "%,d".formatted(contacts),
        "%.0f".formatted(rate),
        "%.0f".formatted(warmRate),
        "%.0f".formatted(cpuMicros),
        "%.2f".formatted(calls));
    report.line("Calls: " + stats.path("callsByRoute") + ", wanted: at most 5 per 1,000 contacts.");
    report.write("deliver.md");
    assertThat(stats.path("recordsWritten").asInt()).isEqualTo(contacts);
    assertThat(stats.path("writesPerKeyMax").asInt()).isEqualTo(1);
  }

  private void publish(String servers)
      throws IOException, ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      admin
          .createTopics(List.of(new NewTopic(TOPIC, Optional.of(6), Optional.empty())))
          .all()
          .get();
    }
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", servers, "linger.ms", 5),
            new StringSerializer(),
            new ByteArraySerializer())) {
      for (int i = 1; i <= contacts; i++) {
        var unused = producer.send(event(i));
      }
    }
  }

  private static ProducerRecord<String, byte[]> event(int i) {
    String key = ClosedLoop.externalId(i);
    ProducerRecord<String, byte[]> event = new ProducerRecord<>(TOPIC, key, ClosedLoop.body(i));
    Map.of(
            "ce_specversion", "1.0",
            "ce_id", UUID.randomUUID().toString(),
            "ce_type", "contact.upserted",
            "ce_source", "/contacts",
            "ce_time", Instant.now().toString(),
            "ce_subject", key,
            "content-type", "application/json")
        .forEach((name, value) -> event.headers().add(name, value.getBytes(UTF_8)));
    return event;
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
