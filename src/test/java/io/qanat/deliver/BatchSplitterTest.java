package io.qanat.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.apache.camel.Exchange;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records as camel-kafka hands them over, by index. */
class BatchSplitterTest {
  private static final int MAX = BatchSplitter.MAX_BYTES;

  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final List<Exchange> polled = new ArrayList<>();
  private final AtomicLong now = new AtomicLong(-1);

  @AfterEach
  void close() throws Exception {
    camel.close();
  }

  private BatchSplitterTest polled(int... sizes) {
    for (int size : sizes) {
      polled(null, new byte[size]);
    }
    return this;
  }

  private void polled(byte @Nullable [] key, byte @Nullable [] value) {
    Exchange exchange = new DefaultExchange(camel);
    exchange.getMessage().setHeader(KafkaConstants.KEY, key);
    exchange.getMessage().setBody(value);
    polled.add(exchange);
  }

  private Iterator<List<Exchange>> split() {
    return new BatchSplitter(now::get, UnaryOperator.identity()).split(polled);
  }

  /** The indexes of the records of each batch. */
  private List<List<Integer>> batches() {
    List<List<Integer>> batches = new ArrayList<>();
    split().forEachRemaining(batch -> batches.add(batch.stream().map(polled::indexOf).toList()));
    return batches;
  }

  @Test
  void takesWhatIsSmallInOneBatch() {
    assertThat(polled(0, 1, 2, 3).batches()).containsExactly(List.of(0, 1, 2, 3));
  }

  @Test
  void fillsABatchToTheLastByteAndKeepsTheOrder() {
    assertThat(polled(MAX - 1, 1, 0, 1, MAX, 1).batches())
        .containsExactly(List.of(0, 1, 2), List.of(3), List.of(4), List.of(5));
  }

  @Test
  void givesARecordThatIsLargerABatchOfItsOwn() {
    assertThat(polled(1, MAX + 1, MAX + 1, 1, 1).batches())
        .containsExactly(List.of(0), List.of(1), List.of(2), List.of(3, 4));
  }

  @Test
  void countsKeysAndBearsWhatIsMissing() {
    polled(new byte[1], new byte[MAX - 1]);
    polled(null, null);
    polled(new byte[1], null);

    assertThat(batches()).containsExactly(List.of(0, 1), List.of(2));
  }

  @Test
  void makesNoBatchOfNothing() {
    assertThat(batches()).isEmpty();
  }

  @Test
  void beginsNoBatchThatWouldBeTooLate() {
    Iterator<List<Exchange>> batches = polled(MAX, MAX, MAX, 1).split();
    assertThat(batches.next()).containsExactly(polled.get(0));
    now.addAndGet(BatchSplitter.TURN.toNanos());
    assertThat(batches.next()).containsExactly(polled.get(1));
    now.incrementAndGet();

    assertThatThrownBy(batches::next)
        .isInstanceOf(BatchHeldException.class)
        .hasMessage("2 records are polled again: those before them took long");
  }
}
