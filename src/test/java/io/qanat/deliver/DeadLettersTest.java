package io.qanat.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import io.qanat.Lane;
import io.qanat.deliver.DeadLetters.DeadLetter;
import io.qanat.kafka.HubTopic;
import io.qanat.kafka.RecordDigest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
  private static final byte[] KEY = {0, (byte) 0xFF, 'k'};
  private static final byte[] VALUE = {'{', (byte) 0xC3, 0, '}'};

  private static ProducerRecord<byte[], byte[]> dead(
      RecordHeaders headers, Failure failure, byte @Nullable [] key, byte @Nullable [] value) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(
            "qanat.contacts",
            3,
            17,
            0,
            TimestampType.CREATE_TIME,
            -1,
            -1,
            key,
            value,
            headers,
            Optional.empty());
    return DeadLetters.record(
        Lane.to("contacts", "salesforce"), new DeadLetter(record, failure, 2));
  }

  private static ProducerRecord<byte[], byte[]> dead(RecordHeaders headers, Failure failure) {
    return dead(headers, failure, KEY, VALUE);
  }

  private static Failure refused(String message) {
    return Failure.poison("REQUIRED_FIELD_MISSING", message, List.of("LastName", "Email"));
  }

  private static List<String> values(ProducerRecord<byte[], byte[]> letter, String name) {
    return StreamSupport.stream(letter.headers().headers(name).spliterator(), false)
        .map(h -> new String(h.value(), StandardCharsets.UTF_8))
        .toList();
  }

  @Test
  void keepsKeyValueAndHeadersByteForByte() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("ce_id", new byte[] {(byte) 0xFE, 0});
    headers.add("twice", new byte[] {1});
    headers.add("twice", new byte[] {2});
    headers.add("none", null);

    ProducerRecord<byte[], byte[]> letter = dead(headers, refused("no"));

    assertThat(letter.topic()).isEqualTo("dlq.contacts.salesforce");
    assertThat(letter.key()).isEqualTo(KEY);
    assertThat(letter.value()).isEqualTo(VALUE);
    assertThat(letter.partition()).as("of the source, where its receipt looks for it").isEqualTo(3);
    assertThat(List.of(letter.headers().toArray()).subList(0, 4))
        .containsExactly(headers.toArray());
  }

  @Test
  void keepsARecordWithoutKeyOrValue() {
    ProducerRecord<byte[], byte[]> letter = dead(new RecordHeaders(), refused("no"), null, null);

    assertThat(letter.key()).isNull();
    assertThat(letter.value()).isNull();
  }

  @Test
  void saysWhereItCameFromAndWhyItDied() {
    ProducerRecord<byte[], byte[]> letter = dead(new RecordHeaders(), refused("LastName: none"));

    assertThat(values(letter, "__dlq.errors.topic")).containsExactly("qanat.contacts");
    assertThat(values(letter, "__dlq.errors.partition")).containsExactly("3");
    assertThat(values(letter, "__dlq.errors.offset")).containsExactly("17");
    assertThat(values(letter, "__dlq.errors.message")).containsExactly("LastName: none");
    assertThat(values(letter, "__dlq.errors.code")).containsExactly("REQUIRED_FIELD_MISSING");
    assertThat(values(letter, "__dlq.errors.class")).containsExactly("POISON");
    assertThat(values(letter, "__dlq.errors.sink")).containsExactly("salesforce");
    assertThat(values(letter, "__dlq.errors.attempts")).containsExactly("2");
    assertThat(values(letter, "__dlq.errors.fields")).containsExactly("LastName,Email");
  }

  @Test
  void overwritesTheReasonOfAnEarlierDeath() {
    RecordHeaders first =
        new RecordHeaders(dead(new RecordHeaders(), refused("one")).headers().toArray());
    first.add("__dlq.errors.of.another.age", new byte[] {1});

    ProducerRecord<byte[], byte[]> letter =
        dead(first, Failure.unknown("UNEXPECTED_FAILURE", "two"));

    assertThat(values(letter, "__dlq.errors.message")).containsExactly("two");
    assertThat(values(letter, "__dlq.errors.fields")).as("no stale ones").isEmpty();
    assertThat(letter.headers().toArray())
        .extracting(Header::key)
        .doesNotHaveDuplicates()
        .doesNotContain("__dlq.errors.of.another.age");
  }

  @Test
  void boundsTheMessageAtACharacter() {
    String long3 = "x" + "€".repeat(1_000);

    String message =
        values(dead(new RecordHeaders(), refused(long3)), "__dlq.errors.message").get(0);

    assertThat(message).isEqualTo("x" + "€".repeat(341));
    assertThat(message.getBytes(StandardCharsets.UTF_8)).hasSize(1_024);
    assertThat(
            values(dead(new RecordHeaders(), refused("€".repeat(1_000))), "__dlq.errors.message"))
        .as("1,024 bytes would end within a character")
        .containsExactly("€".repeat(341));
  }

  @Test
  void leavesAMessageOfTheLimitWhole() {
    String full = "y".repeat(1_024);

    assertThat(values(dead(new RecordHeaders(), refused(full)), "__dlq.errors.message"))
        .containsExactly(full);
  }

  @Test
  void leavesOutTheValueThatIsTooLargeForItsTopic() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("ce_id", new byte[] {1});

    ProducerRecord<byte[], byte[]> letter =
        dead(headers, refused("no"), KEY, new byte[HubTopic.MAX_DEAD_LETTER_BYTES]);

    assertThat(letter.value()).isNull();
    assertThat(letter.key()).isEqualTo(KEY);
    assertThat(values(letter, "ce_id")).hasSize(1);
    assertThat(values(letter, "__dlq.errors.abridged"))
        .containsExactly(
            RecordDigest.of(
                new ConsumerRecord<>("t", 0, 0, KEY, new byte[HubTopic.MAX_DEAD_LETTER_BYTES])));
    assertThat(values(letter, "__dlq.errors.offset")).containsExactly("17");
  }

  @Test
  void leavesOutTheKeyAndTheHeadersThatAreTooLargeForItsTopic() {
    RecordHeaders many = new RecordHeaders();
    for (int i = 0; i < HubTopic.MAX_DEAD_LETTER_BYTES / 12; i++) {
      many.add("h", new byte[1]);
    }
    byte[] large = new byte[HubTopic.MAX_DEAD_LETTER_BYTES];

    for (ProducerRecord<byte[], byte[]> letter :
        List.of(
            dead(many, refused("no"), KEY, VALUE),
            dead(new RecordHeaders(), refused("no"), large, VALUE))) {
      assertThat(letter.key()).isNull();
      assertThat(letter.value()).isNull();
      assertThat(letter.headers().toArray())
          .extracting(Header::key)
          .allMatch(name -> name.startsWith("__dlq.errors."))
          .contains("__dlq.errors.abridged", "__dlq.errors.code");
    }
  }

  @Test
  void leavesARecordWholeThatIsAsLargeAsKafkaTakesIt() {
    ProducerRecord<byte[], byte[]> letter =
        dead(new RecordHeaders(), refused("no"), KEY, new byte[1_048_576]);

    assertThat(letter.value()).hasSize(1_048_576);
    assertThat(values(letter, "__dlq.errors.abridged")).isEmpty();
  }
}
