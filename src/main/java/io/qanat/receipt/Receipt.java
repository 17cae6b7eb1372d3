package io.qanat.receipt;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.kafka.Position;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What became of one accepted event.
 *
 * @param position where its record stands in Kafka
 * @param eventId its CloudEvents id; null if another producer wrote it without one
 * @param type its CloudEvents type; null if another producer wrote it without one
 * @param acceptedAt when the hub accepted it
 * @param redriveOf the receipt of the event that this is a redrive of, if it is one
 * @param sinks what became of it, by sink
 */
record Receipt(
    Position position,
    @Nullable String eventId,
    @Nullable String type,
    Instant acceptedAt,
    @Nullable Position redriveOf,
    Map<String, SinkStatus> sinks) {

  /** Which state tells most of the event, if its sinks differ. */
  private static final List<State> WORST_FIRST =
      List.of(State.WAITING, State.DEAD_LETTERED, State.DISCARDED, State.DELIVERED);

  /** Where the receipt of a record is. */
  static String path(Position position) {
    return "/receipts/" + position.receipt();
  }

  /** What the event is to all sinks together; it waits while any sink has not settled it. */
  State state() {
    Stream<State> states =
        sinks.isEmpty()
            ? Stream.of(State.WAITING)
            : sinks.values().stream().map(SinkStatus::outcome);
    List<State> all = states.toList();
    return WORST_FIRST.stream().filter(all::contains).findFirst().orElseThrow();
  }

  /** The receipt as callers see it. */
  byte[] toJson() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("receipt", position.receipt());
    if (eventId != null) {
      node.put("id", eventId);
    }
    node.put("flow", position.flow());
    if (type != null) {
      node.put("type", type);
    }
    node.put("acceptedAt", acceptedAt.toString());
    if (redriveOf != null) {
      node.put("redriveOf", path(redriveOf));
    }
    node.put("state", state().toString());
    var list = node.putArray("sinks");
    sinks.forEach((sink, status) -> status.writeTo(list.addObject().put("sink", sink)));
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }
}
