package io.qanat.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.stereotype.Component;

/**
 * Kafka clients for what camel-kafka has no endpoint for, with the connection and security settings
 * of the component.
 */
@Component
public class KafkaClients {
  private static final int CONSUMER_TIMEOUT_MS = 5_000;

  private final CamelContext context;

  KafkaClients(CamelContext context) {
    this.context = context;
  }

  /** A client for topics and groups. */
  public Admin admin(int timeoutMs) {
    Map<String, Object> settings = settings(AdminClientConfig.configNames());
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMs);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMs);
    settings.remove(AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG);
    return Admin.create(settings);
  }

  /** A producer of records byte for byte, for values of up to {@code maxRequestSize} bytes. */
  public Producer<byte[], byte[]> producer(int maxRequestSize) {
    Map<String, Object> settings = settings(ProducerConfig.configNames());
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000);
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, maxRequestSize);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** A consumer of no group, for records byte for byte; it commits nothing. */
  public Consumer<byte[], byte[]> consumer() {
    Map<String, Object> settings = settings(ConsumerConfig.configNames());
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, CONSUMER_TIMEOUT_MS);
    settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, CONSUMER_TIMEOUT_MS);
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private Map<String, Object> settings(Set<String> names) {
    KafkaComponent kafka = context.getComponent("kafka", KafkaComponent.class);
    Properties all = kafka.getConfiguration().createProducerProperties();
    all.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.getConfiguration().getBrokers());
    Map<String, Object> settings = new HashMap<>();
    all.forEach(
        (name, value) -> {
          if (names.contains((String) name)) {
            settings.put((String) name, value);
          }
        });
    settings
        .keySet()
        .removeIf(
            n ->
                n.endsWith(".serializer")
                    || n.equals("interceptor.classes")
                    || n.equals("partitioner.class"));
    return settings;
  }
}
