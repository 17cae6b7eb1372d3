package io.qanat.accept;

import io.qanat.kafka.Position;
import java.time.Duration;
import java.util.Optional;

/** Tells the edge what became of an event that it has accepted. */
public interface Outcomes {
  /**
   * Waits until every sink has settled the event; less long if the hub stops.
   *
   * @param event where the event stands in Kafka
   * @param atMost how long to wait
   * @return the event's receipt as JSON; empty if it was not settled in time, or nobody can tell
   */
  Optional<byte[]> await(Position event, Duration atMost);
}
