package io.qanat.deliver;

import io.qanat.Lane;
import io.qanat.kafka.HubHeaders;
import io.qanat.kafka.HubTopic;
import io.qanat.kafka.RecordDigest;
import io.qanat.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Makes rejected records ready for {@code dlq.<flow>.<sink>}: key, value and headers byte for byte,
 * with the reason in headers {@code __dlq.errors.*} (after KIP-1191). Own headers of an earlier
 * life are overwritten, and the message is bounded, so that a dead letter does not grow each time
 * it dies. Of a record that is larger than its topic takes, which other producers can write by
 * compressing it, the letter is abridged: it has no value, and no key and headers if these alone
 * are too large.
 */
@Component
class DeadLetters {
  static final String PREFIX = HubHeaders.ERRORS;

  private static final int MAX_TEXT_BYTES = 1_024;

  /** What a letter has of its record; the rest is for the reason, and for what Kafka adds. */
  private static final int MAX_BYTES = HubTopic.MAX_DEAD_LETTER_BYTES - 16 * 1_024;

  /** What Kafka adds to a header, at most: the lengths of its name and value. */
  private static final int HEADER_BYTES = 10;

  private final Topics topics;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  DeadLetters(Topics topics) {
    this.topics = topics;
  }

  /**
   * A record to bury, and why.
   *
   * @param raw the record
   * @param failure why it was rejected
   * @param attempts how often the sink was given it
   */
  record DeadLetter(ConsumerRecord<byte[], byte[]> raw, Failure failure, int attempts) {}

  /** The records that bury these letters, whose topic is there from now on. */
  List<ProducerRecord<byte[], byte[]>> records(Lane lane, List<DeadLetter> letters) {
    if (!letters.isEmpty() && !known.contains(lane.id())) {
      topics.ensure(HubTopic.deadLetters(lane));
      known.add(lane.id());
    }
    return letters.stream().map(l -> record(lane, l)).toList();
  }

  static ProducerRecord<byte[], byte[]> record(Lane lane, DeadLetter letter) {
    ConsumerRecord<byte[], byte[]> source = letter.raw();
    long head = length(source.key()) + length(source.headers());
    boolean keepsHead = head <= MAX_BYTES;
    boolean isWhole = head + length(source.value()) <= MAX_BYTES;
    Headers headers = new RecordHeaders();
    if (keepsHead) {
      source
          .headers()
          .forEach(
              h -> {
                if (!h.key().startsWith(PREFIX)) {
                  headers.add(h);
                }
              });
    }
    addReason(headers, lane, letter);
    if (!isWhole) {
      HubHeaders.set(headers, HubHeaders.ABRIDGED, RecordDigest.of(source));
    }
    // In the partition of its source, whose receipt looks for it there.
    return new ProducerRecord<>(
        lane.deadLetterTopic(),
        source.partition(),
        null,
        keepsHead ? source.key() : null,
        isWhole ? source.value() : null,
        headers);
  }

  private static long length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  private static long length(Headers headers) {
    long bytes = 0;
    for (Header header : headers) {
      bytes += Utils.utf8Length(header.key()) + length(header.value()) + HEADER_BYTES;
    }
    return bytes;
  }

  private static void addReason(Headers headers, Lane lane, DeadLetter letter) {
    ConsumerRecord<byte[], byte[]> source = letter.raw();
    Failure failure = letter.failure();
    add(headers, "topic", source.topic());
    add(headers, "partition", Integer.toString(source.partition()));
    add(headers, "offset", Long.toString(source.offset()));
    add(headers, "message", failure.message());
    add(headers, "code", failure.code());
    add(headers, "class", failure.failureClass().name());
    add(headers, "sink", lane.sink());
    add(headers, "attempts", Integer.toString(letter.attempts()));
    add(headers, "time", Instant.now().toString());
    if (!failure.fields().isEmpty()) {
      add(headers, "fields", String.join(",", failure.fields()));
    }
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
}
