package io.qanat.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.DefaultKafkaManualSyncCommit;
import org.apache.camel.component.kafka.consumer.KafkaManualCommitFactory.CamelExchangePayload;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records that were gathered, as partition and offset; where the consumer stands comes last. */
class OwnershipTest {
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final MockConsumer<byte[], byte[]> consumer =
      new MockConsumer<>(OffsetResetStrategy.EARLIEST);
  private final List<TopicPartition> assigned = new ArrayList<>();
  private final List<Exchange> polled = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    camel.close();
  }

  private OwnershipTest polled(int partition, long... offsets) {
    for (long offset : offsets) {
      Exchange exchange = new DefaultExchange(camel);
      Message message = exchange.getMessage();
      message.setHeader(KafkaConstants.TOPIC, Polled.TOPIC);
      message.setHeader(KafkaConstants.PARTITION, partition);
      message.setHeader(KafkaConstants.OFFSET, offset);
      message.setHeader(
          KafkaConstants.MANUAL_COMMIT,
          new DefaultKafkaManualSyncCommit(
              new CamelExchangePayload(exchange, consumer, "", null), null, null));
      polled.add(exchange);
    }
    return this;
  }

  private OwnershipTest owned(int partition, long position) {
    TopicPartition mine = new TopicPartition(Polled.TOPIC, partition);
    assigned.add(mine);
    consumer.assign(assigned);
    consumer.seek(mine, position);
    return this;
  }

  private List<String> current() {
    return Ownership.current(polled).stream()
        .map(Exchange::getMessage)
        .map(m -> m.getHeader(KafkaConstants.PARTITION) + "@" + m.getHeader(KafkaConstants.OFFSET))
        .toList();
  }

  @Test
  void keepsWhatNobodyElseHas() {
    assertThat(polled(0, 5, 6).polled(1, 2).polled(0, 7, 9).owned(0, 11).owned(1, 3).current())
        .containsExactly("0@5", "0@6", "1@2", "0@7", "0@9");
    assertThat(Ownership.current(List.of())).isEmpty();
  }

  @Test
  void leavesOutWhatAnotherConsumerHasNow() {
    assertThat(polled(0, 5, 6).polled(1, 2, 3).owned(1, 4).current()).containsExactly("1@2", "1@3");
  }

  @Test
  void leavesOutWhatItWillPollAnewItselfAndWhatAnotherHasSettledBefore() {
    assertThat(polled(0, 5, 6, 7).polled(1, 2).owned(0, 6).owned(1, 3).current())
        .containsExactly("1@2");
  }

  @Test
  void takesWhatItHasPolledAnewOnce() {
    assertThat(polled(0, 4, 5, 6).polled(1, 2).polled(0, 5, 6, 7).owned(0, 8).owned(1, 3).current())
        .containsExactly("1@2", "0@5", "0@6", "0@7");
  }
}
