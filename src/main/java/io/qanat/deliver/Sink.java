package io.qanat.deliver;

import java.util.List;

/** A system at the end of a flow, seen as a place to which batches of events can be written. */
public interface Sink {
  /**
   * Writes the events, in order per key, so that writing one of them again changes nothing.
   *
   * <p>An event whose predecessor of the same key is held must be held too. A sink that needs
   * several calls asks the deadline between two of them, and holds what it has not begun once the
   * deadline has passed.
   *
   * @param events at least one event, in partition order
   * @param deadline when the sink should stop beginning new calls
   * @return every event exactly once
   * @throws RuntimeException when nothing can be said about single events; the engine classifies it
   *     and may write the same events again, in smaller batches
   */
  BatchOutcome write(List<Event> events, Deadline deadline);

  /**
   * Whether the sink itself refuses an event that is older than what it has of its key, by {@link
   * Event#order()}. For one that cannot, the hub keeps an index of what was delivered last.
   */
  default boolean keepsOrder() {
    return false;
  }
}
