package io.qanat.camel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.util.URISupport;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What camel-kafka commits in batches: 100 records in two partitions, batches of ten, the third and
 * the sixth batch fail. A record is lost when its offset is committed and nobody ever got it.
 */
class BatchingCommitIT {
  @RegisterExtension static final SharedKafka KAFKA = new SharedKafka();

  private static final int RECORDS = 100;
  private static final Path KAMELET = Path.of("kamelets/events-batch-source.kamelet.yaml");

  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final List<String> delivered = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger batches = new AtomicInteger();
  private String topic = "";

  @BeforeEach
  void fillTheTopic(TestInfo test) throws Exception {
    topic = test.getTestMethod().orElseThrow().getName();
    KAFKA.createTopic(topic, 2);
    KAFKA.send(
        IntStream.range(0, RECORDS)
            .mapToObj(i -> new ProducerRecord<>(topic, i % 2, "key" + i, "value" + i))
            .toList());
  }

  @AfterEach
  void stop() throws Exception {
    camel.close();
  }

  /** Runs a route with these options until the group has committed everything. */
  private void consume(Map<String, Object> options) throws Exception {
    Map<String, Object> all = new TreeMap<>(options);
    all.put("brokers", KAFKA.brokers());
    all.put("groupId", topic);
    all.put("maxPollRecords", RECORDS / 10);
    all.put("shutdownTimeout", 1_000);
    camel.getRegistry().bind("recordHeaders", HouseBeans.make("io.qanat.accept.RecordHeaders"));
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() throws Exception {
            errorHandler(defaultErrorHandler().maximumRedeliveries(0).logExhausted(false));
            from("kafka:" + topic + "?" + URISupport.createQueryString(all))
                .process(BatchingCommitIT.this::deliver);
          }
        });
    camel.start();
  }

  private void deliver(Exchange batch) {
    int n = batches.incrementAndGet();
    if (n == 3 || n == 6) {
      throw new IllegalStateException("batch " + n + " fails");
    }
    List<?> polled = batch.getMessage().getBody(List.class);
    Map<Object, KafkaManualCommit> last = new HashMap<>();
    for (Object one : polled) {
      var message = ((Exchange) one).getMessage();
      delivered.add(
          message.getHeader(KafkaConstants.PARTITION)
              + "@"
              + message.getHeader(KafkaConstants.OFFSET));
      KafkaManualCommit commit =
          message.getHeader(KafkaConstants.MANUAL_COMMIT, KafkaManualCommit.class);
      if (commit != null) {
        last.put(message.getHeader(KafkaConstants.PARTITION), commit);
      }
    }
    last.values().forEach(KafkaManualCommit::commit);
  }

  private void awaitAllCommitted() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> committed() == RECORDS);
  }

  private long committed() {
    return KAFKA.committed(topic).values().stream().mapToLong(Long::longValue).sum();
  }

  private static Map<String, Object> options(String... pairs) {
    Map<String, Object> options = new TreeMap<>();
    options.put("batching", "true");
    options.put("autoOffsetReset", "earliest");
    for (String pair : pairs) {
      options.put(pair.split("=", 2)[0], pair.split("=", 2)[1]);
    }
    return options;
  }

  @Test
  void losesTheFailedBatchesByDefault() throws Exception {
    consume(options());

    awaitAllCommitted();
    assertThat(new HashSet<>(delivered)).hasSize(80);
  }

  @Test
  void losesTheFailedBatchesWithBreakOnFirstErrorAlone() throws Exception {
    consume(options("breakOnFirstError=true"));

    awaitAllCommitted();
    assertThat(new HashSet<>(delivered)).hasSize(80);
  }

  @Test
  void losesTheFailedBatchesWithManualCommitAlone() throws Exception {
    consume(
        options(
            "autoCommitEnable=false",
            "allowManualCommit=true",
            "kafkaManualCommitFactory=#class:org.apache.camel.component.kafka.consumer"
                + ".DefaultKafkaManualCommitFactory"));

    awaitAllCommitted();
    assertThat(new HashSet<>(delivered)).hasSize(80);
  }

  @Test
  void commitsNothingWithBreakOnFirstErrorAndNeitherCommit() throws Exception {
    consume(options("autoCommitEnable=false", "breakOnFirstError=true"));

    Awaitility.await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> new HashSet<>(List.copyOf(delivered)).size() == RECORDS);
    camel.stop();
    assertThat(committed()).as("all of it comes again with every restart").isZero();
  }

  @Test
  void losesAndDoublesNothingAsTheKameletSetsIt() throws Exception {
    consume(kameletOptions());

    awaitAllCommitted();
    assertThat(new HashSet<>(delivered)).hasSize(RECORDS);
    assertThat(delivered).as("only the failed batches come again").doesNotHaveDuplicates();
    assertThat(batches.get()).isGreaterThanOrEqualTo(12);
  }

  /** The options that the kamelet gives to camel-kafka, whatever they are by now. */
  private static Map<String, Object> kameletOptions() throws IOException {
    JsonNode spec = new YAMLMapper().readTree(KAMELET.toFile()).path("spec");
    Map<String, Object> options = new TreeMap<>();
    spec.at("/template/from/parameters")
        .properties()
        .forEach(
            option -> {
              String value = option.getValue().asText();
              if (value.startsWith("{{")) {
                String parameter = value.substring(2, value.length() - 2);
                value = spec.at("/definition/properties/" + parameter + "/default").asText();
              }
              options.put(option.getKey(), value);
            });
    assertThat(options).containsKeys("batching", "kafkaManualCommitFactory");
    return options;
  }
}
