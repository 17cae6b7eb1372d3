package io.qanat.salesforce;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.deliver.BatchOutcome;
import io.qanat.deliver.Event;
import io.qanat.deliver.OutcomeAssert;
import io.qanat.kafka.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Builds the events of a batch, and asserts on its outcome by their index. */
final class Batch {
  private Batch() {}

  /** An upsert; data in JSON with single quotes. */
  static Event upsert(String key, String data) {
    return new Event(
        new Position("qanat.contacts", 0, 0),
        key,
        "id",
        "contact.upserted",
        Instant.EPOCH,
        json(data));
  }

  static Event delete(String key) {
    return new Event(
        new Position("qanat.contacts", 0, 0),
        key,
        "id",
        "contact.deleted",
        Instant.EPOCH,
        json("{'externalId':'" + key + "'}"));
  }

  static Event contact(String key) {
    return upsert(key, "{'externalId':'" + key + "','lastName':'L " + key + "'}");
  }

  /** The events at the offsets 0, 1, 2 and so on. */
  static List<Event> events(Event... events) {
    List<Event> placed = new ArrayList<>();
    for (Event event : events) {
      Position position = new Position("qanat.contacts", 0, placed.size());
      placed.add(
          new Event(
              position,
              event.key(),
              "e" + placed.size(),
              event.type(),
              event.time(),
              event.data()));
    }
    return placed;
  }

  static List<Event> contacts(int count) {
    return events(
        java.util.stream.IntStream.range(0, count)
            .mapToObj(i -> contact("K" + i))
            .toArray(Event[]::new));
  }

  static OutcomeAssert assertThat(BatchOutcome outcome) {
    return OutcomeAssert.assertThat(outcome);
  }

  private static ObjectNode json(String data) {
    try {
      return (ObjectNode) SalesforceErrors.JSON.readTree(data.replace('\'', '"'));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
