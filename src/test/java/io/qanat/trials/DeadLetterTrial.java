package io.qanat.trials;

import static io.qanat.trials.KafkaView.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qanat.kafka.HubHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What can never be delivered is buried, alone, with all that it came with. */
@ExtendWith(World.Shared.class)
class DeadLetterTrial {
  private static final int WHOLE = 2 * 1024 * 1024;
  private static final int HALF_BAD = 200;
  private static final int KEYS = 40;
  private static final String OWN = HubHeaders.ERRORS;
  private static final TrialFlow FLOW = Contacts.FLOW;

  /**
   * Protection: results are read row by row. A sink that takes a 200 for success loses these two; a
   * sink that fails the whole call buries their neighbours.
   */
  @Test
  @DisplayName("T11 contacts that Salesforce refuses")
  void buriesOnlyTheContactsThatSalesforceRefuses(World world) throws Exception {
    try (Ledger ledger = new Ledger(world, FLOW, "refused")) {
      ledger.post(20, 4);
      Change tooLong = ledger.next(ledger.key("too-long"));
      ledger.post(tooLong, FLOW.refusedBody(tooLong));
      Change badMail = ledger.next(ledger.key("bad-mail"));
      ledger.post(
          badMail, Contacts.body(badMail, "\"lastName\":\"Lovelace\",\"email\":\"ada@nowhere\""));
      ledger.post(20, 4);

      Balance balance = Balance.settled(world, ledger);
      assertThat(balance.dead()).containsExactlyInAnyOrder(tooLong, badMail);
      assertThat(balance.delivered()).hasSize(40);
      assertBuried(world, tooLong.key(), "STRING_TOO_LONG", "MailingCity");
      assertBuried(world, badMail.key(), "INVALID_EMAIL_ADDRESS", "Email");
    }
  }

  /**
   * Protection: a dead letter does not hold up its key, and neighbours share calls, not fates; a
   * receipt looks for the dead letter before it says that an event was delivered.
   */
  @EachFlow
  @DisplayName("T11 a half-bad batch")
  void buriesTheBadHalfOfABatchAndKeepsTheOrderOfEachKey(TrialFlow flow, World world)
      throws Exception {
    try (Ledger ledger = new Ledger(world, flow, "half-bad")) {
      flow.refuseService(world);
      Random random = Seed.random("half-bad");
      Set<Change> bad = new HashSet<>();
      for (int i = 0; i < HALF_BAD; i++) {
        Change change = ledger.next(flow.key(ledger.key("of-few"), random.nextInt(KEYS)));
        if (random.nextBoolean()) {
          bad.add(change);
          ledger.post(change, flow.refusedBody(change));
        } else {
          ledger.post(change, flow.body(change, random));
        }
      }
      await().atMost(Duration.ofMinutes(1)).until(() -> flow.struck(world));
      List<String> receipts =
          ledger.entries().stream()
              .filter(entry -> bad.contains(entry.change()))
              .map(entry -> Objects.requireNonNull(entry.receipt()))
              .toList();
      Balance balance;
      try (Receipts.Watch watch = new Receipts.Watch(world, receipts)) {
        await().atMost(Duration.ofMinutes(1)).until(() -> watch.states().contains("waiting"));
        flow.recover(world);
        balance = Balance.settled(world, ledger);
        assertThat(watch.states())
            .as("what was told of the bad ones, from when they waited")
            .containsExactlyInAnyOrder("waiting", "dead-lettered");
      }
      assertThat(balance.dead()).isEqualTo(bad);
      assertThat(balance.delivered()).hasSize(HALF_BAD - bad.size());
    }
  }

  private static void assertBuried(World world, String key, String code, String field)
      throws Exception {
    ConsumerRecord<byte[], byte[]> letter = only(world.kafka().read(FLOW.deadLetters()), key);
    ConsumerRecord<byte[], byte[]> source = only(world.kafka().read(FLOW.topic()), key);
    assertThat(letter.value()).isEqualTo(source.value());
    assertThat(KafkaView.headers(letter).stream().filter(h -> !h.startsWith(OWN)).toList())
        .isEqualTo(KafkaView.headers(source));
    assertThat(
            List.of(
                header(letter, OWN + "code"),
                header(letter, OWN + "fields"),
                header(letter, OWN + "class"),
                header(letter, OWN + "sink"),
                header(letter, OWN + "attempts"),
                header(letter, OWN + "topic"),
                header(letter, OWN + "partition"),
                header(letter, OWN + "offset")))
        .containsExactly(
            code,
            field,
            "POISON",
            "salesforce",
            "1",
            source.topic(),
            Integer.toString(source.partition()),
            Long.toString(source.offset()));
    assertThat(header(letter, OWN + "message")).isNotBlank();
  }

