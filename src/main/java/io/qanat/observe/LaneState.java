package io.qanat.observe;

import io.qanat.kafka.HoldNote;
import io.qanat.kafka.LaneOffsets.Progress;
import java.util.Collection;
import java.util.Optional;
import java.util.function.IntSupplier;

/** How a lane is, whichever instances run it. */
sealed interface LaneState {
  /** It takes events as they come. */
  record Running() implements LaneState {}

  /** Its sink cannot take events now. */
  record Held(HoldNote note) implements LaneState {}

  /** An operator keeps it still. */
  record Paused(Pause pause) implements LaneState {}

  /** No instance runs it. */
  record Stopped() implements LaneState {}

  /**
   * Tells the state; what a person has said comes first, and a note that somebody left who is gone
   * counts for nothing.
   *
   * @param members asks how many consumers the lane's group has
   */
  static LaneState of(Optional<Pause> pause, Collection<Progress> partitions, IntSupplier members) {
    if (pause.isPresent()) {
      return new Paused(pause.get());
    }
    if (members.getAsInt() == 0) {
      return new Stopped();
    }
    return Progress.hold(partitions).<LaneState>map(Held::new).orElseGet(Running::new);
  }
}
