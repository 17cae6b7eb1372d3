package io.qanat.observe;

import io.qanat.Lane;
import io.qanat.Lanes;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Is down when a lane that runs here is dead although it seems to run: records wait, none is
 * settled, and nobody has said why. A restart helps then, so this is part of liveness. Where Kafka
 * is away a restart does not help, and the status is unknown.
 */
@Component
class ProgressHealthIndicator implements HealthIndicator {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressHealthIndicator.class);

  private final Supplier<List<Lane>> mine;
  private final Function<Lane, LaneWatch> watches;
  private final Duration timeout;
  private final LongSupplier nanoTime;
  private volatile List<String> reported = List.of();

  @Autowired
  ProgressHealthIndicator(
      Lanes lanes, LaneSwitch here, LaneSampler sampler, ProgressProperties properties) {
    this(
        () -> lanes.all().stream().filter(lane -> here.runs(lane.id())).toList(),
        sampler::watch,
        properties.progressTimeout(),
        System::nanoTime);
  }

  ProgressHealthIndicator(
      Supplier<List<Lane>> mine,
      Function<Lane, LaneWatch> watches,
      Duration timeout,
      LongSupplier nanoTime) {
    this.mine = mine;
    this.watches = watches;
    this.timeout = timeout;
    this.nanoTime = nanoTime;
  }

  @Override
  public Health health() {
    List<Lane> lanes = mine.get();
    long now = nanoTime.getAsLong();
    List<String> stalled =
        lanes.stream()
            .filter(lane -> watches.apply(lane).stalled(now, timeout))
            .map(Lane::id)
            .toList();
    report(stalled);
    if (!stalled.isEmpty()) {
      return Health.down()
          .withDetail("stalled", stalled)
          .withDetail("for", "more than " + timeout)
          .build();
    }
    boolean known = lanes.stream().allMatch(lane -> watches.apply(lane).known());
    return known
        ? Health.up().build()
        : Health.unknown().withDetail("reason", "Kafka has not told how far the lanes are").build();
  }

  private void report(List<String> stalled) {
    if (!stalled.equals(reported) && !stalled.isEmpty()) {
      LOG.error("{} settle nothing for more than {} although records wait", stalled, timeout);
    }
    reported = stalled;
  }
}
