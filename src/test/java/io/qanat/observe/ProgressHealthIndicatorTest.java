package io.qanat.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.qanat.Lane;
import io.qanat.kafka.LaneOffsets.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.Status;

class ProgressHealthIndicatorTest {
  private static final Lane ONE = new Lane("contacts-deliver-salesforce", "contacts", "salesforce");
  private static final Lane OTHER = new Lane("contacts-deliver-mongodb", "contacts", "mongodb");

  private final Map<Lane, LaneWatch> watches = Map.of(ONE, new LaneWatch(), OTHER, new LaneWatch());
  private final List<Lane> mine = new ArrayList<>(List.of(ONE, OTHER));
  private long now;
  private final ProgressHealthIndicator indicator =
      new ProgressHealthIndicator(
          () -> mine, watches::get, Duration.ofMinutes(5), () -> Duration.ofSeconds(now).toNanos());

  private void see(Lane lane, long committed, long end) {
    watches
        .get(lane)
        .see(
            Duration.ofSeconds(now).toNanos(),
            List.of(new Progress(0, committed, end, Optional.empty())),
            false);
  }

  @Test
  void isUpWhileTheLanesComeOn() {
    see(ONE, 1, 2);
    see(OTHER, 2, 2);
    now = 200;

    assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
  }

  @Test
  void isDownAndNamesTheLaneThatStandsStill() {
    see(ONE, 1, 2);
    see(OTHER, 2, 2);
    now = 301;
    see(ONE, 1, 2);
    see(OTHER, 2, 2);

    Health health = indicator.health();

    assertThat(health.getStatus()).isEqualTo(Status.DOWN);
    assertThat(health.getDetails().get("stalled")).isEqualTo(List.of(ONE.id()));
  }

  @Test
  void doesNotAnswerForALaneThatAnotherInstanceRuns() {
    see(ONE, 1, 2);
    see(OTHER, 2, 2);
    now = 301;
    see(ONE, 1, 2);
    see(OTHER, 2, 2);
    mine.remove(ONE);

    assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
  }

  @Test
  void isUnknownNotDownWhileKafkaIsAway() {
    see(ONE, 1, 2);
    see(OTHER, 2, 2);
    now = 1000;
    watches.values().forEach(LaneWatch::lost);

    assertThat(indicator.health().getStatus()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void isUpWhereNoLaneRuns() {
    mine.clear();

    assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
  }
}
