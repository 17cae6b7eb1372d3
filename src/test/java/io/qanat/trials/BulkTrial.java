package io.qanat.trials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sixty records, each as large as Kafka takes them, wait for a hub that has a heap of 384 MB and
 * takes its time to poll all of them together.
 *
 * <p>Protection: a batch is bounded by its bytes. As trees, before the first of them is written,
 * they would need several times the heap.
 */
@ExtendWith(World.Shared.class)
class BulkTrial {
  private static final TrialFlow FLOW = FreeRecords.FLOW;

  /** Not the flow's, which other trials replay. */
  private static final String TOPIC = "qanat.records-bulk";

  private static final int RECORDS = 60;
  private static final int ROWS = 5_000;

  @TempDir Path home;

  @Test
  @DisplayName("T34 sixty records of a megabyte are polled at once")
  void keepsSixtyRecordsOfAMegabyteThatArePolledAtOnce(World world) throws Exception {
    Homes.copy(home);
    Path route = home.resolve("routes/records/" + FLOW.lane() + ".camel.yaml");
    String group = "group: " + FLOW.lane() + "\n";
    String patient =
        group + "        topic: " + TOPIC + "\n        lingerMs: 20000\n        idleMs: 3000\n";
    Files.writeString(route, Files.readString(route).replace(group, patient));
    world.hub().stop(Duration.ofSeconds(25));
    List<String> keys = write(world);
    int dead = world.kafka().read(FLOW.deadLetters()).size();

    Map<String, String> properties = world.properties();
    properties.put("qanat.home", home.toString());
    try (HubProcess hub = new HubProcess("bulk", properties)) {
      hub.start();
      await("all of them are settled")
          .atMost(Duration.ofMinutes(3))
          .failFast("a batch failed", () -> hub.log().contains("Error during processing"))
          .until(() -> world.kafka().lag(TOPIC, FLOW.lanes()) == 0);

      assertThat(kept(world)).containsExactlyInAnyOrderElementsOf(keys);
      assertThat(world.kafka().read(FLOW.deadLetters())).hasSize(dead);
      assertThat(hub.management("/actuator/health/liveness")).isEqualTo(200);
    } finally {
      // The embedded server reads a collection as a whole into its small heap.
      world.mongoDb().collection(FLOW.name()).deleteMany(Filters.in("data.kind", keys));
    }
  }

  /** Writes the records as another program would, and tells their keys. */
  private static List<String> write(World world) throws Exception {
    Random random = Seed.random("bulk");
    String rows =
        IntStream.range(0, ROWS)
            .mapToObj(("{\"n\":%d,\"text\":\"" + "abcde ".repeat(30) + "\"}")::formatted)
            .collect(Collectors.joining(",", "{\"rows\":[", "],"));
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      Change change = new Change(FLOW.key("bulk", i), i);
      String value = rows + FLOW.body(change, random).substring(1);
      var record = new ProducerRecord<>(TOPIC, change.key().getBytes(UTF_8), value.getBytes(UTF_8));
      record.headers().add("ce_id", record.key());
      record.headers().add("ce_type", FLOW.eventType().getBytes(UTF_8));
      world.kafka().write(record);
      keys.add(change.key());
    }
    return keys;
  }

  /** The keys of the documents, which are too large to be read all at once. */
  private static List<String> kept(World world) {
    return world
        .mongoDb()
        .collection(FLOW.name())
        .find()
        .projection(Projections.include("data.kind"))
        .map(document -> document.getDocument("data").getString("kind").getValue())
        .into(new ArrayList<>());
  }
}
