package io.qanat.mongodb;

import static io.qanat.deliver.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandSucceededEvent;
import io.qanat.deliver.Event;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that are changed in the order of their events, and in some states only. */
class MongoOrdersIT extends MongoSinkFixture {
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
}
