package io.qanat.deadletter;

import io.qanat.deadletter.Action.Kind;
import io.qanat.deadletter.Death.Envelope;
import io.qanat.deadletter.Death.Reason;
import io.qanat.kafka.Position;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Dead letters of the contacts in partition 3, told by the offset of their records. */
final class Samples {
  static final DeadLetterId ID = new DeadLetterId("contacts", "salesforce", 3, 10);
  static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private Samples() {}

  static Position record(long offset) {
    return Position.ofFlow("contacts", 3, offset);
  }

  static Death died(long offset, int redrive, int minute) {
    return death(offset, redrive, minute, offset + 100);
  }

  /** A death whose dead letter stands at an offset of the dead-letter topic. */
  static Death death(long offset, int redrive, int minute, long deadLetterOffset) {
    return new Death(
        NOON.plusSeconds(60L * minute),
        record(offset),
        new Position("dlq.contacts.salesforce", 3, deadLetterOffset),
        new Reason("BAD_" + offset, "POISON", "bad", List.of("LastName"), 1),
        new Envelope("c-1", "e-1", "contact.upserted"),
        redrive);
  }

  static Action redriven(long to, int minute) {
    return action(Kind.REDRIVEN, to, minute, "ada");
  }

  static Action delivered(long to, int minute) {
    return action(Kind.DELIVERED, to, minute, "hub");
  }

  static Action superseded(long to, int minute) {
    return action(Kind.SUPERSEDED, to, minute, "hub");
  }

  static Action discarded(@Nullable Long of, int minute) {
    return new Action(
        NOON.plusSeconds(60L * minute),
        "ada",
        Kind.DISCARDED,
        of == null ? null : record(of),
        "a test",
        false);
  }

  private static Action action(Kind kind, long record, int minute, String by) {
    return new Action(NOON.plusSeconds(60L * minute), by, kind, record(record), null, false);
  }
}
