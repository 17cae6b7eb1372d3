package io.qanat.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.qanat.kafka.LaneOffsets.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LaneWatchTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private final LaneWatch watch = new LaneWatch();

  private void see(int second, long committed, long end, boolean excused) {
    watch.see(nanos(second), List.of(new Progress(0, committed, end, Optional.empty())), excused);
  }

  private static long nanos(int second) {
    return Duration.ofSeconds(second).toNanos();
  }

  private boolean stalledAt(int second) {
    return watch.stalled(nanos(second), TIMEOUT);
  }

  @Test
  void isStalledWhenRecordsWaitAndNoneIsSettledForTheTimeout() {
    for (int second = 0; second <= 300; second += 5) {
      see(second, 10, 12, false);
    }

    assertThat(stalledAt(300)).isFalse();
    assertThat(stalledAt(301)).isTrue();
  }

  @Test
  void comesOnWithEachCommitHoweverMuchWaits() {
    see(0, 10, 1000, false);
    see(299, 11, 1001, false);

    assertThat(stalledAt(500)).isFalse();
    assertThat(stalledAt(600)).isTrue();
  }

  @Test
  void countsTheTimeFromWhenRecordsBeganToWait() {
    see(0, 10, 10, false);
    see(1000, 10, 10, false);
    see(1005, 10, 11, false);

    assertThat(stalledAt(1300)).isFalse();
    assertThat(stalledAt(1301)).isTrue();
  }

  @Test
  void excusesALaneForAsLongAsItIsHeldOrPausedAndGivesItTimeAfterwards() {
    see(0, 10, 12, true);
    see(1000, 10, 12, true);
    see(1005, 10, 12, false);

    assertThat(stalledAt(1300)).isFalse();
    assertThat(stalledAt(1301)).isTrue();
  }

  @Test
  void holdsNothingAgainstALaneWhileKafkaIsAwayAndGivesItTimeAfterwards() {
    see(0, 10, 12, false);
    watch.lost();

    assertThat(watch.known()).isFalse();
    assertThat(stalledAt(1000)).isFalse();
    assertThat(watch.lag()).isNaN();

    see(1000, 10, 12, false);
    assertThat(stalledAt(1300)).isFalse();
    assertThat(stalledAt(1301)).isTrue();
  }

  @Test
  void tellsHowMuchIsSettledOverTheLastHalfMinute() {
    assertThat(watch.settledPerSecond()).isEmpty();
    see(0, 0, 1000, false);
    assertThat(watch.settledPerSecond()).isEmpty();
    see(20, 400, 1000, false);
    assertThat(watch.settledPerSecond()).hasValue(20);
    see(40, 400, 1000, false);
    assertThat(watch.settledPerSecond()).hasValue(0);
    assertThat(watch.lag()).isEqualTo(600);
  }

  @Test
  void tellsNoNegativeRateWhenOffsetsWereSetBack() {
    see(0, 400, 1000, false);
    see(10, 0, 1000, false);

    assertThat(watch.settledPerSecond()).hasValue(0);
  }

  @Test
  void tellsOnceOfEventsThatKafkaDeletedBeforeTheyWereSettled() {
    List<Progress> lost = List.of(new Progress(7, 5, 9, Optional.empty()));

    assertThat(watch.newlyExpired(List.of(new Progress(5, 5, 9, Optional.empty())))).isEmpty();
    assertThat(watch.newlyExpired(lost)).hasValue(2);
    assertThat(watch.newlyExpired(lost)).as("it was said").isEmpty();
    assertThat(watch.expired()).isEqualTo(2);
    assertThat(watch.newlyExpired(List.of(new Progress(7, 8, 9, Optional.empty())))).isEmpty();
    assertThat(watch.expired()).isZero();
  }
}
