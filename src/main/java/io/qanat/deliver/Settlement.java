package io.qanat.deliver;

import io.qanat.deliver.Batch.RawRecord;
import io.qanat.deliver.DeadLetters.DeadLetter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Handler;
import org.apache.camel.support.CamelContextHelper;
import org.jspecify.annotations.Nullable;

/**
 * The last step of every deliver route: dead letters first, and only when Kafka has acknowledged
 * them the offsets, once per partition, up to the first record that is not settled. What is left
 * over fails the batch, so that it is polled again.
 */
public class Settlement implements CamelContextAware {
  private @Nullable CamelContext context;
  private String sink = "";

  /** The sink that the batch was delivered to; names the dead-letter topic. */
  public void setSink(String sink) {
    this.sink = sink;
  }

  @Override
  public void setCamelContext(CamelContext context) {
    this.context = context;
  }

  @Override
  public @Nullable CamelContext getCamelContext() {
    return context;
  }

  /**
   * Settles the batch.
   *
   * @throws BatchHeldException if a part of it is held
   */
  @Handler
  public void settle(Batch batch) {
    CamelContext camel = Objects.requireNonNull(context);
    DeadLetters deadLetters = CamelContextHelper.findSingleByType(camel, DeadLetters.class);
    DeliveryMonitor monitor = CamelContextHelper.findSingleByType(camel, DeliveryMonitor.class);
    settle(batch, sink, deadLetters::publish, monitor.lane(batch.flow(), sink)::settled);
  }

  /** Puts dead letters on Kafka and returns when they are there. */
  interface Burial {
    void publish(String flow, String sink, List<DeadLetter> letters);
  }

  /** Counts what was settled. */
  interface Tally {
    void settled(int delivered, int deadLettered);
  }

  static void settle(Batch batch, String sink, Burial burial, Tally tally) {
    List<List<RawRecord>> runs = batch.settled();
    List<DeadLetter> letters = new ArrayList<>();
    for (List<RawRecord> run : runs) {
      for (RawRecord raw : run) {
        Failure failure = batch.rejection(raw);
        if (failure != null) {
          letters.add(new DeadLetter(raw, failure, batch.attempts(raw.position())));
        }
      }
    }
    burial.publish(batch.flow(), sink, letters);
    commit(batch, runs, tally);
    if (!batch.pending().isEmpty()) {
      throw new BatchHeldException(batch.pending().size(), batch.flow(), sink);
    }
  }

  /**
   * A partition that was taken away keeps no other from its commit: its dead are buried already.
   */
  private static void commit(Batch batch, List<List<RawRecord>> runs, Tally tally) {
    RuntimeException failed = null;
    for (List<RawRecord> run : runs) {
      try {
        run.get(run.size() - 1).commit().run();
        int dead = (int) run.stream().filter(raw -> batch.rejection(raw) != null).count();
        tally.settled(run.size() - dead, dead);
      } catch (RuntimeException e) {
        failed = e;
      }
    }
    if (failed != null) {
      throw failed;
    }
  }
}
