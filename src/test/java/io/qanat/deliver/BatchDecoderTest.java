package io.qanat.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.qanat.kafka.Position;
import io.qanat.kafka.Redrive;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.DefaultKafkaManualCommit;
import org.apache.camel.component.kafka.consumer.KafkaManualCommitFactory.CamelExchangePayload;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records as camel-kafka hands them over, by index. */
class BatchDecoderTest {
  private static final Map<String, String> ENVELOPE =
      Map.of("ce_id", "1", "ce_type", "contact.upserted", "ce_time", "2026-11-21T10:00:00Z");

  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final List<Exchange> polled = new ArrayList<>();
  private final MockConsumer<byte[], byte[]> consumer =
      new MockConsumer<>(OffsetResetStrategy.EARLIEST);

  @AfterEach
  void close() throws Exception {
    camel.close();
  }

  private BatchDecoderTest polled(
      byte @Nullable [] key, byte @Nullable [] value, Map<String, byte[]> headers) {
    Exchange exchange = new DefaultExchange(camel);
    Message message = exchange.getMessage();
    long offset = polled.size();
    RecordHeaders record = new RecordHeaders();
    headers.forEach(record::add);
    message.setHeader(KafkaConstants.TOPIC, "qanat.contacts");
    message.setHeader(KafkaConstants.PARTITION, 3);
    message.setHeader(KafkaConstants.OFFSET, offset);
    message.setHeader(KafkaConstants.TIMESTAMP, 86_400_000L);
    message.setHeader(KafkaConstants.HEADERS, record);
    message.setHeader(
        KafkaConstants.MANUAL_COMMIT,
        new DefaultKafkaManualCommit(new CamelExchangePayload(exchange, consumer, "", null), null) {
          @Override
          public void commit() {
            throw new AssertionError("all partitions are committed at once");
          }
        });
    if (key != null) {
      message.setHeader(KafkaConstants.KEY, key);
    }
    message.setBody(value);
    polled.add(exchange);
    return this;
  }

  private BatchDecoderTest polled(String key, String value) {
    return polled(bytes(key), bytes(value), utf8(ENVELOPE));
  }

  private OutcomeAssert decoded() {
    return OutcomeAssert.assertThat(outcome(decode()));
  }

  private Batch decode() {
    return decode("");
  }

  private Batch decode(String foreignType) {
    BatchDecoder decoder = new BatchDecoder();
    decoder.setFlow("contacts");
    decoder.setForeignType(foreignType);
    return decoder.decode(polled);
  }

