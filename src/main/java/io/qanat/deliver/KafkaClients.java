package io.qanat.deliver;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.stereotype.Component;

/**
 * Kafka clients for what camel-kafka has no endpoint for, with the connection and security settings
 * of the component.
 */
@Component
class KafkaClients {
  private final CamelContext context;

  KafkaClients(CamelContext context) {
    this.context = context;
  }

  /** A client for topics. */
  Admin admin(int timeoutMs) {
    Map<String, Object> settings = settings(AdminClientConfig.configNames());
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMs);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMs);
    settings.remove(AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG);
    return Admin.create(settings);
  }

  /** A producer of records byte for byte, for values of up to {@code maxRequestSize} bytes. */
  Producer<byte[], byte[]> producer(int maxRequestSize) {
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
    settings.keySet().removeIf(n -> n.endsWith(".serializer") || n.equals("partitioner.class"));
    return settings;
  }
}
