package io.qanat.deliver;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.qanat.deliver.BatchOutcome.Unsettled;
import io.qanat.kafka.HoldNote;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
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

  /** Longer than a sink's longest call and the pause before the next. */
  static final Duration STALE = Duration.ofMinutes(5);

  private final MeterRegistry meters;
  private final LongSupplier nanoTime;
  private final Map<String, Watch> watches = new ConcurrentHashMap<>();

  @Autowired
  DeliveryMonitor(MeterRegistry meters) {
    this(meters, System::nanoTime);
  }

  DeliveryMonitor(MeterRegistry meters, LongSupplier nanoTime) {
    this.meters = meters;
    this.nanoTime = nanoTime;
  }

  /** The watch over one flow's one sink. */
  Watch watch(String flow, String sink) {
    return watches.computeIfAbsent(flow + "/" + sink, k -> new Watch(flow, sink));
  }

  /** One flow's one sink. */
  final class Watch implements HoldListener {
    private final String flow;
    private final String sink;
    private int held;
    private long told;
    private long since;
    private Optional<HoldNote> note = Optional.empty();
    private long reported;

    private Watch(String flow, String sink) {
      this.flow = flow;
      this.sink = sink;
      Gauge.builder("qanat.held", this, Watch::heldNow)
          .description("Events that are held")
          .tags("flow", flow, "sink", sink)
          .register(meters);
    }

    /** What was given back to Kafka may be with another instance, which tells of it then. */
    private synchronized int heldNow() {
      return nanoTime.getAsLong() - told > STALE.toNanos() ? 0 : held;
    }

    @Override
    public synchronized void held(List<Unsettled> events) {
      if (!events.isEmpty()) {
        held(events.size(), events.get(0).failure());
      } else if (held > 0) {
        held = 0;
        note = Optional.empty();
        LOG.info(
            "{}: {} goes on after {} s",
            flow,
            sink,
            Duration.ofNanos(nanoTime.getAsLong() - since).toSeconds());
      }
    }

    /** So many events are held now. */
    synchronized void held(int events, Failure failure) {
      long now = nanoTime.getAsLong();
      boolean first = held == 0;
      held = events;
      told = now;
      since = first ? now : since;
      note(failure);
      if (first || now - reported > REMIND.toNanos()) {
        reported = now;
        LOG.warn(
            "{}: {} holds {} events: {} {}", flow, sink, events, failure.code(), failure.message());
      }
    }

    private void note(Failure failure) {
      Instant began = note.map(HoldNote::since).orElseGet(Instant::now);
      if (note.isEmpty() || !note.get().code().equals(failure.code())) {
        note = Optional.of(new HoldNote(failure.code(), failure.message(), began));
      }
    }

    /** Why the lane is held now, if it is. */
    synchronized Optional<HoldNote> note() {
      return note;
    }

    /** So many events were settled thus, and their offsets committed. */
    void settled(Settlement.Outcome outcome, int events) {
      String name = outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
      meters.counter("qanat.events", "flow", flow, "sink", sink, "outcome", name).increment(events);
    }
  }
}