  private static ConsumerRecord<byte[], byte[]> only(
      List<ConsumerRecord<byte[], byte[]>> records, String key) {
    List<ConsumerRecord<byte[], byte[]>> found =
        records.stream().filter(r -> KafkaView.key(r).equals(key)).toList();
    assertThat(found).as(key).hasSize(1);
    return found.get(0);
  }

  /** Protection: the dead letter is acknowledged before the offset is committed. */
  @EachFlow
  @DisplayName("T28 the dead-letter topic takes nothing")
  void commitsNothingWhileTheDeadLetterTopicTakesNothing(TrialFlow flow, World world)
      throws Exception {
    try (Ledger ledger = new Ledger(world, flow, "unburied")) {
      world.kafka().limitDeadLetters(flow, 16);
      Change bad = ledger.next(ledger.key("bad"));
      try {
        ledger.post(bad, flow.refusedBody(bad));
        await("the hub says which topic it is")
            .atMost(Duration.ofMinutes(1))
            .until(() -> complaints(world, ledger) > 0 || world.kafka().lag(flow) == 0);
        int calls = flow.calls(world);
        await("nothing is committed, and the sink is not asked again and again")
            .during(Duration.ofSeconds(5))
            .atMost(Duration.ofSeconds(10))
            .until(() -> world.kafka().lag(flow) == 1 && flow.calls(world) == calls);
      } finally {
        world.kafka().limitDeadLetters(flow, WHOLE);
      }

      assertThat(Balance.settled(world, ledger).dead()).containsExactly(bad);
    }
  }

  /** Protection: what is known of a key is written once its dead letters are acknowledged. */
  @EachFlow
  @Tag("long")
  @DisplayName("T28 killed while the dead-letter topic takes nothing")
  void buriesWhatDiedThoughSomethingNewerWasDelivered(TrialFlow flow, World world)
      throws Exception {
    Random random = Seed.random("overtaken");
    try (Ledger ledger = new Ledger(world, flow, "overtaken")) {
      // What is posted while one batch is held is polled together.
      flow.refuseService(world);
      Change plug = ledger.next(ledger.key("plug"));
      ledger.post(plug, flow.body(plug, random));
      await().atMost(Duration.ofMinutes(1)).until(() -> flow.struck(world));
      Change bad = ledger.next(ledger.key("bad"));
      ledger.post(bad, flow.refusedBody(bad));
      Change newer = ledger.next(bad.key());
      ledger.post(newer, flow.body(newer, random));
      world.kafka().limitDeadLetters(flow, 16);
      try {
        flow.recover(world);
        await("the newer one is delivered, the dead letter is not there")
            .atMost(Duration.ofMinutes(1))
            .until(() -> complaints(world, ledger) > 0);
        world.hub().kill9();
      } finally {
        world.kafka().limitDeadLetters(flow, WHOLE);
      }
      world.hub().start();

      Balance balance = Balance.settled(world, ledger);
      assertThat(balance.dead()).containsExactly(bad);
      assertThat(balance.delivered()).containsExactlyInAnyOrder(plug, newer);
    }
  }

  /** How often the log has said what is wrong, and with which topic. */
  private static long complaints(World world, Ledger ledger) {
    return world
        .hub()
        .log()
        .substring(ledger.start().logged())
        .lines()
        .filter(line -> line.contains("WARN") || line.contains("ERROR"))
        .filter(line -> line.contains(ledger.flow().deadLetters()))
        .count();
  }

