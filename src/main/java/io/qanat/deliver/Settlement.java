package io.qanat.deliver;

import io.qanat.KameletBean;
import io.qanat.deliver.DeadLetters.DeadLetter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Handler;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The last step of every deliver route: what must be remembered first (dead letters, what it takes
 * to keep the order, what became of redriven events), and only when Kafka has acknowledged it the
 * offsets, up to the first record of each partition that is not settled. What is left over fails
 * the batch, so that it is polled again.
 */
public class Settlement extends KameletBean {
  private String sink = "";

  /** The sink that the batch was delivered to; names the dead-letter topic. */
  public void setSink(String sink) {
    this.sink = sink;
  }

  /**
   * Settles the batch.
   *
   * @throws BatchHeldException if a part of it is held
   */
  @Handler
  public void settle(Batch batch) {
    CamelContext camel = camel();
    DeliverySupport support = bean(DeliverySupport.class);
    settle(
        batch,
        sink,
        new Remembrance() {
          @Override
          public void remember(List<DeadLetter> letters) {
            support.remember(batch, sink, letters, DeliverySupport.stops(camel));
          }

          @Override
          public void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
            support.committed(batch, sink, offsets);
          }
        },
        support.watch(batch.flow(), sink)::settled);
  }

  /** Puts on Kafka what must be remembered of a batch. */
  interface Remembrance {
    /** Before the offsets are committed; returns when it is there. */
    void remember(List<DeadLetter> letters);

    /** After the offsets are committed. */
    void committed(Map<TopicPartition, OffsetAndMetadata> offsets);
  }

  /** Counts what was settled. */
  interface Tally {
    void settled(Outcome outcome, int events);
  }

  /** What can become of an event, as metrics name it. */
  enum Outcome {
    DELIVERED,
    DEAD_LETTERED,
    SUPERSEDED,
    DUPLICATE,
    NOT_ADDRESSED
  }

  static void settle(Batch batch, String sink, Remembrance remembrance, Tally tally) {
    List<List<ConsumerRecord<byte[], byte[]>>> runs = batch.settled();
    List<DeadLetter> letters = new ArrayList<>();
    Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
    for (List<ConsumerRecord<byte[], byte[]>> run : runs) {
      for (ConsumerRecord<byte[], byte[]> raw : run) {
        Failure failure = batch.rejection(raw);
        if (failure != null) {
          letters.add(new DeadLetter(raw, failure, batch.attempts(Batch.position(raw))));
        }
        counts.merge(outcome(batch, raw), 1, Integer::sum);
      }
    }
    remembrance.remember(letters);
    Map<TopicPartition, OffsetAndMetadata> committed = batch.commit(runs);
    counts.forEach(tally::settled);
    remembrance.committed(committed);
    if (!batch.isSettled()) {
      throw new BatchHeldException(
          "%d events of %s are held for %s".formatted(batch.pending().size(), batch.flow(), sink));
    }
  }

  private static Outcome outcome(Batch batch, ConsumerRecord<byte[], byte[]> raw) {
    if (batch.rejection(raw) != null) {
      return Outcome.DEAD_LETTERED;
    }
    Note note = batch.note(Batch.position(raw));
    if (note == null) {
      return Outcome.DELIVERED;
    }
    return switch (note) {
      case SUPERSEDED -> Outcome.SUPERSEDED;
      case DUPLICATE -> Outcome.DUPLICATE;
      case NOT_ADDRESSED -> Outcome.NOT_ADDRESSED;
    };
  }
}
