package io.qanat.deliver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what camel-kafka polled at once into batches of a bounded number of bytes, because decoded
 * records, and what a sink makes of them, need many times as many. Each batch is settled before the
 * next one is decoded.
 */
public class BatchSplitter {
  /** How many bytes the keys and values of a batch have, unless it is a single record. */
  static final int MAX_BYTES = 4 * 1024 * 1024;

  /**
   * How long after the poll the last batch begins; with the time that it may be held it stays below
   * the consumer's {@code max.poll.interval.ms}.
   */
  static final Duration TURN = Duration.ofMinutes(2);

  private final LongSupplier nanoTime;
  private final UnaryOperator<List<Exchange>> current;

  /** A splitter that goes by the system's clock. */
  public BatchSplitter() {
    this(System::nanoTime, Ownership::current);
  }

  BatchSplitter(LongSupplier nanoTime, UnaryOperator<List<Exchange>> current) {
    this.nanoTime = nanoTime;
    this.current = current;
  }

  /**
   * The records of each batch, in the order in which they were polled, less those whose partitions
   * have moved since.
   *
   * @return what throws {@link BatchHeldException} for a batch that would begin too late: it is
   *     polled again
   */
  @Handler
  public Iterator<List<Exchange>> split(List<Exchange> gathered) {
    long start = nanoTime.getAsLong();
    List<Exchange> polled = current.apply(gathered);
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < polled.size();
      }

      @Override
      public List<Exchange> next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        if (nanoTime.getAsLong() - start > TURN.toNanos()) {
          throw new BatchHeldException(
              "%d records are polled again: those before them took long"
                  .formatted(polled.size() - next));
        }
        List<Exchange> batch = new ArrayList<>();
        long bytes = 0;
        do {
          Exchange record = polled.get(next);
          bytes += bytes(record.getMessage());
          if (!batch.isEmpty() && bytes > MAX_BYTES) {
            break;
          }
          batch.add(record);
          next++;
        } while (hasNext());
        return batch;
      }
    };
  }

  private static int bytes(Message record) {
    return length(record.getHeader(KafkaConstants.KEY)) + length(record.getBody());
  }

  private static int length(@Nullable Object bytes) {
    return bytes == null ? 0 : ((byte[]) bytes).length;
  }
}
