package io.qanat.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** What waits on a Kafka broker to be delivered. */
final class Backlog {
  /** How many partitions each of its topics has. */
  static final int PARTITIONS = 6;

  private final String servers;

  Backlog(String servers) {
    this.servers = servers;
  }

  /** Makes topics. */
  Backlog topics(String... names) throws ExecutionException, InterruptedException {
    try (Admin admin = admin()) {
      admin
          .createTopics(
              Arrays.stream(names)
                  .map(name -> new NewTopic(name, Optional.of(PARTITIONS), Optional.empty()))
                  .toList())
          .all()
          .get();
    }
    return this;
  }

  /** Puts records on their topics, in order. */
  void publish(Stream<ProducerRecord<String, byte[]>> records) {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            // One request at a time: several to a partition that is not led yet may never get in
            // order.
            Map.of(
                "bootstrap.servers",
                servers,
                "linger.ms",
                5,
                "max.in.flight.requests.per.connection",
                1),
            new StringSerializer(),
            new ByteArraySerializer())) {
      records.forEach(
          record -> {
            var unused = producer.send(record);
          });
    }
  }

  /**
   * An event of the hub.
   *
   * @param partition where it goes; null lets its key decide
   * @param envelope the attributes that differ from event to event, by their names in CloudEvents
   */
  static ProducerRecord<String, byte[]> event(
      String topic,
      @Nullable Integer partition,
      String key,
      String value,
      Map<String, String> envelope) {
    ProducerRecord<String, byte[]> event =
        new ProducerRecord<>(topic, partition, key, value.getBytes(UTF_8));
    Map.of("ce_specversion", "1.0", "ce_subject", key, "content-type", "application/json")
        .forEach((name, text) -> event.headers().add(name, text.getBytes(UTF_8)));
    envelope.forEach((name, text) -> event.headers().add("ce_" + name, text.getBytes(UTF_8)));
    return event;
  }

  /** Lets the next consumer of a group begin with the first record again. */
  void forget(String group) {
    try (Admin admin = admin()) {
      Awaitility.await("the group " + group + " is deleted")
          .atMost(Duration.ofMinutes(1))
          .until(
              () -> {
                try {
                  admin.deleteConsumerGroups(List.of(group)).all().get();
                  return true;
                } catch (ExecutionException e) {
                  return e.getCause() instanceof GroupIdNotFoundException;
                }
              });
    }
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", servers));
  }
}
