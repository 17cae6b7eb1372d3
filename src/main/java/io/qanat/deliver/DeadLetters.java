package io.qanat.deliver;

import io.qanat.deliver.Batch.RawRecord;
import io.qanat.kafka.HubHeaders;
import io.qanat.kafka.KafkaClients;
import io.qanat.kafka.Topics;
import jakarta.annotation.PreDestroy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Publishes rejected records to {@code dlq.<flow>.<sink>}: key, value and headers byte for byte,
 * with the reason in headers {@code __dlq.errors.*} (after KIP-1191). Own headers of an earlier
 * life are overwritten, and the message is bounded, so that a dead letter does not grow each time
 * it dies.
 */
@Component
class DeadLetters {
  static final String PREFIX = HubHeaders.ERRORS;

  /**
   * A dead letter is its record and the headers that tell why; the hub's own records hold at most 1
   * MiB.
   */
  private static final int MAX_BYTES = 2 * 1024 * 1024;

  private static final int MAX_TEXT_BYTES = 1_024;

  private final KafkaClients clients;
  private final Topics topics;
  private final Set<String> known = ConcurrentHashMap.newKeySet();
  private @Nullable Producer<byte[], byte[]> producer;

  DeadLetters(KafkaClients clients, Topics topics) {
    this.clients = clients;
    this.topics = topics;
  }

  static String topic(String flow, String sink) {
    return "dlq." + flow + "." + sink;
  }

  /**
   * A record to bury, and why.
   *
   * @param raw the record
   * @param failure why it was rejected
   * @param attempts how often the sink was given it
   */
  record DeadLetter(RawRecord raw, Failure failure, int attempts) {}

  /**
   * Publishes the dead letters and returns once Kafka has acknowledged all of them.
   *
   * @throws KafkaException if it has not; then some may be on Kafka all the same
   */
  void publish(String flow, String sink, List<DeadLetter> letters) {
    if (letters.isEmpty()) {
      return;
    }
    String topic = topic(flow, sink);
    if (!known.contains(topic)) {
      topics.createBeside(
          letters.get(0).raw().record().topic(),
          topic,
          // A dead letter waits for a person, however long that takes.
          Map.of("max.message.bytes", Integer.toString(MAX_BYTES), "retention.ms", "-1"));
      known.add(topic);
    }
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    letters.forEach(l -> sent.add(producer().send(record(topic, sink, l))));
    for (Future<RecordMetadata> f : sent) {
      try {
        f.get();
      } catch (ExecutionException e) {
        throw new KafkaException(e.getCause().getMessage(), e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new KafkaException(e);
      }
    }
  }

  static ProducerRecord<byte[], byte[]> record(String topic, String sink, DeadLetter letter) {
    ConsumerRecord<byte[], byte[]> source = letter.raw().record();
    Headers headers = new RecordHeaders();
    source
        .headers()
        .forEach(
            h -> {
              if (!h.key().startsWith(PREFIX)) {
                headers.add(h);
              }
            });
    Failure failure = letter.failure();
    add(headers, "topic", source.topic());
    add(headers, "partition", Integer.toString(source.partition()));
    add(headers, "offset", Long.toString(source.offset()));
    add(headers, "message", failure.message());
    add(headers, "code", failure.code());
    add(headers, "class", failure.failureClass().name());
    add(headers, "sink", sink);
    add(headers, "attempts", Integer.toString(letter.attempts()));
    add(headers, "time", Instant.now().toString());
    if (!failure.fields().isEmpty()) {
      add(headers, "fields", String.join(",", failure.fields()));
    }
    return new ProducerRecord<>(topic, null, null, source.key(), source.value(), headers);
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(PREFIX + name, bounded(value));
  }

  private static byte[] bounded(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MAX_TEXT_BYTES) {
      return bytes;
    }
    int end = MAX_TEXT_BYTES;
    while ((bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return java.util.Arrays.copyOf(bytes, end);
  }

  private synchronized Producer<byte[], byte[]> producer() {
    if (producer == null) {
      producer = clients.producer(MAX_BYTES);
    }
    return producer;
  }

  @PreDestroy
  synchronized void close() {
    if (producer != null) {
      producer.close();
    }
  }
}
