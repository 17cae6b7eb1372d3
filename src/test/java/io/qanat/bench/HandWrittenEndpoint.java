package io.qanat.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.oas.OpenApi30;
import com.networknt.schema.resource.MapSchemaLoader;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.JvmMetricsAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.MetricsAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.web.tomcat.TomcatMetricsAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.observation.web.servlet.WebMvcObservationAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.autoconfigure.http.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration;
import org.springframework.boot.autoconfigure.web.embedded.EmbeddedWebServerFactoryCustomizerAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.DispatcherServletAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.ServletWebServerFactoryAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * What a good developer would write by hand for {@code POST /contacts} and {@code POST /orders}:
 * the yardstick of the hub. It runs on the hub's Tomcat settings and only under its profile, so
 * that no hub on the same class path finds it.
 */
@RestController
@Profile(HandWrittenEndpoint.PROFILE)
@ImportAutoConfiguration({
  ConfigurationPropertiesAutoConfiguration.class,
  PropertyPlaceholderAutoConfiguration.class,
  EmbeddedWebServerFactoryCustomizerAutoConfiguration.class,
  ServletWebServerFactoryAutoConfiguration.class,
  DispatcherServletAutoConfiguration.class,
  WebMvcAutoConfiguration.class,
  HttpMessageConvertersAutoConfiguration.class,
  JacksonAutoConfiguration.class,
  MetricsAutoConfiguration.class,
  CompositeMeterRegistryAutoConfiguration.class,
  PrometheusMetricsExportAutoConfiguration.class,
  JvmMetricsAutoConfiguration.class,
  TomcatMetricsAutoConfiguration.class,
  ObservationAutoConfiguration.class,
  WebMvcObservationAutoConfiguration.class
})
class HandWrittenEndpoint {
  static final String PROFILE = "hand-written";

  private static final JsonMapper JSON = new JsonMapper();
  private static final NoArgGenerator IDS = Generators.timeBasedEpochRandomGenerator();

  private final KafkaProducer<String, byte[]> producer;
  private final JsonSchema contacts;
  private final JsonSchema orders;
  private final Counter accepted;

  HandWrittenEndpoint(
      @Value("${qanat.kafka.bootstrap-servers}") String servers, MeterRegistry meters)
      throws IOException {
    producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                servers,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.LINGER_MS_CONFIG,
                0),
            new StringSerializer(),
            new ByteArraySerializer());
    contacts = schema("contacts", "Contact");
    orders = schema("orders", "NewOrder");
    accepted = meters.counter("accepted");
  }

  /** Runs it; arguments are Spring Boot's. */
  public static void main(String[] args) {
    SpringApplication application = new SpringApplication(HandWrittenEndpoint.class);
    application.setAdditionalProfiles(PROFILE);
    application.run(args);
  }

  private static JsonSchema schema(String flow, String name) throws IOException {
    String document = "urn:" + flow;
    String contract =
        new YAMLMapper()
            .readTree(Path.of("routes", flow, flow + ".openapi.yaml").toFile())
            .toString();
    JsonSchema schema =
        JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V4,
                builder ->
                    builder
                        .metaSchema(OpenApi30.getInstance())
                        .defaultMetaSchemaIri(OpenApi30.getInstance().getIri())
                        .schemaLoaders(l -> l.add(new MapSchemaLoader(Map.of(document, contract)))))
            .getSchema(
                SchemaLocation.of(document + "#/components/schemas/" + name),
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
    schema.initializeValidators();
    return schema;
  }

  /** Answers once every in-sync replica has the event. */
  @PostMapping(path = "/contacts", consumes = MediaType.APPLICATION_JSON_VALUE)
  public ResponseEntity<byte[]> create(@RequestBody byte[] body)
      throws IOException, InterruptedException, ExecutionException {
    JsonNode contact = JSON.readTree(body);
    if (!contacts.validate(contact).isEmpty()) {
      return ResponseEntity.badRequest().build();
    }
    String id = IDS.generate().toString();
    String key = contact.path("externalId").asText(contact.path("email").asText());
    publish("contacts", "contact.upserted", id, key, body);
    return answer(HttpStatus.ACCEPTED, "{\"id\":\"" + id + "\"}");
  }

  /** The same for an order, whose status callers do not choose. */
  @PostMapping(path = "/orders", consumes = MediaType.APPLICATION_JSON_VALUE)
  public ResponseEntity<byte[]> place(@RequestBody byte[] body)
      throws IOException, InterruptedException, ExecutionException {
    JsonNode order = JSON.readTree(body);
    if (!orders.validate(order).isEmpty()) {
      return ResponseEntity.badRequest().build();
    }
    ((ObjectNode) order).remove("orderStatus");
    String id = IDS.generate().toString();
    publish("orders", "order.placed", id, id, JSON.writeValueAsBytes(order));
    return answer(
        HttpStatus.CREATED,
        "{\"ok\":true,\"created\":{\"id\":\""
            + id
            + "\"},\"payment\":\"Create order success, payment processing\",\"id\":\""
            + id
            + "\"}");
  }

  private void publish(String flow, String type, String id, String key, byte[] data)
      throws InterruptedException, ExecutionException {
    ProducerRecord<String, byte[]> event = new ProducerRecord<>("qanat." + flow, key, data);
    event
        .headers()
        .add("ce_specversion", utf8("1.0"))
        .add("ce_id", utf8(id))
        .add("ce_type", utf8(type))
        .add("ce_source", utf8("/" + flow))
        .add("ce_time", utf8(Instant.now().truncatedTo(ChronoUnit.MILLIS).toString()))
        .add("ce_subject", utf8(key))
        .add("content-type", utf8("application/json"));
    producer.send(event).get();
    accepted.increment();
  }

  private static ResponseEntity<byte[]> answer(HttpStatus status, String body) {
    return ResponseEntity.status(status).contentType(MediaType.APPLICATION_JSON).body(utf8(body));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @PreDestroy
  void close() {
    producer.close();
  }
}
