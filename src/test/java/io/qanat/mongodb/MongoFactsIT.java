package io.qanat.mongodb;

import static io.qanat.deliver.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.qanat.deliver.Event;
import io.qanat.kafka.Position;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** Facts, which are documents that are written once. */
class MongoFactsIT extends MongoSinkFixture {
  private static final String FACTS =
      """
      collection: things
      events:
        bought:
          write: insert
          fields:
            user: {type: string}
            price: {type: number}
            at: {type: date, absent: accepted-at}
            _id: {digest: [user, price, at]}
          others: drop
        noted:
          write: insert
          fields:
            data: {type: json, from: .}
      """;

  @Test
  void rejectsAFactWhoseIdAnotherEventHas() {
    MongoSink sink = sink(FACTS);
    Event first = event(7, "noted", "{'a': [1, 2.5, {'$b': null}]}");
    Event other =
        new Event(
            new Position("qanat.things", 1, 7), "k", "e7", "noted", first.time(), json("{'a': 2}"));

    assertThat(write(sink, first)).delivered(7);
    assertThat(write(sink, first)).delivered(7);
    assertThat(write(sink, other)).rejected(7, "ID_TAKEN");
  }

  @Test
  void knowsAFactAgainThatIsRedrivenAndTellsNoTime() {
    MongoSink sink = sink(FACTS + "      noted_at: {is: accepted-at}\n");
    Event first = event(7, "noted", "{'a': 1}");
    Event again =
        new Event(
            new Position("qanat.things", 1, 9),
            "k",
            first.id(),
            "noted",
            first.time().plusSeconds(60),
            first.data());

    assertThat(write(sink, first)).delivered(7);
    assertThat(write(sink, again)).delivered(9);
    assertThat(documents()).hasSize(1);
  }

  @Test
  void dropsDuplicatesOfAFact() {
    MongoSink sink = sink(FACTS);
    String bought = "{'user': 'u', 'price': %s, 'at': '2026-10-05T10:00:00Z', 'spam': {'x': 1}}";

    assertThat(
            write(
                sink,
                event(0, "bought", bought.formatted("1.5")),
                event(1, "bought", bought.formatted("'1.50'")),
                event(2, "bought", bought.formatted("2")),
                event(3, "bought", "{'user': 'u', 'price': 2}")))
        .delivered(0, 1, 2, 3);

    assertThat(documents("_id"))
        .containsExactlyInAnyOrder(
            "{'user': 'u', 'price': 1.5, 'at': {'$date': '2026-10-05T10:00:00Z'}}",
            "{'user': 'u', 'price': 2, 'at': {'$date': '2026-10-05T10:00:00Z'}}",
            "{'user': 'u', 'price': 2, 'at': {'$date': '2026-10-05T10:00:00.123Z'}}");
  }

  @Test
  void keepsTwoFactsOfOneMomentWhoseTimeTheHubGave() {
    MongoSink sink = sink(FACTS);
    Event[] both = {
      event(0, "bought", "{'user': 'u', 'price': 2}"),
      event(1, "bought", "{'user': 'u', 'price': 2}")
    };

    assertThat(write(sink, both)).delivered(0, 1);
    assertThat(write(sink, both)).delivered(0, 1);
    assertThat(documents()).hasSize(2);
  }

  @Test
  void keepsAnyJsonUnderTheIdOfItsEvent() {
    MongoSink sink = sink(FACTS);
    String odd =
        "{'$gt': '', '$where': 'sleep(1)', 'a.b': {'c\\u0000': [1, {'%24': null}]}, '_id': 7}";

    assertThat(write(sink, event(9, "noted", odd))).delivered(9);

    BsonDocument kept = things().find(new Document("_id", "e9")).first();
    assertThat(JsonBson.json(kept.getDocument("data"))).isEqualTo(event(9, "noted", odd).data());
  }

  @Test
  void rejectsAloneWhatIsLargerThanADocumentMayBe() {
    String large = "{'a': '%s'}".formatted("x".repeat(16 * 1024 * 1024));

    assertThat(
            write(
                sink(FACTS),
                event(0, "noted", "{'a': 0}"),
                event(1, "noted", large),
                event(2, "noted", "{'a': 2}")))
        .delivered(0, 2)
        .rejected(1, "DOCUMENT_TOO_LARGE");
  }
}
