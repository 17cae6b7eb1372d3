package io.qanat.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaIT {
  private static final String TOPIC = "water";

  @TempDir private Path folder;

  @Test
  void keepsRecordsOffsetsAndIdentityOverAStopAndAKill() throws Exception {
    try (Kafka kafka = Kafka.start(folder, 0)) {
      String clusterId = clusterId(kafka);
      send(kafka, "one");
      assertThat(read(kafka, 1)).containsExactly("one");

      kafka.stop();
      kafka.start();
      send(kafka, "two");
      assertThat(read(kafka, 1)).as("the committed offset is kept").containsExactly("two");

      send(kafka, "three");
      kafka.kill();
      kafka.start();
      assertThat(read(kafka, 1)).as("an acknowledged record is kept").containsExactly("three");
      assertThat(clusterId(kafka)).isEqualTo(clusterId);
    }
  }

  @Test
  void answersAgainAfterAPause() throws Exception {
    try (Kafka kafka = Kafka.start(folder, 0)) {
      kafka.pause();
      kafka.resume();

      send(kafka, "one");

      assertThat(read(kafka, 1)).containsExactly("one");
    }
  }

  private static String clusterId(Kafka kafka) throws Exception {
    try (Admin admin =
        Admin.create(
            Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
      return admin.describeCluster().clusterId().get();
    }
  }

  private static void send(Kafka kafka, String value) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.bootstrapServers(),
                ProducerConfig.ACKS_CONFIG,
                "all"),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>(TOPIC, "key", value)).get();
    }
  }

  private static List<String> read(Kafka kafka, int count) {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.bootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG,
                "readers",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                6000),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.subscribe(List.of(TOPIC));
      List<String> values = new ArrayList<>();
      Awaitility.await()
          .pollInSameThread()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                for (ConsumerRecord<String, String> record :
                    consumer.poll(Duration.ofMillis(200))) {
                  values.add(record.value());
                }
                return values.size() >= count;
              });
      consumer.commitSync();
      return values;
    }
  }
}
