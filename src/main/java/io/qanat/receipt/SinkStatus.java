package io.qanat.receipt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.deadletter.DeadLetterIndex.Entry;
import io.qanat.kafka.HoldNote;
import io.qanat.kafka.Position;
import org.jspecify.annotations.Nullable;

/**
 * What became of one event in one sink.
 *
 * @param state what it is
 * @param lag if it waits, how many records are ahead of it
 * @param held if it waits, why its lane stands still, if it does
 * @param death if it is dead or discarded, why it died
 * @param note what else there is to say of its delivery
 * @param redrive if it was redriven, the record that stands for it now
 * @param duplicateOf if another record had its Idempotency-Key first, that record; the rest of this
 *     status is then that record's
 */
record SinkStatus(
    State state,
    long lag,
    @Nullable HoldNote held,
    @Nullable Death death,
    @Nullable String note,
    @Nullable Redrive redrive,
    @Nullable Position duplicateOf) {

  /**
   * Why a sink refused an event.
   *
   * @param id of the dead letter
   */
  record Death(String id, String code, String message) {
    static Death of(Entry entry) {
      return new Death(entry.id(), entry.code(), entry.message());
    }
  }

  /**
   * The record that was put on the flow's topic in the place of a dead one.
   *
   * @param to where it stands
   * @param status what became of it
   */
  record Redrive(Position to, SinkStatus status) {}

  static SinkStatus waiting(long lag, @Nullable HoldNote held) {
    return new SinkStatus(State.WAITING, lag, held, null, null, null, null);
  }

  static SinkStatus delivered(@Nullable String note) {
    return new SinkStatus(State.DELIVERED, 0, null, null, note, null, null);
  }

  static SinkStatus dead(Death death) {
    return new SinkStatus(State.DEAD_LETTERED, 0, null, death, null, null, null);
  }

  static SinkStatus discarded(Death death) {
    return new SinkStatus(State.DISCARDED, 0, null, death, null, null, null);
  }

  static SinkStatus redriven(Position to, SinkStatus status) {
    return new SinkStatus(State.REDRIVEN, 0, null, null, null, new Redrive(to, status), null);
  }

  /** This status, for a record that repeats the one it belongs to. */
  SinkStatus asDuplicateOf(Position first) {
    return new SinkStatus(state, lag, held, death, note, redrive, first);
  }

  /** What it comes to in the end: of a redriven event, what its redrive came to. */
  State outcome() {
    return redrive == null ? state : redrive.status.outcome();
  }

  /** Writes the status into an object. */
  void writeTo(ObjectNode node) {
    node.put("state", state.toString());
    if (state == State.WAITING) {
      node.put("lag", lag);
    }
    if (held != null) {
      node.putObject("held")
          .put("code", held.code())
          .put("message", held.message())
          .put("since", held.since().toString());
    }
    if (death != null) {
      node.put("code", death.code)
          .put("message", death.message)
          .put("deadLetter", "/dead-letters/" + death.id);
    }
    if (note != null) {
      node.put("note", note);
    }
    if (redrive != null) {
      redrive.status.writeTo(node.putObject("redrivenTo").put("receipt", Receipt.path(redrive.to)));
    }
    if (duplicateOf != null) {
      node.put("duplicateOf", Receipt.path(duplicateOf));
    }
  }
}
