package io.qanat.salesforce;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.deliver.BatchOutcome;
import io.qanat.deliver.BatchOutcome.Unsettled;
import io.qanat.deliver.Event;
import io.qanat.deliver.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.AbstractAssert;

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
    return new OutcomeAssert(outcome);
  }

  private static ObjectNode json(String data) {
    try {
      return (ObjectNode) SalesforceErrors.JSON.readTree(data.replace('\'', '"'));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** Assertions by index of the event in its batch. */
  static final class OutcomeAssert extends AbstractAssert<OutcomeAssert, BatchOutcome> {
    OutcomeAssert(BatchOutcome outcome) {
      super(outcome, OutcomeAssert.class);
    }

    OutcomeAssert delivered(long... indexes) {
      org.assertj.core.api.Assertions.assertThat(actual.delivered())
          .extracting(event -> event.position().offset())
          .as("delivered; rejected %s, held %s", codes(actual.rejected()), codes(actual.held()))
          .containsExactlyElementsOf(java.util.Arrays.stream(indexes).boxed().toList());
      return this;
    }

    OutcomeAssert deliveredAllOf(List<Event> events) {
      org.assertj.core.api.Assertions.assertThat(actual.delivered()).isEqualTo(events);
      return rejectedNothing().heldNothing();
    }

    OutcomeAssert rejected(long index, String code) {
      has(actual.rejected(), "rejected", index, code);
      return this;
    }

    OutcomeAssert rejectedNothing() {
      org.assertj.core.api.Assertions.assertThat(codes(actual.rejected())).as("rejected").isEmpty();
      return this;
    }

    OutcomeAssert held(long index, String code) {
      has(actual.held(), "held", index, code);
      return this;
    }

    OutcomeAssert heldAll(int count, String code) {
      org.assertj.core.api.Assertions.assertThat(actual.held())
          .hasSize(count)
          .allMatch(held -> held.failure().code().equals(code));
      return delivered().rejectedNothing();
    }

    OutcomeAssert heldNothing() {
      org.assertj.core.api.Assertions.assertThat(codes(actual.held())).as("held").isEmpty();
      return this;
    }

    private static void has(List<Unsettled> list, String name, long index, String code) {
      org.assertj.core.api.Assertions.assertThat(codes(list)).as(name).containsEntry(index, code);
    }

    private static Map<Long, String> codes(List<Unsettled> list) {
      Map<Long, String> codes = new TreeMap<>();
      list.forEach(u -> codes.put(u.event().position().offset(), u.failure().code()));
      return codes;
    }
  }
}
