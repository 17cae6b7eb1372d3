package io.qanat.receipt;

import static io.qanat.receipt.KnownKafka.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.mongodb.MongoTimeoutException;
import io.qanat.accept.Problem;
import io.qanat.accept.ProblemException;
import io.qanat.deadletter.DeadLetterIndex;
import io.qanat.deadletter.DeadLetterIndex.State;
import io.qanat.kafka.HoldNote;
import io.qanat.kafka.HubHeaders;
import io.qanat.kafka.Position;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One row of the decision after the other; the event in question is at offset 7. */
class ReceiptsTest {
  private static final String SF = "salesforce";
  private static final JsonMapper JSON = new JsonMapper();

  private final KnownKafka kafka = new KnownKafka(SF);
  private Twins twins = (lane, record) -> Optional.empty();
  private DeadLetterIndex index = kafka;

  private JsonNode receipt(String receipt) {
    try {
      return JSON.readTree(new Receipts(kafka, index, twins).find(receipt).toJson());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private JsonNode receipt(long offset) {
    return receipt("contacts-3-" + offset);
  }

  private JsonNode sink(long offset) {
    return receipt(offset).path("sinks").path(0);
  }

  @Test
  void tellsTheEnvelope() {
    kafka
        .event(
            7, "ce_id", "e-7", "ce_type", "contact.upserted", "ce_time", "2026-01-05T10:15:30.123Z")
        .committed(SF, 8);

    assertThat(receipt(7).toString())
        .isEqualTo(
            """
            {"receipt":"contacts-3-7","id":"e-7","flow":"contacts","type":"contact.upserted",\
            "acceptedAt":"2026-01-05T10:15:30.123Z","state":"delivered",\
            "sinks":[{"sink":"salesforce","state":"delivered"}]}""");
  }

  @Test
  void tellsWhatItCanOfARecordThatIsNoEventOfTheHub() {
    kafka.event(7, "ce_time", "yesterday").committed(SF, 8);

    assertThat(receipt(7).has("id")).isFalse();
    assertThat(receipt(7).has("type")).isFalse();
    assertThat(Instant.parse(receipt(7).path("acceptedAt").asText())).isNotNull();
  }

  @Test
  void waitsUntilTheOffsetIsCommittedAndSaysHowManyAreAhead() {
    kafka.event(7).committed(SF, 4);
    assertThat(sink(7).toString())
        .isEqualTo("{\"sink\":\"salesforce\",\"state\":\"waiting\",\"lag\":3}");

    kafka.committed(SF, 7);
    assertThat(sink(7).path("state").asText()).isEqualTo("waiting");
    assertThat(sink(7).path("lag").asLong()).isZero();

    kafka.committed(SF, 8);
    assertThat(sink(7).path("state").asText()).isEqualTo("delivered");
  }

  @Test
  void countsOnlyRecordsThatAreStillThereAsAhead() {
    kafka.event(2).event(7).expired(5);

    assertThat(sink(7).path("lag").asLong()).isEqualTo(2);
  }

  @Test
  void saysWhyALaneIsHeld() {
    kafka
        .event(7)
        .held(SF, new HoldNote("HTTP_503", "away", Instant.parse("2026-01-05T10:15:30Z")));

    assertThat(sink(7).path("held").toString())
        .isEqualTo(
            "{\"code\":\"HTTP_503\",\"message\":\"away\",\"since\":\"2026-01-05T10:15:30Z\"}");
  }

  @Test
  void waitsEvenIfItsDeadLetterIsOnKafkaBecauseTheBatchMayBeTriedAgain() {
    kafka.event(7).committed(SF, 7).deadLetter(SF, 0, at(7), "STRING_TOO_LONG");

    assertThat(sink(7).path("state").asText()).isEqualTo("waiting");
  }

  @Test
  void isDeadAsSoonAsItsDeadLetterIsOnKafka() {
    kafka.event(7).committed(SF, 8).deadLetter(SF, 0, at(7), "STRING_TOO_LONG");

    assertThat(sink(7).toString())
        .isEqualTo(
            """
            {"sink":"salesforce","state":"dead-lettered","code":"STRING_TOO_LONG",\
            "message":"The words of salesforce","deadLetter":"/dead-letters/contacts.salesforce-3-7"}""");
    assertThat(receipt(7).path("state").asText()).isEqualTo("dead-lettered");
  }

  @Test
  void isDeadIfOnlyTheFrontOfTheDeadLettersIsIndexed() {
    kafka
        .event(7)
        .committed(SF, 8)
        .deadLetter(SF, 0, at(3), "OTHER")
        .deadLetter(SF, 1, at(7), "STRING_TOO_LONG")
        .indexed(SF, 1);

    assertThat(sink(7).path("code").asText()).isEqualTo("STRING_TOO_LONG");
  }

  @Test
  void isDeadIfTheIndexSaysSoAndReadsNoDeadLetterThen() {
    kafka
        .event(7)
        .committed(SF, 8)
        .deadLetter(SF, 0, at(7), "STRING_TOO_LONG")
        .indexed(SF, 1)
        .entry(SF, 7, State.DEAD, 7, null, null);

    assertThat(sink(7).path("code").asText()).isEqualTo("INDEXED");
    assertThat(kafka.asked).doesNotContain("first");
  }

  @Test
  void isOneDeadEventHoweverOftenItsDeadLetterWasPublished() {
    kafka
        .event(7)
        .committed(SF, 8)
        .deadLetter(SF, 0, at(7), "STRING_TOO_LONG")
        .deadLetter(SF, 1, at(7), "STRING_TOO_LONG")
        .indexed(SF, 1)
        .entry(SF, 7, State.DISCARDED, 7, null, null);

    assertThat(sink(7).path("state").asText()).isEqualTo("discarded");
  }

  @Test
  void isDeliveredIfOnlyOthersDied() {
    Position otherPartition = Position.ofFlow("contacts", 4, 7);
    kafka
        .event(7)
        .committed(SF, 8)
        .deadLetter(SF, 0, at(6), "X")
        .deadLetter(SF, 1, at(77), "X")
        .deadLetter(SF, 2, otherPartition, "X")
        .deadLetter("mongodb", 0, at(7), "X");

    assertThat(sink(7).path("state").asText()).isEqualTo("delivered");
  }

  @Test
  void tellsEachSinkApartAndTheWorstOfThem() {
    KnownKafka two = new KnownKafka(SF, "mongodb");
    two.event(7).committed(SF, 8).committed("mongodb", 8).deadLetter("mongodb", 0, at(7), "X");
    Receipts receipts = new Receipts(two, two, twins);

    assertThat(receipts.find(at(7)).sinks())
        .extractingFromEntries(Map.Entry::getKey, e -> e.getValue().state())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(SF, io.qanat.receipt.State.DELIVERED),
            org.assertj.core.groups.Tuple.tuple("mongodb", io.qanat.receipt.State.DEAD_LETTERED));
    assertThat(receipts.find(at(7)).state()).isEqualTo(io.qanat.receipt.State.DEAD_LETTERED);
    assertThat(receipts.settled(at(7))).isTrue();

    two.committed(SF, 7);
    assertThat(receipts.find(at(7)).state()).isEqualTo(io.qanat.receipt.State.WAITING);
    assertThat(receipts.settled(at(7))).isFalse();
  }

  @Test
  void promisesNothingOfAFlowThatNoOneDelivers() {
    KnownKafka none = new KnownKafka();
    none.event(7);

    assertThat(new Receipts(none, none, twins).find(at(7)).state())
        .isEqualTo(io.qanat.receipt.State.WAITING);
  }

  private KnownKafka redriven() {
    return kafka
        .event(7)
        .event(
            9,
            HubHeaders.REDRIVE_OF,
            "contacts-3-7",
            HubHeaders.REDRIVE_SINK,
            SF,
            HubHeaders.REDRIVE_COUNT,
            "1",
            HubHeaders.IDEMPOTENCY_KEY,
            "k")
        .deadLetter(SF, 0, at(7), "STRING_TOO_LONG")
        .indexed(SF, 1);
  }

  @Test
  void leadsToTheRedriveThatWaits() {
    redriven().committed(SF, 8).entry(SF, 7, State.REDRIVEN, 7, 9L, null);

    assertThat(sink(7).toString())
        .isEqualTo(
            """
            {"sink":"salesforce","state":"redriven",\
            "redrivenTo":{"receipt":"/receipts/contacts-3-9","state":"waiting","lag":1}}""");
    assertThat(receipt(7).path("state").asText()).isEqualTo("waiting");
    assertThat(sink(9).path("state").asText()).isEqualTo("waiting");
  }

  @ParameterizedTest
  @CsvSource({"REDRIVEN,", "DELIVERED,", "DELIVERED,superseded"})
  void tellsThatTheRedriveWasDelivered(State state, String note) {
    redriven().committed(SF, 10).entry(SF, 7, state, 7, 9L, note);

    JsonNode redrive = sink(7).path("redrivenTo");
    assertThat(sink(7).path("state").asText()).isEqualTo("redriven");
    assertThat(redrive.path("state").asText()).isEqualTo("delivered");
    assertThat(redrive.path("note").asText(null)).isEqualTo(note);
    assertThat(receipt(7).path("state").asText()).isEqualTo("delivered");
    assertThat(sink(9).path("state").asText()).isEqualTo("delivered");
    assertThat(sink(9).path("note").asText(null)).isEqualTo(note);
    assertThat(receipt(9).path("redriveOf").asText()).isEqualTo("/receipts/contacts-3-7");
  }

  @Test
  void tellsThatTheRedriveDiedBeforeTheIndexKnows() {
    redriven()
        .committed(SF, 10)
        .entry(SF, 7, State.REDRIVEN, 7, 9L, null)
        .deadLetter(SF, 1, at(9), "AGAIN");

    assertThat(sink(7).path("redrivenTo").path("state").asText()).isEqualTo("dead-lettered");
    assertThat(receipt(7).path("state").asText()).isEqualTo("dead-lettered");
    assertThat(sink(9).path("code").asText()).isEqualTo("AGAIN");
    assertThat(sink(9).path("deadLetter").asText())
        .isEqualTo("/dead-letters/contacts.salesforce-3-7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"DEAD", "REDRIVEN"})
  void tellsThatTheRedriveDiedOnceTheIndexKnowsWhicheverItHeardOfFirst(State state) {
    redriven()
        .committed(SF, 10)
        .deadLetter(SF, 1, at(9), "AGAIN")
        .indexed(SF, 2)
        .entry(SF, 7, state, 9, 9L, null);

    assertThat(receipt(7).path("state").asText()).isEqualTo("dead-lettered");
    assertThat(receipt(9).path("state").asText()).isEqualTo("dead-lettered");
    assertThat(sink(9).path("deadLetter").asText())
        .isEqualTo("/dead-letters/contacts.salesforce-3-7");
  }

  @Test
  void leadsFromARedriveThatDiedToTheNextOne() {
    redriven()
        .event(
            11,
            HubHeaders.REDRIVE_OF,
            "contacts-3-7",
            HubHeaders.REDRIVE_SINK,
            SF,
            HubHeaders.REDRIVE_COUNT,
            "1")
        .committed(SF, 12)
        .deadLetter(SF, 1, at(9), "AGAIN")
        .indexed(SF, 2)
        .entry(SF, 7, State.DELIVERED, 9, 11L, null);

    for (long offset : new long[] {7, 9}) {
      assertThat(sink(offset).path("redrivenTo").path("receipt").asText())
          .isEqualTo("/receipts/contacts-3-11");
      assertThat(receipt(offset).path("state").asText()).isEqualTo("delivered");
    }
    assertThat(sink(11).path("state").asText()).isEqualTo("delivered");
  }

  @Test
  void tellsOfARedriveOnlyTheSinkThatItIsFor() {
    KnownKafka two = new KnownKafka("mongodb", SF);
    two.event(7)
        .event(
            9,
            HubHeaders.REDRIVE_OF,
            "contacts-3-7",
            HubHeaders.REDRIVE_SINK,
            SF,
            HubHeaders.REDRIVE_COUNT,
            "1")
        .committed(SF, 10);

    assertThat(new Receipts(two, two, twins).find(at(9)).sinks()).containsOnlyKeys(SF);
    assertThat(new Receipts(two, two, twins).find(at(7)).sinks()).containsOnlyKeys("mongodb", SF);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nonsense", "contacts-4-7", "orders-3-7", "contacts-3-9", "contacts-3-10"})
  void takesNoRecordForARedriveOfWhatIsNotBeforeItInItsPartition(String of) {
    kafka
        .event(
            9,
            HubHeaders.REDRIVE_OF,
            of,
            HubHeaders.REDRIVE_SINK,
            "none",
            HubHeaders.REDRIVE_COUNT,
            "1")
        .committed(SF, 10)
        .deadLetter(SF, 0, at(9), "X");

    assertThat(receipt(9).has("redriveOf")).isFalse();
    assertThat(sink(9).path("deadLetter").asText())
        .isEqualTo("/dead-letters/contacts.salesforce-3-9");
  }

  @Test
  void leadsFromADuplicateToTheEventThatHadItsKeyFirst() {
    twins = (lane, record) -> Optional.of(at(5));
    kafka
        .event(5, HubHeaders.IDEMPOTENCY_KEY, "k")
        .event(7, HubHeaders.IDEMPOTENCY_KEY, "k")
        .committed(SF, 8);

    assertThat(sink(7).toString())
        .isEqualTo(
            "{\"sink\":\"salesforce\",\"state\":\"delivered\",\"duplicateOf\":\"/receipts/contacts-3-5\"}");
    assertThat(sink(5).has("duplicateOf")).isFalse();

    kafka.deadLetter(SF, 0, at(5), "X");
    assertThat(sink(7).path("state").asText()).isEqualTo("dead-lettered");
    assertThat(sink(7).path("deadLetter").asText())
        .isEqualTo("/dead-letters/contacts.salesforce-3-5");
  }

  @Test
  void asksForNoTwinOfADeadAWaitingARedrivenOrAKeylessEvent() {
    twins =
        (lane, record) -> {
          throw new AssertionError("asked for a twin of " + record.offset());
        };
    redriven()
        .event(6, HubHeaders.IDEMPOTENCY_KEY, "k")
        .event(5)
        .event(10, HubHeaders.IDEMPOTENCY_KEY, "k")
        .deadLetter(SF, 1, at(6), "IDEMPOTENCY_KEY_REUSED")
        .committed(SF, 10);

    assertThat(sink(5).path("state").asText()).isEqualTo("delivered");
    assertThat(sink(6).path("state").asText()).isEqualTo("dead-lettered");
    assertThat(sink(9).path("state").asText()).isEqualTo("delivered");
    assertThat(sink(10).path("state").asText()).isEqualTo("waiting");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "nonsense", "contacts-3", "orders-3-7", "contacts-4-7", "contacts-3-8"})
  void knowsNoReceiptThatWasNeverGiven(String receipt) {
    kafka.event(7);

    assertProblem(() -> receipt(receipt), Problem.Kind.NOT_FOUND, "no such receipt");
  }

  @Test
  void saysThatAnExpiredReceiptIsGone() {
    kafka.event(6).event(7).expired(7);

    assertProblem(() -> receipt(6), Problem.Kind.GONE, "retention");
    assertThat(receipt(7).path("state").asText()).isEqualTo("waiting");
  }

  @Test
  void saysWhoDoesNotAnswer() {
    kafka.event(7).committed(SF, 8).deadLetter(SF, 0, at(3), "X");
    index =
        id -> {
          throw new MongoTimeoutException("away");
        };
    assertProblem(() -> receipt(7), Problem.Kind.UNAVAILABLE, "MongoDB does not answer");

    kafka.away = true;
    assertProblem(() -> receipt(7), Problem.Kind.UNAVAILABLE, "Kafka does not answer");
    assertProblem(
        () -> new Receipts(kafka, index, twins).settled(at(7)),
        Problem.Kind.UNAVAILABLE,
        "Kafka does not answer");
  }

  @Test
  void needsNoIndexForAnEventThatWaitsOrALaneWithoutDeadLetters() {
    index =
        id -> {
          throw new MongoTimeoutException("away");
        };
    kafka.event(7).event(8).committed(SF, 8);

    assertThat(receipt(7).path("state").asText()).isEqualTo("delivered");
    kafka.deadLetter(SF, 0, at(3), "X");
    assertThat(receipt(8).path("state").asText()).isEqualTo("waiting");
  }

  private static void assertProblem(ThrowingCallable call, Problem.Kind kind, String detail) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.problem().kind()).isEqualTo(kind);
              assertThat(e.problem().detail()).contains(detail);
            });
  }
}
