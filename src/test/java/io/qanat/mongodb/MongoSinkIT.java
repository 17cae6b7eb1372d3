package io.qanat.mongodb;

import static io.qanat.deliver.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandSucceededEvent;
import io.qanat.deliver.BatchOutcome;
import io.qanat.deliver.Deadline;
import io.qanat.deliver.Event;
import io.qanat.deliver.UnavailableException;
import io.qanat.kafka.Position;
import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.impl.DefaultCamelContext;
import org.bson.BsonDocument;
import org.bson.Document;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MongoSinkIT {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonParser.Feature.ALLOW_SINGLE_QUOTES).build();

  private static final String ORDERS =
      """
      collection: things
      events:
        made:
          write: insert
          fields:
            _id: {type: string, from: id}
            name: {type: string}
            price: {type: number, absent: omitted}
            at: {type: date, absent: accepted-at}
            state: {value: New}
        cancelled:
          write: patch
          when: {state: [New, "Late"]}
          fields:
            _id: {type: string, from: id}
            state: {value: Cancelled}
        renamed:
          write: patch
          fields:
            _id: {type: string, from: id}
            name: {type: string}
            note: {type: string}
        paid:
          - write: patch
            when: {state: [New]}
            fields:
              _id: {type: string, from: id}
              state: {value: Paid}
          - write: patch
            when: {state: [Paid, Cancelled]}
            fields:
              _id: {type: string, from: id}
              note: {value: refund}
        remade:
          write: replace
          fields:
            _id: {type: string, from: id}
            name: {type: string}
      indexes:
        - {keys: {state: 1, at: -1}}
      """;

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

  private static Sandbox sandbox;
  private static MongoClient client;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    sandbox = Sandbox.start(SandboxSettings.forTests(Server.MONGODB));
    client = new MongoDb().mongoClient(sandbox.mongoDb().uri());
  }

  @AfterAll
  static void stop() {
    client.close();
    sandbox.close();
  }

  @BeforeEach
  void empty() {
    things().drop();
  }

  private static MongoDatabase database() {
    return client.getDatabase("sink");
  }

  private static MongoCollection<BsonDocument> things() {
    return database().getCollection("things", BsonDocument.class);
  }

  /** The documents, in the order of their ids. */
  private static List<String> documents(String... without) {
    List<String> documents = new ArrayList<>();
    things()
        .find()
        .sort(new Document("_id", 1))
        .forEach(
            document -> {
              for (String field : without) {
                document.remove(field);
              }
              documents.add(
                  document
                      .toJson(JsonWriterSettings.builder().outputMode(JsonMode.RELAXED).build())
                      .replace('"', '\''));
            });
    return documents;
  }

  private Instant now = Instant.EPOCH;

  private MongoSink sink(String mapping) {
    return sink(mapping, database());
  }

  private MongoSink sink(String mapping, MongoDatabase database) {
    Path file = folder.resolve("things.mapping.yaml");
    try {
      Files.writeString(file, mapping);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    DefaultCamelContext camel = new DefaultCamelContext();
    camel.getRegistry().bind("database", database);
    MongoSink sink = new MongoSink(() -> now);
    sink.setCamelContext(camel);
    sink.setMapping("file:" + file);
    sink.start();
    return sink;
  }

  private static Event event(long offset, String type, String data) {
    ObjectNode json = json(data);
    return new Event(
        new Position("qanat.things", 0, offset),
        json.path("id").asText("k"),
        "e" + offset,
        type,
        Instant.parse("2026-10-05T10:00:00.123Z"),
        json);
  }

  private static ObjectNode json(String data) {
    try {
      return (ObjectNode) JSON.readTree(data);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static BatchOutcome write(MongoSink sink, Event... events) {
    return sink.write(List.of(events), Deadline.NEVER);
  }

  @Test
  void makesDocumentsOnce() {
    MongoSink sink = sink(ORDERS);
    Event first = event(0, "made", "{'id': 'a', 'name': 'A', 'price': 1.5}");
    Event second = event(1, "made", "{'id': 'b', 'name': 'B', 'at': '2026-01-01T01:00:00+01:00'}");

    assertThat(write(sink, first, second)).delivered(0, 1);
    assertThat(write(sink, second, first)).delivered(1, 0);
    assertThat(documents("_order"))
        .containsExactly(
            "{'_id': 'a', 'name': 'A', 'price': 1.5, 'at': {'$date': '2026-10-05T10:00:00.123Z'}, 'state': 'New'}",
            "{'_id': 'b', 'name': 'B', 'at': {'$date': '2026-01-01T00:00:00Z'}, 'state': 'New'}");
  }

  @Test
  void rejectsADocumentWhoseIdAnotherEventHas() {
    MongoSink sink = sink(ORDERS);
    write(sink, event(0, "made", "{'id': 'a', 'name': 'A'}"));

    assertThat(
            write(
                sink,
                event(1, "made", "{'id': 'a', 'name': 'Other'}"),
                event(2, "made", "{'id': 'b', 'name': 'B'}")))
        .delivered(2)
        .rejected(1, "ID_TAKEN");
    assertThat(documents()).first().asString().contains("'name': 'A'");
  }

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
  void changesADocumentInTheOrderOfItsEvents() {
    MongoSink sink = sink(ORDERS);

    assertThat(
            write(
                sink,
                event(0, "made", "{'id': 'a', 'name': 'A'}"),
                event(1, "renamed", "{'id': 'a', 'name': 'B'}"),
                event(2, "renamed", "{'id': 'a', 'name': 'C', 'note': 'n'}"),
                event(3, "made", "{'id': 'b', 'name': 'D'}"),
                event(4, "renamed", "{'id': 'a', 'name': 'E'}")))
        .delivered(0, 1, 2, 3, 4);

    assertThat(documents("_order", "at"))
        .containsExactly(
            "{'_id': 'a', 'name': 'E', 'state': 'New', 'note': 'n'}",
            "{'_id': 'b', 'name': 'D', 'state': 'New'}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"renamed", "remade"})
  void keepsWhatIsNewer(String type) {
    MongoSink sink = sink(ORDERS);
    write(sink, event(0, "made", "{'id': 'a', 'name': 'A'}"));
    write(sink, event(7, type, "{'id': 'a', 'name': 'new'}"));

    assertThat(write(sink, event(5, type, "{'id': 'a', 'name': 'old'}")))
        .delivered(5)
        .superseded(5);
    assertThat(write(sink, event(7, type, "{'id': 'a', 'name': 'new'}"))).delivered(7).superseded();
    assertThat(write(sink, event(0, "made", "{'id': 'a', 'name': 'A'}"))).delivered(0);
    assertThat(documents()).singleElement().asString().contains("'name': 'new'");
  }

  @Test
  void changesOnlyWhatIsInTheRightState() {
    MongoSink sink = sink(ORDERS);
    write(sink, event(0, "made", "{'id': 'a', 'name': 'A'}"));
    write(sink, event(1, "made", "{'id': 'b', 'name': 'B'}"));
    things()
        .updateOne(new Document("_id", "b"), new Document("$set", new Document("state", "Paid")));

    assertThat(
            write(sink, event(2, "cancelled", "{'id': 'a'}"), event(3, "cancelled", "{'id': 'b'}")))
        .delivered(2, 3)
        .superseded(3);

    assertThat(documents("_order", "at", "name"))
        .containsExactly("{'_id': 'a', 'state': 'Cancelled'}", "{'_id': 'b', 'state': 'Paid'}");
  }

  @Test
  void doesTheFirstThatFits() {
    MongoSink sink = sink(ORDERS);
    write(sink, event(0, "made", "{'id': 'a', 'name': 'A'}"));
    write(sink, event(1, "made", "{'id': 'b', 'name': 'B'}"), event(2, "cancelled", "{'id': 'b'}"));

    Event[] paid = {event(3, "paid", "{'id': 'a'}"), event(4, "paid", "{'id': 'b'}")};
    assertThat(write(sink, paid)).delivered(3, 4).superseded();
    assertThat(write(sink, paid)).delivered(3, 4).superseded();

    assertThat(documents("_order", "at", "name"))
        .containsExactly(
            "{'_id': 'a', 'state': 'Paid'}",
            "{'_id': 'b', 'state': 'Cancelled', 'note': 'refund'}");
  }

  @Test
  void replacesAndMakes() {
    MongoSink sink = sink(ORDERS);
    write(sink, event(0, "made", "{'id': 'a', 'name': 'A', 'price': 2}"));

    assertThat(
            write(
                sink,
                event(1, "remade", "{'id': 'a', 'name': 'B'}"),
                event(2, "remade", "{'id': 'c', 'name': 'C'}")))
        .delivered(1, 2);

    assertThat(documents("_order"))
        .containsExactly("{'_id': 'a', 'name': 'B'}", "{'_id': 'c', 'name': 'C'}");
  }

  @Test
  void holdsForAWhileAChangeOfWhatIsNotThereAndWhatFollowsIt() {
    MongoSink sink = sink(ORDERS);

    assertThat(
            write(
                sink,
                event(0, "renamed", "{'id': 'a', 'name': 'B'}"),
                event(1, "renamed", "{'id': 'a', 'name': 'C'}"),
                event(2, "made", "{'id': 'b', 'name': 'D'}")))
        .delivered(2)
        .held(0, "NO_DOCUMENT")
        .held(1, "PREDECESSOR_HELD");
  }

  @Test
  void rejectsAChangeWhoseDocumentDoesNotCome() {
    MongoSink sink = sink(ORDERS);
    Event change = event(0, "renamed", "{'id': 'a', 'name': 'B'}");
    assertThat(write(sink, change)).held(0, "NO_DOCUMENT");

    now = now.plus(Patience.LIMIT).minusMillis(1);
    assertThat(write(sink, change)).held(0, "NO_DOCUMENT");
    now = now.plusMillis(1);
    assertThat(write(sink, change, event(1, "made", "{'id': 'b', 'name': 'D'}")))
        .delivered(1)
        .rejected(0, "NO_DOCUMENT");

    assertThat(write(sink, change)).held(0, "NO_DOCUMENT");
  }

  @Test
  void makesAChangeWhoseDocumentComesWhileItIsWritten() {
    var made = new AtomicBoolean();
    MongoSink writer = sink(ORDERS);
    CommandListener meanwhile =
        new CommandListener() {
          @Override
          public void commandSucceeded(CommandSucceededEvent event) {
            if (List.of("find", "update").contains(event.getCommandName())
                && !made.getAndSet(true)) {
              write(writer, event(0, "made", "{'id': 'a', 'name': 'A'}"));
            }
          }
        };
    try (MongoClient listened =
        MongoClients.create(
            MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(sandbox.mongoDb().uri()))
                .addCommandListener(meanwhile)
                .build())) {
      MongoSink sink = sink(ORDERS, listened.getDatabase("sink"));
      Event change = event(1, "renamed", "{'id': 'a', 'name': 'B'}");

      if (write(sink, change).delivered().isEmpty()) {
        assertThat(write(sink, change)).delivered(1);
      }
    }
    assertThat(documents("_order").get(0)).contains("'name': 'B'");
  }

  @Test
  void makesAChangeWhoseDocumentComesLate() {
    MongoSink sink = sink(ORDERS);
    Event change = event(1, "renamed", "{'id': 'a', 'name': 'B'}");
    assertThat(write(sink, change)).held(1, "NO_DOCUMENT");
    write(sink, event(0, "made", "{'id': 'a', 'name': 'A'}"));

    now = now.plus(Patience.LIMIT);
    assertThat(write(sink, change)).delivered(1);
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "made | {'id': 'a', 'name': true} | INVALID_VALUE",
        "made | {'id': 'a'} | INVALID_VALUE",
        "made | {'name': 'A'} | INVALID_VALUE",
        "made | {'id': {'$gt': ''}, 'name': 'A'} | INVALID_VALUE",
        "made | {'id': '', 'name': 'A'} | INVALID_VALUE",
        "made | {'id': 'a', 'name': 'A', 'price': 'NaN'} | INVALID_VALUE",
        "made | {'id': 'a', 'name': 'A', 'at': 'now'} | INVALID_VALUE",
        "made | {'id': 'a', 'name': '\\ud800'} | INVALID_VALUE",
        "made | {'id': 'a', 'name': 'A', 'price': '1e2147483647'} | INVALID_VALUE",
        "made | {'id': 'a', 'name': 'A', 'price': '1e2147483648'} | INVALID_VALUE",
        "made | {'id': 'a', 'name': 'A', '$set': {'state': 'Paid'}} | UNMAPPED_FIELD",
        "unheard | {'id': 'a'} | UNKNOWN_EVENT_TYPE",
      })
  void rejectsAloneWhatIsNoDocument(String type, String data, String code) {
    assertThat(
            write(
                sink(ORDERS),
                event(0, "made", "{'id': 'x', 'name': 'X'}"),
                event(1, type, data),
                event(2, "made", "{'id': 'y', 'name': 'Y'}")))
        .delivered(0, 2)
        .rejected(1, code);
  }

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
