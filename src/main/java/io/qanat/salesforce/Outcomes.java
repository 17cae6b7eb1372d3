package io.qanat.salesforce;

import io.qanat.deliver.BatchOutcome;
import io.qanat.deliver.Event;
import io.qanat.deliver.Failure;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

/** Collects what became of each event while calls go out in another order than events came in. */
final class Outcomes {
  private final IdentityHashMap<Event, Optional<Failure>> settled = new IdentityHashMap<>();

  void delivered(Event event) {
    settled.put(event, Optional.empty());
  }

  void failed(Event event, Failure failure) {
    settled.put(event, Optional.of(failure));
  }

  /** The outcome in the order of the events, each of which must have been settled. */
  BatchOutcome inOrderOf(List<Event> events) {
    var outcome = new BatchOutcome.Builder();
    for (Event event : events) {
      Optional<Failure> failure = settled.get(event);
      if (failure == null) {
        throw new IllegalStateException("nothing was said about " + event.position());
      }
      failure.ifPresentOrElse(f -> outcome.failed(event, f), () -> outcome.delivered(event));
    }
    return outcome.build();
  }
}
