package io.qanat.deliver;

import io.qanat.Lane;
import io.qanat.deliver.DeadLetters.DeadLetter;
import io.qanat.deliver.DeliveryMonitor.Watch;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.springframework.stereotype.Component;

/** What the steps of a deliver route share; they are beans of kamelets and find it by its type. */
@Component
class DeliverySupport {
  private final HoldProperties hold;
  private final DeliveryMonitor monitor;
  private final VersionIndex versions;
  private final Memory memory;
  private final Claims claims;
  private final Pauses pauses;

  DeliverySupport(
      HoldProperties hold,
      DeliveryMonitor monitor,
      VersionIndex versions,
      Memory memory,
      Claims claims,
      Pauses pauses) {
    this.hold = hold;
    this.monitor = monitor;
    this.versions = versions;
    this.memory = memory;
    this.claims = claims;
    this.pauses = pauses;
  }

  /** Whether the hub stops, as the thread of a consumer sees it. */
  static BooleanSupplier stops(CamelContext camel) {
    return () -> camel.isStopping() || camel.isStopped() || Thread.currentThread().isInterrupted();
  }

  Watch watch(String flow, String sink) {
    return monitor.watch(flow, sink);
  }

  /** Delivers what is pending of the batch, as far as the hold limit allows. */
  void deliver(Batch batch, Sink sink, String name, BooleanSupplier hubStops) {
    Lane lane = Lane.to(batch.flow(), name);
    BooleanSupplier stopping = stopping(lane, hubStops);
    Sink guarded =
        new GuardedSink(
            sink,
            name,
            batch,
            named -> claims.claim(lane.id(), named),
            events -> versions.delivered(lane, events));
    batch.indexed(!sink.keepsOrder());
    Watch watch = watch(lane.flow(), lane.sink());
    new DeliveryEngine(hold, new SystemPace(stopping), stopping)
        .deliver(
            batch,
            guarded,
            held -> {
              watch.held(held);
              watch.note().ifPresent(batch::hold);
            });
  }

  /** Puts on Kafka what must be remembered of a batch before its offsets are committed. */
  void remember(Batch batch, String sink, List<DeadLetter> letters, BooleanSupplier hubStops) {
    Lane lane = Lane.to(batch.flow(), sink);
    memory.keep(batch, lane, letters, watch(lane.flow(), sink), stopping(lane, hubStops));
  }

  /** Notes how far the lane is settled, once that is committed. */
  void committed(Batch batch, String sink, Map<TopicPartition, OffsetAndMetadata> offsets) {
    memory.committed(batch, Lane.to(batch.flow(), sink), offsets);
  }

  /** What stops or pauses a lane ends a hold early: the batch is given back. */
  private BooleanSupplier stopping(Lane lane, BooleanSupplier hubStops) {
    return () -> hubStops.getAsBoolean() || pauses.paused(lane.id());
  }
}
