package io.qanat.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.qanat.deliver.Event;
import io.qanat.kafka.HubHeaders;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLetterDecoderTest {
  private static final long WRITTEN = 1_700_000_000_000L;

  private final Map<String, String> headers = new LinkedHashMap<>();

  DeadLetterDecoderTest() {
    error("topic", "qanat.contacts");
    error("partition", "3");
    error("offset", "10");
    error("message", "too long");
    error("code", "STRING_TOO_LONG");
    error("class", "POISON");
    error("sink", "salesforce");
    error("attempts", "1");
    error("time", "2026-01-31T12:00:00.123456Z");
    error("fields", "LastName,Email");
    headers.put("ce_id", "e-1");
    headers.put("ce_type", "contact.upserted");
  }

  private void error(String name, String value) {
    headers.put(HubHeaders.ERRORS + name, value);
  }

  private Event decode(String topic, @Nullable String key, @Nullable String value) {
    RecordHeaders all = new RecordHeaders();
    headers.forEach((n, v) -> all.add(n, v.getBytes(StandardCharsets.UTF_8)));
    return new DeadLetterDecoder()
        .decode(
            new ConsumerRecord<>(
                topic,
                5,
                77,
                WRITTEN,
                TimestampType.CREATE_TIME,
                -1,
                -1,
                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                value == null ? null : value.getBytes(StandardCharsets.UTF_8),
                all,
                Optional.empty()));
  }

  private Event decode() {
    return decode("dlq.contacts.salesforce", "c-1", "<not json>");
  }

  private static String id(Event event) {
    return event.data().path(DeadLetterDecoder.ID).asText();
  }

  private static Death death(Event event) {
    return (Death) Happening.of(event.data().path(DeadLetterDecoder.HAPPENING)).orElseThrow();
  }

  @Test
  void readsWhatTheHubWrote() {
    Event event = decode();

    assertThat(id(event)).isEqualTo("contacts.salesforce-3-10");
    Death death = death(event);
    assertThat(death.record()).isEqualTo(Samples.record(10));
    assertThat(death.deadLetter()).hasToString("dlq.contacts.salesforce-5@77");
    assertThat(death.at()).hasToString("2026-01-31T12:00:00.123456Z");
    assertThat(death.reason().code()).isEqualTo("STRING_TOO_LONG");
    assertThat(death.reason().fields()).containsExactly("LastName", "Email");
    assertThat(death.event()).isEqualTo(new Death.Envelope("c-1", "e-1", "contact.upserted"));
    assertThat(death.redrive()).isZero();
  }

  @Test
  void knowsARedrivenRecordByItsOriginal() {
    headers.put(HubHeaders.REDRIVE_SINK, "salesforce");
    headers.put(HubHeaders.REDRIVE_OF, "contacts-3-4");
    headers.put(HubHeaders.REDRIVE_COUNT, "2");

    Event event = decode();

    assertThat(id(event)).isEqualTo("contacts.salesforce-3-4");
    assertThat(death(event).record()).isEqualTo(Samples.record(10));
    assertThat(death(event).redrive()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"contacts-4-4", "contacts-3-10", "contacts-3-11", "orders-3-4", "x", ""})
  void takesARecordForItselfThatClaimsAnImpossibleOriginal(String of) {
    headers.put(HubHeaders.REDRIVE_SINK, "salesforce");
    headers.put(HubHeaders.REDRIVE_OF, of);
    headers.put(HubHeaders.REDRIVE_COUNT, "1");

    assertThat(id(decode())).isEqualTo("contacts.salesforce-3-10");
    assertThat(death(decode()).redrive()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "topic,qanat.orders",
    "topic,''",
    "partition,-1",
    "partition,x",
    "offset,''",
    "offset,99999999999999999999",
    "partition,99999999999"
  })
  void passesOverARecordThatDoesNotTellWhichRecordDied(String header, String value) {
    error(header, value);

    assertThat(id(decode())).isEmpty();
  }

  @Test
  void passesOverARecordOfSomebodyElse() {
    headers.keySet().removeIf(n -> n.startsWith(HubHeaders.ERRORS));

    assertThat(id(decode())).isEmpty();
    assertThat(id(decode("dlq.x", null, null))).isEmpty();
  }

  @Test
  void takesOfADeadLetterWhatCanBeRead() {
    headers
        .keySet()
        .retainAll(
            java.util.Set.of(
                "__dlq.errors.topic", "__dlq.errors.partition", "__dlq.errors.offset"));
    error("time", "yesterday");
    error("attempts", "many");

    Event event = decode("dlq.contacts.salesforce", null, null);

    assertThat(id(event)).isEqualTo("contacts.salesforce-3-10");
    assertThat(death(event).at().toEpochMilli()).isEqualTo(WRITTEN);
    assertThat(death(event).reason().code()).isEqualTo("NO_CODE");
    assertThat(death(event).reason().attempts()).isZero();
    assertThat(death(event).event()).isEqualTo(new Death.Envelope("", "", ""));
  }

  @Test
  void readsTheAudit() {
    Event event =
        decode(
            Audit.TOPIC,
            "k",
            """
            {"at":"2026-01-31T12:00:00Z","by":"hub","action":"delivered",
             "deadLetter":"contacts.salesforce-3-10","to":"contacts-3-20"}""");

    assertThat(id(event)).isEqualTo("contacts.salesforce-3-10");
    assertThat(Happening.of(event.data().path(DeadLetterDecoder.HAPPENING)))
        .contains(Samples.delivered(20, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{\"action\":\"sung\",\"deadLetter\":\"contacts.salesforce-3-10\"}",
        "{\"action\":\"delivered\",\"deadLetter\":\"x\"}"
      })
  void passesOverAnAuditRecordOfSomebodyElse(String value) {
    assertThat(id(decode(Audit.TOPIC, "k", value))).isEmpty();
    assertThat(id(decode(Audit.TOPIC, null, null))).isEmpty();
  }

  @Test
  void givesEachRecordAKeyOfItsOwn() {
    assertThat(decode().key()).isEqualTo("dlq.contacts.salesforce-5@77");
  }
}
