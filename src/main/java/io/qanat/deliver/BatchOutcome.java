package io.qanat.deliver;

import java.util.ArrayList;
import java.util.List;

/**
 * What became of one batch of events: every event is in exactly one of the first three lists.
 *
 * @param delivered the sink has them
 * @param rejected the sink refuses them: they go to the dead letters
 * @param held to be tried again, with the reason
 * @param superseded which of those delivered changed nothing in the sink, as they came too late
 */
public record BatchOutcome(
    List<Event> delivered, List<Unsettled> rejected, List<Unsettled> held, List<Event> superseded) {
  public BatchOutcome {
    delivered = List.copyOf(delivered);
    rejected = List.copyOf(rejected);
    held = List.copyOf(held);
    superseded = List.copyOf(superseded);
  }

  /** An outcome in which nothing came too late. */
  public BatchOutcome(List<Event> delivered, List<Unsettled> rejected, List<Unsettled> held) {
    this(delivered, rejected, held, List.of());
  }

  /** An event that was not delivered, and why. */
  public record Unsettled(Event event, Failure failure) {}

  /** An outcome in which every event is held for one reason. */
  public static BatchOutcome holdAll(List<Event> events, Failure failure) {
    return new BatchOutcome(
        List.of(), List.of(), events.stream().map(e -> new Unsettled(e, failure)).toList());
  }

  /** Collects an outcome event by event. */
  public static final class Builder {
    private final List<Event> delivered = new ArrayList<>();
    private final List<Unsettled> rejected = new ArrayList<>();
    private final List<Unsettled> held = new ArrayList<>();
    private final List<Event> superseded = new ArrayList<>();

    /** The sink has the event. */
    public Builder delivered(Event event) {
      delivered.add(event);
      return this;
    }

    /** The event came too late: the sink has something that it must not change. */
    public Builder superseded(Event event) {
      superseded.add(event);
      return delivered(event);
    }

    /** The event failed: poison is rejected, everything else held. */
    public Builder failed(Event event, Failure failure) {
      (failure.failureClass() == FailureClass.POISON ? rejected : held)
          .add(new Unsettled(event, failure));
      return this;
    }

    /** Takes over what a sink said of an event that it did not take. */
    Builder unsettled(Unsettled event, boolean forGood) {
      (forGood ? rejected : held).add(event);
      return this;
    }

    /** The outcome so far. */
    public BatchOutcome build() {
      return new BatchOutcome(delivered, rejected, held, superseded);
    }
  }
}
