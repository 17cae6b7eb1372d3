package io.qanat.deadletter;

import static io.qanat.deadletter.Samples.ID;
import static io.qanat.deadletter.Samples.died;
import static io.qanat.deadletter.Samples.redriven;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.qanat.kafka.HubHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class RedriverTest {
  private static final byte[] KEY = {1, 2};
  private static final byte[] VALUE = {(byte) 0xff, 0, 3};

  private static ConsumerRecord<byte[], byte[]> dead() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("ce_id", bytes("e-1"));
    headers.add("twice", bytes("a"));
    headers.add("twice", new byte[] {(byte) 0xfe});
    headers.add(HubHeaders.ERRORS + "code", bytes("X"));
    headers.add(HubHeaders.REDRIVE_SINK, bytes("stale"));
    headers.add(HubHeaders.REDRIVE_OF, bytes("stale"));
    headers.add(HubHeaders.REDRIVE_COUNT, bytes("7"));
    return new ConsumerRecord<>(
        "dlq.contacts.salesforce",
        3,
        110,
        1L,
        TimestampType.CREATE_TIME,
        -1,
        -1,
        KEY,
        VALUE,
        headers,
        Optional.empty());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void standsForTheOriginalByteForByte() {
    DeadLetter letter = DeadLetter.of(ID, List.of(died(10, 0, 1), redriven(20, 2), died(20, 1, 3)));

    ProducerRecord<byte[], byte[]> record = Redriver.record(letter, dead(), null);

    assertThat(record.topic()).isEqualTo("qanat.contacts");
    assertThat(record.partition()).isEqualTo(3);
    assertThat(record.key()).isEqualTo(KEY);
    assertThat(record.value()).isEqualTo(VALUE);
    List<String> headers = new ArrayList<>();
    record
        .headers()
        .forEach(
            h -> headers.add(h.key() + "=" + new String(h.value(), StandardCharsets.ISO_8859_1)));
    assertThat(headers)
        .containsExactly(
            "ce_id=e-1",
            "twice=a",
            "twice=\u00fe",
            "qanat_redrive_sink=salesforce",
            "qanat_redrive_of=contacts-3-10",
            "qanat_redrive_count=2");
  }

  @Test
  void takesACorrectionInThePlaceOfThePayload() {
    DeadLetter letter = DeadLetter.of(ID, List.of(died(10, 0, 1)));

    ProducerRecord<byte[], byte[]> record =
        Redriver.record(letter, dead(), JsonNodeFactory.instance.objectNode().put("a", "é"));

    assertThat(new String(record.value(), StandardCharsets.UTF_8)).isEqualTo("{\"a\":\"é\"}");
    assertThat(record.key()).isEqualTo(KEY);
  }
}
