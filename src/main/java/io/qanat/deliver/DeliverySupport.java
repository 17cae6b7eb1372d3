package io.qanat.deliver;

import io.qanat.Lane;
import io.qanat.deliver.DeadLetters.DeadLetter;
import io.qanat.deliver.DeliveryMonitor.Watch;
import io.qanat.kafka.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.stereotype.Component;

/** What the steps of a deliver route share; they are beans of kamelets and find it by its type. */
@Component
class DeliverySupport {
  private final HoldProperties hold;
  private final DeliveryMonitor monitor;
  private final DeadLetters deadLetters;
  private final VersionIndex versions;
  private final Publisher publisher;
  private final Topics topics;
  private final Claims claims;
  private final Pauses pauses;
  private final Set<String> created = ConcurrentHashMap.newKeySet();

  DeliverySupport(
      HoldProperties hold,
      DeliveryMonitor monitor,
      DeadLetters deadLetters,
      VersionIndex versions,
      Publisher publisher,
      Topics topics,
      Claims claims,
      Pauses pauses) {
    this.hold = hold;
    this.monitor = monitor;
    this.deadLetters = deadLetters;
    this.versions = versions;
    this.publisher = publisher;
    this.topics = topics;
    this.claims = claims;
    this.pauses = pauses;
  }

  Watch watch(String flow, String sink) {
    return monitor.watch(flow, sink);
  }

  /** Delivers what is pending of the batch, as far as the hold limit allows. */
  void deliver(Batch batch, Sink sink, String name, BooleanSupplier hubStops) {
    Lane lane = Lane.to(batch.flow(), name);
    BooleanSupplier stopping = () -> hubStops.getAsBoolean() || pauses.paused(lane.id());
    Sink guarded =
        new GuardedSink(
            sink,
            name,
            batch,
            named -> claims.claim(lane.id(), named),
            sink.keepsOrder() ? events -> Map.of() : events -> versions.delivered(lane, events));
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
  void remember(Batch batch, String sink, List<DeadLetter> letters) {
    Lane lane = Lane.to(batch.flow(), sink);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    records.addAll(deadLetters.records(lane, letters));
    records.addAll(versions.records(lane, batch.toIndex()));
    for (Event event : batch.redriven()) {
      if (created.add(Audit.TOPIC)) {
        topics.createSingle(Audit.TOPIC, Map.of("retention.ms", "-1"));
      }
      boolean superseded = batch.note(event.position()) == Note.SUPERSEDED;
      records.add(Audit.settled(lane, event, superseded, Instant.now()));
    }
    publisher.publish(records);
  }
}
