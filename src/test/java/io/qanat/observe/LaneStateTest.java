package io.qanat.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.qanat.kafka.HoldNote;
import io.qanat.kafka.LaneOffsets.Progress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LaneStateTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Pause PAUSE = new Pause(true, "ann", NOON);
  private static final HoldNote EARLY = new HoldNote("UNAVAILABLE", "503", NOON);
  private static final HoldNote LATE = new HoldNote("RATE_LIMIT", "429", NOON.plusSeconds(9));

  private static List<Progress> partitions(HoldNote... notes) {
    return java.util.stream.Stream.concat(
            java.util.stream.Stream.of(Optional.<HoldNote>empty()),
            java.util.Arrays.stream(notes).map(Optional::of))
        .map(note -> new Progress(0, 1, 2, note))
        .toList();
  }

  @Test
  void runsWhenNothingKeepsIt() {
    assertThat(LaneState.of(Optional.empty(), partitions(), () -> 2))
        .isEqualTo(new LaneState.Running());
  }

  @Test
  void isHeldSinceTheFirstPartitionWas() {
    assertThat(LaneState.of(Optional.empty(), partitions(LATE, EARLY), () -> 1))
        .isEqualTo(new LaneState.Held(EARLY));
  }

  @Test
  void isStoppedWithoutMembersWhateverNoteTheyHaveLeft() {
    assertThat(LaneState.of(Optional.empty(), partitions(EARLY), () -> 0))
        .isEqualTo(new LaneState.Stopped());
  }

  @Test
  void isPausedAboveAllAndAsksNobodyThen() {
    assertThat(
            LaneState.of(
                Optional.of(PAUSE),
                partitions(EARLY),
                () -> {
                  throw new AssertionError("asked");
                }))
        .isEqualTo(new LaneState.Paused(PAUSE));
  }
}
