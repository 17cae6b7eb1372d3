package io.qanat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.sandbox.Sandbox;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The shared hub and what is around it, as a test sees them. */
final class HubFixture {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Http hub;
  private final Http operator;
  private final Http salesforce;
  private final String kafka;

  HubFixture(int port) {
    Sandbox sandbox = HubIT.StartsSandbox.sandbox();
    hub = new Http("http://127.0.0.1:" + port);
    operator = hub.as("operator", "qanat");
    salesforce = new Http(sandbox.properties().get("qanat.salesforce.login-url"));
    kafka = sandbox.properties().get("qanat.kafka.bootstrap-servers");
  }

  /** A caller of the hub. */
  Http hub() {
    return hub;
  }

  /** An operator of the hub. */
  Http operator() {
    return operator;
  }

  /** The stand-in for Salesforce. */
  Http salesforce() {
    return salesforce;
  }

  /** Kafka's bootstrap servers. */
  String kafka() {
    return kafka;
  }

  /** An external id that no other test uses. */
  static String id() {
    return "c-" + UUID.randomUUID();
  }

  /** The least that a contact must have. */
  static String contact(String id) {
    return contact(id, "x");
  }

  static String contact(String id, String lastName) {
    return "{\"externalId\":\"%s\",\"lastName\":\"%s\"}".formatted(id, lastName);
  }

  /** Waits until the stand-in has the one contact with this value. */
  JsonNode delivered(String field, String value) {
    await().atMost(SOON).until(() -> find(field, value).isPresent());
    return find(field, value).orElseThrow();
  }

  /** Waits until the stand-in's contact has this last name. */
  void deliveredAs(String id, String lastName) {
    await()
        .atMost(SOON)
        .until(
            () ->
                find("ExternalId__c", id)
                    .filter(c -> c.path("LastName").asText().equals(lastName))
                    .isPresent());
  }

  /** The one contact with this value, if the stand-in has it. */
  Optional<JsonNode> find(String field, String value) {
    JsonNode all = salesforce.get("/__sim/records?object=Contact").json();
    List<JsonNode> found =
        StreamSupport.stream(all.spliterator(), false)
            .filter(c -> c.path(field).asText().equals(value))
            .toList();
    assertThat(found).hasSizeLessThan(2);
    return found.stream().findFirst();
  }

  /** The first record of a key on the topic of contacts. */
  ConsumerRecord<String, String> record(String key) {
    return records("qanat.contacts", key).get(0);
  }

  /** The records of a key on a topic. */
  List<ConsumerRecord<String, String>> records(String topic, String key) {
    return Topic.read(kafka, topic).stream().filter(r -> key.equals(r.key())).toList();
  }

  /** Waits until a key has so many dead letters. */
  List<ConsumerRecord<String, String>> deadLetters(String key, int count) {
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> records("dlq.contacts.salesforce", key).size() == count);
    return records("dlq.contacts.salesforce", key);
  }

  /** Waits until the hub has settled all that it has accepted. */
  void settled() {
    await()
        .atMost(SOON)
        .until(
            () ->
                operator.get("/flows").json().path("flows").findValuesAsText("lag").stream()
                    .allMatch("0"::equals));
  }
}
