package io.qanat.mongodb;

import static io.qanat.deliver.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qanat.deliver.UnavailableException;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** Indexes, deletes, and a server that is away. */
class MongoSinkIT extends MongoSinkFixture {
  private static final String UNIQUE =
      """
      collection: things
      events:
        made:
          write: insert
          fields:
            name: {type: string}
        gone:
          write: delete
          fields:
            _id: {type: string, from: id}
      indexes:
        - {keys: {name: 1}, unique: true}
      """;

  @Test
  void rejectsAloneWhatAUniqueIndexRefuses() {
    assertThat(
            write(
                sink(UNIQUE),
                event(0, "made", "{'name': 'A'}"),
                event(1, "made", "{'name': 'A'}"),
                event(2, "made", "{'name': 'B'}")))
        .delivered(0, 2)
        .rejected(1, "MONGODB_DUPLICATE_KEY");
  }

  @Test
  void rejectsWhatAUniqueIndexRefusesThoughTheValueIsCalledAsTheIndexOfIds() {
    MongoSink sink = sink(UNIQUE);
    write(sink, event(0, "made", "{'name': 'index: _id_ '}"));

    assertThat(write(sink, event(1, "made", "{'name': 'index: _id_ '}")))
        .rejected(1, "MONGODB_DUPLICATE_KEY");
  }

  @Test
  void deletesAndLeavesTheOrderToTheHub() {
    MongoSink sink = sink(UNIQUE);
    write(sink, event(0, "made", "{'name': 'A'}"));

    assertThat(write(sink, event(1, "gone", "{'id': 'e0'}"), event(2, "gone", "{'id': 'none'}")))
        .delivered(1, 2);
    assertThat(documents()).isEmpty();
    assertThat(sink.keepsOrder()).isFalse();
    assertThat(sink(ORDERS).keepsOrder()).isTrue();
  }

  @Test
  void makesTheIndexesThatAreDeclared() {
    write(sink(ORDERS), event(0, "made", "{'id': 'a', 'name': 'A'}"));

    assertThat(things().listIndexes())
        .extracting(index -> index.get("key", Document.class).toJson())
        .contains("{\"state\": 1, \"at\": -1}");
  }

  @Test
  void holdsEverythingWhileAnIndexCannotBeMade() {
    things().insertOne(BsonDocument.parse("{_id: 1, name: 'A'}"));
    things().insertOne(BsonDocument.parse("{_id: 2, name: 'A'}"));

    assertThatThrownBy(() -> write(sink(UNIQUE), event(0, "made", "{'name': 'B'}")))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("{\"name\": 1}");
  }

  @Test
  void holdsEverythingWhileTheServerIsAway() {
    MongoSink sink = sink(ORDERS);
    write(sink, event(0, "made", "{'id': 'a', 'name': 'A'}"));
    sandbox.mongoDb().stop();
    try {
      assertThat(
              write(
                  sink,
                  event(1, "made", "{'id': 'b', 'name': 'B'}"),
                  event(2, "renamed", "{'id': 'b', 'name': 'C'}")))
          .held(1, "MONGODB_UNAVAILABLE")
          .held(2, "PREDECESSOR_HELD");
    } finally {
      sandbox.mongoDb().start();
    }

    assertThat(write(sink, event(1, "made", "{'id': 'b', 'name': 'B'}"))).delivered(1);
  }
}