  /**
   * Protection: the decoder trusts nothing of a record. Without it one such record stops its
   * partition, or is taken for a contact.
   */
  @EachFlow
  @DisplayName("T10 records that are no events")
  void buriesRecordsThatAreNoEventsWithinSeconds(TrialFlow flow, World world) throws Exception {
    try (Ledger ledger = new Ledger(world, flow, "foreign")) {
      ledger.post(5, 1);
      Balance.settled(world, ledger);
      String json = flow.body(ledger.next("alien"), Seed.random("alien"));
      Map<String, ProducerRecord<byte[], byte[]>> poison = new TreeMap<>();
      poison.put("NOT_JSON", foreign(flow, "alien-not-json", "<contact/>"));
      poison.put("NOT_AN_OBJECT", foreign(flow, "alien-list", "[" + json + "]"));
      poison.put("MISSING_KEY", foreign(flow, null, json));
      ProducerRecord<byte[], byte[]> unknown = foreign(flow, "alien-unknown", json);
      unknown.headers().remove("ce_type").add("ce_type", bytes("thing.unheard-of"));
      poison.put("UNKNOWN_EVENT_TYPE", unknown);
      ProducerRecord<byte[], byte[]> bare = foreign(flow, "alien-bare", json);
      bare.headers().remove("ce_id").remove("ce_type");
      if (!flow.takesForeign()) {
        poison.put("MISSING_ENVELOPE", bare);
      }

      for (ProducerRecord<byte[], byte[]> record : poison.values()) {
        hostile(record);
        record.headers().add("trial", bytes(ledger.key("hostile")));
        world.kafka().write(record);
      }
      ledger.post(5, 1);

      assertThat(Balance.settled(world, ledger).delivered()).hasSize(10);
      List<String> codes = new ArrayList<>();
      for (var letter : world.kafka().read(flow.deadLetters())) {
        if (header(letter, "trial").equals(ledger.key("hostile"))) {
          codes.add(header(letter, OWN + "code"));
          Instant written = sourceOf(flow, letter, world);
          assertThat(Duration.between(written, Instant.parse(header(letter, OWN + "time"))))
              .isLessThan(Duration.ofSeconds(5));
        }
      }
      assertThat(codes).containsExactlyInAnyOrderElementsOf(poison.keySet());
      assertNoEffect(world);
    }
  }

  private static Instant sourceOf(
      TrialFlow flow, ConsumerRecord<byte[], byte[]> letter, World world) throws Exception {
    return world.kafka().read(flow.topic()).stream()
        .filter(r -> Integer.toString(r.partition()).equals(header(letter, OWN + "partition")))
        .filter(r -> Long.toString(r.offset()).equals(header(letter, OWN + "offset")))
        .map(r -> Instant.ofEpochMilli(r.timestamp()))
        .findFirst()
        .orElseThrow();
  }

  /**
   * Protection: no header of a record becomes a header of a message ({@code recordHeaders}), and
   * the sink sends messages of its own; the trial fails only when both are taken out.
   */
  @Test
  @DisplayName("T12 record headers that steer components")
  void deliversAForeignEventWhateverItsOtherHeadersSay(World world) throws Exception {
    try (Ledger ledger = new Ledger(world, FLOW, "steered")) {
      String key = ledger.key("event");
      ProducerRecord<byte[], byte[]> record =
          foreign(FLOW, key, "{\"externalId\":\"%s\",\"lastName\":\"Lovelace\"}".formatted(key));
      hostile(record);

      world.kafka().write(record);

      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(world.salesforce().contacts()).containsOnlyKeys(key));
      assertNoEffect(world);
    }
  }

  private static void assertNoEffect(World world) throws Exception {
    assertThat(world.salesforce().count("Account")).isZero();
    assertThat(world.kafka().topics()).doesNotContain("stolen");
  }

  private static ProducerRecord<byte[], byte[]> foreign(
      TrialFlow flow, @Nullable String key, String value) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(flow.topic(), key == null ? null : bytes(key), bytes(value));
    record.headers().add("ce_id", bytes(UUID.randomUUID().toString()));
    record.headers().add("ce_type", bytes(flow.eventType()));
    return record;
  }

  private static void hostile(ProducerRecord<byte[], byte[]> record) {
    Map.of(
            "sObjectName", "Account",
            "rawPath", "/services/data/v62.0/sobjects/Account",
            "kafka.OVERRIDE_TOPIC", "stolen",
            "CamelSalesforceOperationName", "deleteSObject")
        .forEach(
            (name, value) ->
                List.of(name, name.toLowerCase(Locale.ROOT), name.toUpperCase(Locale.ROOT))
                    .forEach(spelling -> record.headers().add(spelling, bytes(value))));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
