package io.qanat.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.qanat.kafka.HubHeaders;
import io.qanat.kafka.Position;
import io.qanat.kafka.RecordDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KafkaPayloadsTest {
  private static final Death DEATH = Samples.died(7, 0, 1);

  private final Map<Position, ConsumerRecord<byte[], byte[]>> topics = new HashMap<>();
  private final Payloads payloads = new KafkaPayloads(at -> Optional.ofNullable(topics.get(at)));
  private final ConsumerRecord<byte[], byte[]> record = record(DEATH.record(), "large");
  private final ConsumerRecord<byte[], byte[]> letter = record(DEATH.deadLetter(), "");

  private static ConsumerRecord<byte[], byte[]> record(Position at, String value) {
    return new ConsumerRecord<>(
        at.topic(), at.partition(), at.offset(), new byte[] {1}, value.getBytes(UTF_8));
  }

  @BeforeEach
  void bury() {
    topics.put(DEATH.record(), record);
    topics.put(DEATH.deadLetter(), letter);
    HubHeaders.set(letter.headers(), "__dlq.errors.partition", "" + DEATH.record().partition());
    HubHeaders.set(letter.headers(), "__dlq.errors.offset", "" + DEATH.record().offset());
  }

  @Test
  void readsTheLetterItself() {
    assertThat(payloads.read(DEATH)).containsSame(letter);
  }

  @Test
  void readsTheRecordOfAnAbridgedLetter() {
    HubHeaders.set(letter.headers(), HubHeaders.ABRIDGED, RecordDigest.of(record));

    assertThat(payloads.read(DEATH)).containsSame(record);
  }

  @Test
  void showsNoOtherRecordThatCameIntoThePlaceOfAnAbridgedOne() {
    HubHeaders.set(letter.headers(), HubHeaders.ABRIDGED, RecordDigest.of(record));
    topics.put(DEATH.record(), record(DEATH.record(), "another"));

    assertThat(payloads.read(DEATH)).isEmpty();
  }

  @Test
  void showsNoOtherLetterThatCameIntoThePlaceOfThisOne() {
    HubHeaders.set(letter.headers(), "__dlq.errors.offset", "8");

    assertThat(payloads.read(DEATH)).isEmpty();
  }
}