  /** What can be written counts as delivered here. */
  private static BatchOutcome outcome(Batch batch) {
    List<Event> events = batch.pending();
    batch.settle(new BatchOutcome(events, List.of(), List.of()));
    var outcome = new BatchOutcome.Builder();
    events.forEach(outcome::delivered);
    batch
        .settled()
        .forEach(
            run ->
                run.forEach(
                    raw -> {
                      Failure failure = batch.rejection(raw);
                      if (failure != null) {
                        outcome.failed(Polled.at(3, raw.offset(), ""), failure);
                      }
                    }));
    return outcome.build();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, byte[]> utf8(Map<String, String> headers) {
    Map<String, byte[]> all = new java.util.TreeMap<>();
    headers.forEach((name, value) -> all.put(name, bytes(value)));
    return all;
  }

  @Test
  void makesAnEventOfARecord() {
    polled("ada@x.org", "{\"lastName\":\"Løve\"}");

    assertThat(decode().pending())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.position()).isEqualTo(new Position("qanat.contacts", 3, 0));
              assertThat(event.key()).isEqualTo("ada@x.org");
              assertThat(event.id()).isEqualTo("1");
              assertThat(event.type()).isEqualTo("contact.upserted");
              assertThat(event.time()).isEqualTo(Instant.parse("2026-11-21T10:00:00Z"));
              assertThat(event.data().path("lastName").asText()).isEqualTo("Løve");
            });
  }

  @Test
  void rejectsOnlyTheRecordThatIsNoEvent() {
    polled("A", "{}")
        .polled("B", "[]")
        .polled("C", "{}")
        .decoded()
        .delivered(0, 2)
        .rejected(1, "NOT_AN_OBJECT")
        .heldNothing();
  }

  @Test
  void rejectsARecordWithoutKey() {
    polled(null, bytes("{}"), utf8(ENVELOPE))
        .polled("", "{}")
        .decoded()
        .delivered()
        .rejected(0, "MISSING_KEY")
        .rejected(1, "MISSING_KEY");
  }

  @Test
  void rejectsARecordWithoutEnvelope() {
    polled(bytes("A"), bytes("{}"), Map.of())
        .polled(bytes("A"), bytes("{}"), utf8(Map.of("ce_id", "1")))
        .polled(bytes("A"), bytes("{}"), utf8(Map.of("ce_type", "t")))
        .polled(bytes("A"), bytes("{}"), utf8(Map.of("ce_type", "", "ce_id", "1")))
        .decoded()
        .delivered()
        .rejected(0, "MISSING_ENVELOPE")
        .rejected(1, "MISSING_ENVELOPE")
        .rejected(2, "MISSING_ENVELOPE")
        .rejected(3, "MISSING_ENVELOPE");
  }

  @Test
  void rejectsWhatIsNotJson() {
    polled("A", "{")
        .polled("A", "hello")
        .polled("A", "{} {}")
        .polled("A", "{\"a\":1,\"a\":2}")
        .polled("A", "{'a':1}")
        .polled("A", "")
        .polled(bytes("A"), null, utf8(ENVELOPE))
        .polled(bytes("A"), new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'}, utf8(ENVELOPE))
        .polled("A", "[".repeat(100_000))
        .polled("A", "{\"a\":1e2147483648}")
        .decoded()
        .delivered()
        .rejected(0, "NOT_JSON")
        .rejected(1, "NOT_JSON")
        .rejected(2, "NOT_JSON")
        .rejected(3, "NOT_JSON")
        .rejected(4, "NOT_JSON")
        .rejected(5, "NOT_JSON")
        .rejected(6, "NOT_JSON")
        .rejected(7, "NOT_JSON")
        .rejected(8, "NOT_JSON")
        .rejected(9, "NOT_JSON");
  }

  @Test
  void rejectsWhatIsJsonButNoObject() {
    polled("A", "null")
        .polled("A", "17")
        .polled("A", "\"{}\"")
        .decoded()
        .delivered()
        .rejected(0, "NOT_AN_OBJECT")
        .rejected(1, "NOT_AN_OBJECT")
        .rejected(2, "NOT_AN_OBJECT");
  }

  @Test
  void rejectsAKeyOrAnEnvelopeThatIsNotUtf8() {
    byte[] broken = {'A', (byte) 0xC3};
    polled(broken, bytes("{}"), utf8(ENVELOPE))
        .polled(bytes("A"), bytes("{}"), Map.of("ce_id", broken, "ce_type", bytes("t")))
        .decoded()
        .delivered()
        .rejected(0, "NOT_UTF8")
        .rejected(1, "NOT_UTF8");
  }

  @Test
  void keepsThePayloadOutOfTheReason() {
    polled("A", "{\"email\":\"ada@x.org\" \"}");

    Batch batch = decode();

    assertThat(batch.settled().get(0))
        .extracting(batch::rejection)
        .singleElement()
        .extracting(failure -> failure == null ? "" : failure.message())
        .asString()
        .contains("line 1, column")
        .doesNotContain("ada");
  }

  @Test
  void ignoresForeignHeaders() {
    Map<String, byte[]> headers = new java.util.TreeMap<>(utf8(ENVELOPE));
    headers.put("sObjectName", bytes("User"));
    headers.put("kafka.OVERRIDE_TOPIC", new byte[] {(byte) 0xFF});
    headers.put("CE_TYPE", bytes("contact.deleted"));
    polled(bytes("A"), bytes("{}"), headers);

    assertThat(decode().pending())
        .singleElement()
        .extracting(Event::type)
        .isEqualTo("contact.upserted");
  }

  @Test
  void takesTheRecordsTimeWhereTheEnvelopeHasNone() {
    polled(bytes("A"), bytes("{}"), utf8(Map.of("ce_id", "1", "ce_type", "t")))
        .polled(
            bytes("A"),
            bytes("{}"),
            utf8(Map.of("ce_id", "1", "ce_type", "t", "ce_time", "21.11.2026")));

    assertThat(decode().pending())
        .extracting(Event::time)
        .containsOnly(Instant.parse("1970-01-02T00:00:00Z"));
  }

  @Test
  void keepsEveryDigitOfANumber() {
    polled("A", "{\"n\":0.1234567890123456789012345}");

    assertThat(decode().pending().get(0).data()).hasToString("{\"n\":0.1234567890123456789012345}");
  }

  @Test
  void commitsThroughTheConsumerThatPolled() {
    polled("A", "{}").polled("B", "[]");
    TopicPartition partition = new TopicPartition("qanat.contacts", 3);
    consumer.assign(Set.of(partition));
    Batch batch = decode();
    batch.settle(new BatchOutcome(batch.pending(), List.of(), List.of()));

    batch.commit(batch.settled());

    assertThat(consumer.committed(Set.of(partition)).get(partition).offset()).isEqualTo(2);
  }

  @Test
  void knowsARedrivenRecordByItsHeaders() {
    polled("A", "{}");
    polled(bytes("A"), bytes("{}"), redriven("salesforce", "contacts-3-0", "2"));

    Event event = decode().pending().get(1);

    assertThat(event.redrive())
        .isEqualTo(new Redrive("salesforce", new Position("qanat.contacts", 3, 0), 2));
    assertThat(event.order()).isEqualTo(new Position("qanat.contacts", 3, 0));
  }

  @Test
  void takesARecordOfAnotherProducerForAnEventOfTheTypeThatItIsTold() {
    polled(null, bytes("{\"a\":1}"), Map.of("x", bytes("y")))
        .polled(bytes("k"), bytes("{}"), Map.of())
        .polled("A", "{}");

    List<Event> events = decode("contact.seen").pending();

    assertThat(events)
        .extracting(Event::key, Event::id, Event::type)
        .containsExactly(
            tuple("contacts-3-0", "contacts-3-0", "contact.seen"),
            tuple("k", "contacts-3-1", "contact.seen"),
            tuple("A", "1", "contact.upserted"));
    assertThat(events.get(0).data().toString()).isEqualTo("{\"a\":1}");
  }

  @Test
  void doesNotMendAnEnvelopeThatIsBroken() {
    polled(bytes("A"), bytes("{}"), utf8(Map.of("ce_id", "1")));

    OutcomeAssert.assertThat(outcome(decode("contact.seen"))).rejected(0, "MISSING_ENVELOPE");
  }

  @Test
  void knowsARedrivenRecordOfAnotherProducerAgain() {
    polled(null, bytes("{}"), Map.of());
    for (String count : List.of("1", "2")) {
      Map<String, byte[]> redriven = redriven("salesforce", "contacts-3-0", count);
      ENVELOPE.keySet().forEach(redriven::remove);
      polled(null, bytes("{}"), redriven);
    }

    assertThat(decode("contact.seen").pending())
        .hasSize(3)
        .extracting(Event::id)
        .containsOnly("contacts-3-0");
  }

  @ParameterizedTest
  @CsvSource({
    "salesforce, contacts-3-1, 1",
    "salesforce, contacts-3-999, 1",
    "salesforce, contacts-2-0, 1",
    "salesforce, orders-3-0, 1",
    "salesforce, nonsense, 1",
    "salesforce, contacts-3-0, 0",
    "salesforce, contacts-3-0, many",
    ", contacts-3-0, 1"
  })
  void rejectsARedriveThatCannotBe(@Nullable String sink, String of, String count) {
    polled("A", "{}");
    polled(bytes("A"), bytes("{}"), redriven(sink == null ? "" : sink, of, count));

    decoded().delivered(0).rejected(1, "INVALID_REDRIVE").heldNothing();
  }

  private static Map<String, byte[]> redriven(String sink, String of, String count) {
    Map<String, byte[]> headers = utf8(ENVELOPE);
    headers.put("qanat_redrive_sink", bytes(sink));
    headers.put("qanat_redrive_of", bytes(of));
    headers.put("qanat_redrive_count", bytes(count));
    return headers;
  }

  @Test
  void knowsTheSameRequestByItsFingerprint() {
    Map<String, byte[]> headers = utf8(ENVELOPE);
    headers.put("ce_idempotencykey", bytes("k-1"));
    headers.put("ce_source", bytes("/contacts"));
    polled(bytes("A"), bytes("{\"a\":1,\"b\":{\"c\":2,\"d\":3}}"), headers)
        .polled(bytes("A"), bytes("{\"b\":{\"d\":3,\"c\":2},\"a\":1}"), headers)
        .polled(bytes("A"), bytes("{\"a\":1,\"b\":{\"c\":2,\"d\":4}}"), headers)
        .polled(bytes("B"), bytes("{\"a\":1,\"b\":{\"c\":2,\"d\":3}}"), headers)
        .polled("A", "{}");

    List<Event> events = decode().pending();

    assertThat(events.get(0).idempotency())
        .isEqualTo(events.get(1).idempotency())
        .isNotEqualTo(events.get(2).idempotency())
        .isNotEqualTo(events.get(3).idempotency());
    assertThat(events.get(0).idempotency().key()).isEqualTo("k-1");
    assertThat(events.get(0).idempotency().scope()).isEqualTo("/contacts");
    assertThat(events.get(4).idempotency()).isNull();
  }
}
