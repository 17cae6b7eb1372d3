package io.qanat.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.qanat.Lane;
import io.qanat.Lanes;
import io.qanat.kafka.LaneOffsets;
import io.qanat.kafka.LaneOffsets.Progress;
import jakarta.annotation.PreDestroy;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Looks at every lane from time to time, and shows what it sees as {@code qanat.lag{flow,sink}},
 * {@code qanat.expired{flow,sink}} and {@code qanat.paused{flow,sink}}.
 */
@Component
class LaneSampler implements CamelContextConfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(LaneSampler.class);
  private static final int PERIOD_SECONDS = 5;

  private final Lanes lanes;
  private final LaneOffsets offsets;
  private final LanePauses pauses;
  private final MeterRegistry meters;
  private final Map<String, LaneWatch> watches = new ConcurrentHashMap<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "qanat-progress");
            thread.setDaemon(true);
            return thread;
          });

  LaneSampler(Lanes lanes, LaneOffsets offsets, LanePauses pauses, MeterRegistry meters) {
    this.lanes = lanes;
    this.offsets = offsets;
    this.pauses = pauses;
    this.meters = meters;
  }

  @Override
  public void beforeApplicationStart(CamelContext context) {
    // There is nothing to look at yet.
  }

  @Override
  public void afterApplicationStart(CamelContext context) {
    var unused = clock.scheduleWithFixedDelay(this::lookAtAll, 0, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  /** The watch over a lane. */
  LaneWatch watch(Lane lane) {
    return watches.computeIfAbsent(lane.id(), id -> newWatch(lane));
  }

  private LaneWatch newWatch(Lane lane) {
    LaneWatch watch = new LaneWatch();
    Gauge.builder("qanat.lag", watch, LaneWatch::lag)
        .description("Records that wait")
        .tags("flow", lane.flow(), "sink", lane.sink())
        .register(meters);
    Gauge.builder("qanat.expired", watch, LaneWatch::expired)
        .description("Records that Kafka deleted before they were settled")
        .tags("flow", lane.flow(), "sink", lane.sink())
        .register(meters);
    Gauge.builder("qanat.paused", pauses, p -> p.paused(lane.id()) ? 1 : 0)
        .description("1 while an operator keeps the lane paused")
        .tags("flow", lane.flow(), "sink", lane.sink())
        .register(meters);
    return watch;
  }

  private void lookAtAll() {
    try {
      for (Lane lane : lanes.all()) {
        LaneWatch watch = watch(lane);
        Collection<Progress> partitions = offsets.of(lane).values();
        boolean held = partitions.stream().anyMatch(p -> p.hold().isPresent());
        watch
            .newlyExpired(partitions)
            .ifPresent(
                n ->
                    LOG.error(
                        "{}: Kafka has deleted {} events that were never settled; the retention of {} is too short",
                        lane.id(),
                        n,
                        lanes.topics(lane)));
        watch.see(System.nanoTime(), partitions, held || pauses.paused(lane.id()));
      }
    } catch (KafkaException e) {
      // Each question waits for seconds, so what one lane has shown counts for all.
      watches.values().forEach(LaneWatch::lost);
      LOG.debug("Kafka does not tell how far the lanes have come", e);
    } catch (RuntimeException e) {
      watches.values().forEach(LaneWatch::lost);
      LOG.error("The lanes could not be looked at", e);
    }
  }

  @PreDestroy
  void stop() {
    clock.shutdownNow();
  }
}
