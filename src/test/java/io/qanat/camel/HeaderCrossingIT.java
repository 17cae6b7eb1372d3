package io.qanat.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.http.base.HttpHeaderFilterStrategy;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which headers cross into and out of Kafka, and what they do there. */
class HeaderCrossingIT {
  @RegisterExtension static final SharedKafka KAFKA = new SharedKafka();

  private static final Map<String, Object> ATTACK =
      Map.of(
          "kafka.OVERRIDE_TOPIC", "elsewhere",
          "kafka.KEY", "hers",
          "Authorization", "Bearer secret");

  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final BlockingQueue<Exchange> received = new LinkedBlockingQueue<>();
  private final HeaderFilterStrategy allowList =
      (HeaderFilterStrategy) HouseBeans.make("io.qanat.accept.HeaderAllowList");
  private String topic = "";

  @BeforeEach
  void connect(TestInfo test) throws Exception {
    topic = test.getTestMethod().orElseThrow().getName();
    KAFKA.createTopic(topic, 1);
    camel.getRegistry().bind("recordHeaders", HouseBeans.make("io.qanat.accept.RecordHeaders"));
    camel.start();
  }

  @AfterEach
  void stop() throws Exception {
    camel.close();
  }

  /** Publishes what a client sent, through the filter that stands at the edge. */
  private void publish(HeaderFilterStrategy edge, Object body, String options) {
    ProducerTemplate template = camel.createProducerTemplate();
    Exchange answer =
        template.send(
            "kafka:" + topic + "?brokers=" + KAFKA.brokers() + options,
            exchange -> {
              exchange.getMessage().setBody(body);
              ATTACK.forEach(
                  (name, value) -> {
                    if (!edge.applyFilterToExternalHeaders(name, value, exchange)) {
                      exchange.getMessage().setHeader(name, value);
                    }
                  });
            });
    assertThat(answer.getException()).isNull();
  }

  private static List<String> headers(ConsumerRecord<String, String> record) {
    return java.util.stream.Stream.of(record.headers().toArray()).map(h -> h.key()).toList();
  }

  @Test
  void letsAClientChooseTopicAndKeyWithoutTheAllowList() throws Exception {
    KAFKA.createTopic("elsewhere", 1);

    publish(new HttpHeaderFilterStrategy(), "{}", "");

    assertThat(KAFKA.read("elsewhere", 1))
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.key()).isEqualTo("hers");
              assertThat(headers(record)).as("and its secrets stay").contains("Authorization");
            });
  }

  @Test
  void leavesTopicAndKeyAloneBehindTheAllowList() {
    publish(allowList, "{}", "&key=ours&headerFilterStrategy=#bean:recordHeaders");

    assertThat(KAFKA.read(topic, 1))
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.key()).isEqualTo("ours");
              assertThat(headers(record)).isEmpty();
            });
  }

  @Test
  void takesAListApartByDefault() {
    publish(allowList, List.of("a", "b", "c"), "");

    assertThat(KAFKA.read(topic, 3))
        .extracting(ConsumerRecord::value)
        .containsExactly("a", "b", "c");
  }

  @Test
  void leavesAListWholeWithoutTheIterator() {
    publish(allowList, List.of("a", "b", "c"), "&useIterator=false");

    assertThat(KAFKA.read(topic, 1))
        .singleElement()
        .extracting(ConsumerRecord::value)
        .asString()
        .contains("a", "b", "c");
  }

  private Exchange receive(String options) throws Exception {
    ProducerRecord<String, String> foreign = new ProducerRecord<>(topic, "key", "value");
    foreign.headers().add("sObjectName", "User".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    KAFKA.send(List.of(foreign));
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("kafka:%s?brokers=%s&autoOffsetReset=earliest&batching=true&maxPollRecords=1&pollTimeoutMs=250%s"
                    .formatted(topic, KAFKA.brokers(), options))
                .process(
                    batch ->
                        received.add((Exchange) batch.getMessage().getBody(List.class).get(0)));
          }
        });
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !received.isEmpty());
    return received.remove();
  }

  @Test
  void letsARecordSetHeadersByDefault() throws Exception {
    assertThat(receive("").getMessage().getHeaders()).containsKey("sObjectName");
  }

  @Test
  void letsNoRecordSetAHeaderBehindOurFilter() throws Exception {
    Exchange record = receive("&headerFilterStrategy=#bean:recordHeaders");

    assertThat(record.getMessage().getHeaders())
        .doesNotContainKey("sObjectName")
        .allSatisfy((name, value) -> assertThat(name).matches("kafka\\..*|CamelMessageTimestamp"));
  }
}
