package io.qanat.it;

import static io.qanat.it.HubFixture.contact;
import static io.qanat.it.HubFixture.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.qanat.kafka.Position;
import io.qanat.kafka.Redrive;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What comes again, or comes late, changes nothing. */
@HubIT
class GuardsIT {
  @LocalServerPort private int port;
  private HubFixture fixture;

  @BeforeEach
  void connect() {
    fixture = new HubFixture(port);
  }

  private int post(String json, String idempotencyKey) {
    return fixture
        .hub()
        .json("POST", "/contacts", json, "Idempotency-Key", idempotencyKey)
        .status();
  }

  @Test
  void letsARepeatedRequestUndoNothing() {
    String id = id();
    post(contact(id, "First"), "k1-" + id);
    fixture.deliveredAs(id, "First");
    fixture.hub().json("POST", "/contacts", contact(id, "Second"));
    fixture.deliveredAs(id, "Second");

    assertThat(post(contact(id, "First"), "k1-" + id)).isEqualTo(202);
    fixture.settled();

    fixture.deliveredAs(id, "Second");
    assertThat(fixture.records("qanat.contacts", id)).hasSize(3);
  }

  @Test
  void hasOneEffectOfFiftyRequestsAtOnce() {
    String id = id();
    int before = written();

    Set<Integer> statuses =
        IntStream.range(0, 50)
            .parallel()
            .mapToObj(i -> post(contact(id, "Once"), "k50-" + id))
            .collect(Collectors.toSet());
    fixture.deliveredAs(id, "Once");
    fixture.settled();

    assertThat(statuses).containsExactly(202);
    assertThat(fixture.records("qanat.contacts", id)).hasSize(50);
    assertThat(written() - before).isEqualTo(1);
  }

  private int written() {
    fixture.settled();
    return fixture.salesforce().get("/__sim/stats").json().path("recordsWritten").asInt();
  }

  @Test
  void showsAKeyThatComesWithAnotherBodyAsADeadLetter() {
    String id = id();
    post(contact(id, "First"), "k2-" + id);
    fixture.deliveredAs(id, "First");

    assertThat(post(contact(id, "Other"), "k2-" + id)).isEqualTo(202);
    String elsewhere = id();
    assertThat(post(contact(elsewhere, "First"), "k2-" + id)).as("another contact").isEqualTo(202);

    for (String key : new String[] {id, elsewhere}) {
      ConsumerRecord<String, String> letter = fixture.deadLetters(key, 1).get(0);
      assertThat(Topic.headers(letter))
          .containsEntry("__dlq.errors.code", "IDEMPOTENCY_KEY_REUSED");
      assertThat(letter.partition())
          .as("beside its source")
          .hasToString(Topic.headers(letter).get("__dlq.errors.partition"));
    }
    fixture.deliveredAs(id, "First");
    assertThat(fixture.find("ExternalId__c", elsewhere)).isEmpty();
  }

  @Test
  void neverLetsARedrivenEventOverwriteANewerOne() throws Exception {
    String id = id();
    fixture.hub().json("POST", "/contacts", contact(id, "Old"));
    fixture.hub().json("POST", "/contacts", contact(id, "New"));
    fixture.deliveredAs(id, "New");
    ConsumerRecord<String, String> old = fixture.records("qanat.contacts", id).get(0);

    redrive(old, "salesforce");
    fixture.settled();

    fixture.deliveredAs(id, "New");
    String letter = "contacts.salesforce-%d-%d".formatted(old.partition(), old.offset());
    assertThat(fixture.records("qanat-audit", letter))
        .singleElement()
        .satisfies(note -> assertThat(note.value()).contains("\"superseded\"", "\"hub\""));
  }

  @Test
  void deliversARedrivenEventThatIsTheNewestOfItsKeyAndSaysSo() throws Exception {
    String id = id();
    fixture.hub().json("POST", "/contacts", contact(id, "L".repeat(81)));
    ConsumerRecord<String, String> letter = fixture.deadLetters(id, 1).get(0);
    ConsumerRecord<String, String> source = fixture.record(id);

    redrive(source, "salesforce", contact(id, "Short"));

    fixture.deliveredAs(id, "Short");
    fixture.settled();
    assertThat(
            fixture.records(
                "qanat-audit",
                "contacts.salesforce-%d-%d".formatted(letter.partition(), source.offset())))
        .singleElement()
        .satisfies(note -> assertThat(note.value()).contains("\"delivered\""));
  }

  @Test
  void leavesAloneWhatWasRedrivenForAnotherSink() throws Exception {
    String id = id();
    fixture.hub().json("POST", "/contacts", contact(id, "Old"));
    fixture.deliveredAs(id, "Old");

    redrive(fixture.record(id), "mongodb", contact(id, "Changed"));
    fixture.settled();

    fixture.deliveredAs(id, "Old");
  }

  private void redrive(ConsumerRecord<String, String> record, String sink) throws Exception {
    redrive(record, sink, record.value());
  }

  private void redrive(ConsumerRecord<String, String> record, String sink, String value)
      throws ExecutionException, InterruptedException {
    var again = new ProducerRecord<>(record.topic(), record.partition(), record.key(), value);
    Topic.headers(record)
        .forEach((n, v) -> again.headers().add(n, v.getBytes(StandardCharsets.UTF_8)));
    new Redrive(sink, Position.ofFlow("contacts", record.partition(), record.offset()), 1)
        .write(again.headers());
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", fixture.kafka()),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(again).get();
    }
  }
}
