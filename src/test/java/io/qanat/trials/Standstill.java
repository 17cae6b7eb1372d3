package io.qanat.trials;

import io.qanat.trials.KafkaView.Place;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;

/** Watches, beside the hub, how long a partition of a lane stands still although events wait. */
final class Standstill implements AutoCloseable {
  private static final long PERIOD_MS = 100;

  private final KafkaView kafka;
  private final TrialFlow flow;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final Map<TopicPartition, Mark> marks = new HashMap<>();
  private long longest;

  /** How far a partition had come, and since when it has not moved. */
  private record Mark(long settled, long since) {}

  Standstill(KafkaView kafka, TrialFlow flow) {
    this.kafka = kafka;
    this.flow = flow;
    var unused = clock.scheduleWithFixedDelay(this::look, 0, PERIOD_MS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      Map<TopicPartition, Place> places = kafka.places(flow);
      places.forEach(this::see);
    } catch (ExecutionException e) {
      // The coordinator moves or is asked too often; the next look tells.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void see(TopicPartition partition, Place place) {
    long now = System.nanoTime();
    Mark mark = marks.get(partition);
    if (mark == null || mark.settled() != place.settled() || place.waiting() == 0) {
      marks.put(partition, new Mark(place.settled(), now));
    } else {
      longest = Math.max(longest, now - mark.since());
    }
  }

  /** The longest time since this was asked last. */
  synchronized Duration longest() {
    Duration told = Duration.ofNanos(longest);
    longest = 0;
    return told;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
