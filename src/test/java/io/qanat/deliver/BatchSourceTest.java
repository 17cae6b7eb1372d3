package io.qanat.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.DefaultKafkaManualSyncCommit;
import org.apache.camel.component.kafka.consumer.KafkaManualCommitFactory.CamelExchangePayload;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The steps of {@code events-batch-source} between Kafka and the route, as the kamelet has them.
 */
class BatchSourceTest {
  private static final Path KAMELET = Path.of("kamelets/events-batch-source.kamelet.yaml");
  private static final int HELD = 1;

  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final MockConsumer<byte[], byte[]> consumer =
      new MockConsumer<>(OffsetResetStrategy.EARLIEST);
  private final List<Exchange> polled = new ArrayList<>();
  private final List<String> journal = new ArrayList<>();
  private final AtomicLong now = new AtomicLong();

  @BeforeEach
  void start() throws Exception {
    BatchDecoder decoder = new BatchDecoder();
    decoder.setDecoder(
        raw -> {
          journal.add("decode " + raw.offset());
          return Polled.at(raw.partition(), raw.offset(), "k");
        });
    camel.getRegistry().bind("splitter", new BatchSplitter(now::get, UnaryOperator.identity()));
    camel.getRegistry().bind("decoder", decoder);
    JsonNode steps = new YAMLMapper().readTree(KAMELET.toFile()).at("/spec/template/from/steps");
    String route =
        "[{from: {uri: 'direct:polled', steps: %s}}]"
            .formatted(steps)
            .replaceAll("\\{\\{(\\w+)}}", "$1")
            .replace("kamelet:sink", "direct:settle");
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:settle").process(exchange -> settle(exchange.getMessage()));
          }
        });
    PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("steps.yaml", route));
    camel.start();
  }

  @AfterEach
  void close() throws Exception {
    camel.close();
  }

  private void settle(Message message) {
    List<Event> events = message.getBody(Batch.class).pending();
    journal.add("settle " + events.stream().map(e -> e.position().offset()).toList());
    now.addAndGet(BatchSplitter.TURN.toNanos());
    if (events.stream().anyMatch(e -> e.position().partition() == HELD)) {
      throw new BatchHeldException("held");
    }
  }

  private BatchSourceTest polled(int partition, int bytes) {
    Exchange exchange = new DefaultExchange(camel);
    Message message = exchange.getMessage();
    message.setHeader(KafkaConstants.TOPIC, Polled.TOPIC);
    message.setHeader(KafkaConstants.PARTITION, partition);
    message.setHeader(KafkaConstants.OFFSET, (long) polled.size());
    message.setHeader(KafkaConstants.TIMESTAMP, 0L);
    message.setHeader(KafkaConstants.HEADERS, new RecordHeaders());
    message.setHeader(KafkaConstants.KEY, "k".getBytes(StandardCharsets.UTF_8));
    message.setHeader(
        KafkaConstants.MANUAL_COMMIT,
        new DefaultKafkaManualSyncCommit(
            new CamelExchangePayload(exchange, consumer, "", null), null, null));
    message.setBody(new byte[bytes]);
    polled.add(exchange);
    return this;
  }

  private Exchange process() {
    return camel
        .createProducerTemplate()
        .send("direct:polled", exchange -> exchange.getMessage().setBody(polled));
  }

  @Test
  void decodesABatchOnceTheOneBeforeIsSettled() {
    polled(0, 1).polled(0, 2).polled(0, BatchSplitter.MAX_BYTES);

    assertThat(process().getException()).isNull();

    assertThat(journal)
        .containsExactly("decode 0", "decode 1", "settle [0, 1]", "decode 2", "settle [2]");
  }

  @Test
  void failsWithTheBatchThatIsHeldAndTouchesNothingBehindIt() {
    polled(0, 1).polled(HELD, BatchSplitter.MAX_BYTES).polled(0, BatchSplitter.MAX_BYTES);

    assertThat(process().getException()).hasRootCauseInstanceOf(BatchHeldException.class);

    assertThat(journal).containsExactly("decode 0", "settle [0]", "decode 1", "settle [1]");
  }

  @Test
  void leavesToTheNextPollWhatWouldBeginTooLate() {
    int large = BatchSplitter.MAX_BYTES;
    polled(0, large).polled(0, large).polled(0, large);

    assertThat(process().getException()).isInstanceOf(BatchHeldException.class);

    assertThat(journal).containsExactly("decode 0", "settle [0]", "decode 1", "settle [1]");
  }
}
