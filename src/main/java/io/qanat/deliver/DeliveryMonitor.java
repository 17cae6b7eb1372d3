package io.qanat.deliver;

import io.micrometer.core.instrument.MeterRegistry;
import io.qanat.deliver.BatchOutcome.Unsettled;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Shows what becomes of events: {@code qanat.events{flow,sink,outcome}} counts the settled ones,
 * {@code qanat.held{flow,sink}} tells how many are held now, and the log says once when a lane is
 * held and when it goes on.
 */
@Component
class DeliveryMonitor {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryMonitor.class);
  private static final Duration REMIND = Duration.ofMinutes(1);

  private final MeterRegistry meters;
  private final Map<String, Lane> lanes = new ConcurrentHashMap<>();

  DeliveryMonitor(MeterRegistry meters) {
    this.meters = meters;
  }

  /** The watch over one flow's one sink. */
  Lane lane(String flow, String sink) {
    return lanes.computeIfAbsent(flow + "/" + sink, k -> new Lane(flow, sink));
  }

  /** One flow's one sink. */
  final class Lane implements HoldListener {
    private final String flow;
    private final String sink;
    private final AtomicInteger held = new AtomicInteger();
    private long since;
    private long reported;

    private Lane(String flow, String sink) {
      this.flow = flow;
      this.sink = sink;
      meters.gauge("qanat.held", List.of(tag("flow", flow), tag("sink", sink)), held);
    }

    private static io.micrometer.core.instrument.Tag tag(String key, String value) {
      return io.micrometer.core.instrument.Tag.of(key, value);
    }

    @Override
    public synchronized void held(List<Unsettled> events) {
      long now = System.nanoTime();
      if (!events.isEmpty()) {
        boolean first = held.getAndSet(events.size()) == 0;
        since = first ? now : since;
        if (first || now - reported > REMIND.toNanos()) {
          reported = now;
          var failure = events.get(0).failure();
          LOG.warn(
              "{}: {} holds {} events: {} {}",
              flow,
              sink,
              events.size(),
              failure.code(),
              failure.message());
        }
      } else if (held.getAndSet(0) > 0) {
        LOG.info(
            "{}: {} goes on after {} s", flow, sink, Duration.ofNanos(now - since).toSeconds());
      }
    }

    /** So many events were settled, and their offsets committed. */
    void settled(int delivered, int deadLettered) {
      count("delivered", delivered);
      count("dead-lettered", deadLettered);
    }

    private void count(String outcome, int n) {
      if (n > 0) {
        meters.counter("qanat.events", "flow", flow, "sink", sink, "outcome", outcome).increment(n);
      }
    }
  }
}
