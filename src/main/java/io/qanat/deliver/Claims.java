package io.qanat.deliver;

import io.qanat.kafka.Position;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Remembers which event was the first with an Idempotency-Key, for each lane. */
public interface Claims {
  /**
   * Who holds a key.
   *
   * @param holder the event that came first, by its {@link Event#order()}
   * @param fingerprint of that event
   */
  record Claim(Position holder, String fingerprint) {}

  /**
   * Claims the keys of events for those that come first.
   *
   * @param lane the id of the lane
   * @param events events that have an {@link Event#idempotency()}, in order
   * @return who holds the key of each event, by its {@link Event#position()}
   * @throws UnavailableException if that cannot be told now
   */
  Map<Position, Claim> claim(String lane, List<Event> events);

  /**
   * Who holds a key.
   *
   * @param lane the id of the lane
   * @param scope whose keys these are, as in {@link Event.Idempotency}
   * @param key the Idempotency-Key
   * @throws UnavailableException if that cannot be told now
   */
  Optional<Position> holder(String lane, String scope, String key);
}
