package io.qanat.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values that are wrong, and the line that says so. */
class ChartMistakesTest {
  @TempDir Path folder;

  @BeforeAll
  static void needsHelm() {
    Chart.assumeHelm();
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void saysInOneLineWhatIsWrong(String values, String line) throws IOException {
    assertThat(refusal("default", values)).contains(line);
  }

  @Test
  void rendersTheValuesThatTheMistakesAreAddedTo() throws IOException {
    Path none = Files.writeString(folder.resolve("values.yaml"), "{}");

    assertThat(Chart.OURS.render(Chart.OURS.values("default"), none)).contains("kind: Deployment");
  }

  /** Helm's message, less where in the templates it was; a schema's has a heading of two lines. */
  private String refusal(String mode, String values) throws IOException {
    Path wrong = Files.writeString(folder.resolve("values.yaml"), values);
    Throwable refused = catchThrowable(() -> Chart.OURS.render(Chart.OURS.values(mode), wrong));

    assertThat(refused).as("nothing is said of %s", values).isNotNull();
    assertThat(refused.getMessage().lines().filter(line -> line.length() > 1))
        .filteredOn(line -> !line.startsWith("values don't meet") && !line.equals("qanat:"))
        .filteredOn(line -> !line.startsWith("Use --debug"))
        .hasSize(1);
    return refused.getMessage();
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        arguments("replicas: 2", "at '': additional properties 'replicas' not allowed"),
        arguments(
            "kafka: {bootstrapServer: kafka:9092}",
            "at '/kafka': additional properties 'bootstrapServer' not allowed"),
        arguments("kafka: {partitions: six}", "at '/kafka/partitions': got string, want integer"),
        arguments(
            "deployments: {a: {roles: [receive]}}",
            "at '/deployments/a/roles/0': value must be one of 'accept', 'deliver', 'query'"),
        arguments(
            "deployments: {a: {autoscaling: {type: [hpa, keda]}}}",
            "at '/deployments/a/autoscaling/type': "),
        arguments(
            "deployments: {a: {flows: [contact]}}",
            "deployments.a.flows names contact, which is not among contacts, locations, orders"),
        arguments(
            "deployments: {config: {}}", "deployments.config: the chart needs this name itself"),
        arguments("defaults: {enabled: false}", "deployments: none is enabled"),
        arguments(
            "defaults: {autoscaling: {type: keda, minReplicas: 0}}",
            "deployments.hub.autoscaling.minReplicas is 0: only keda can do that, and only for"),
        arguments(
            "deployments: {a: {roles: [accept], autoscaling: {type: keda}}}",
            "deployments.a.autoscaling.type is keda, which scales by what waits for a sink"),
        arguments(
            "{defaults: {autoscaling: {type: keda}}, kafka: {securityProtocol: SASL_SSL, sasl:"
                + " {mechanism: OAUTHBEARER, existingSecret: a}}}",
            "deployments.hub.autoscaling.type is keda, which the chart cannot have log in to Kafka"
                + " by OAUTHBEARER"),
        arguments(
            "defaults: {autoscaling: {type: hpa, minReplicas: 9, maxReplicas: 3}}",
            "deployments.hub.autoscaling.minReplicas is 9, more than maxReplicas, 3"),
        arguments(
            "kafka: {bootstrapServers: ''}", "kafka.bootstrapServers is empty: name the brokers"),
        arguments(
            "kafka: {securityProtocol: SASL_SSL}",
            "kafka.sasl.existingSecret is empty, but kafka.securityProtocol is SASL_SSL"),
        arguments(
            "salesforce: {existingSecret: ''}",
            "salesforce.existingSecret is empty, but deployments.hub delivers to Salesforce: name a"
                + " Secret with the keys client-id and client-secret"),
        arguments(
            "postgresql: {existingSecret: ''}",
            "postgresql.existingSecret is empty, but deployments.hub runs a flow with the sink"
                + " postgis: name a Secret with the key password"),
        arguments(
            "mongodb: {uri: ''}", "mongodb.existingSecret is empty: name a Secret with the URI"),
        arguments(
            "mongodb: {uri: 'mongodb://hub:pass@mongodb/qanat'}",
            "mongodb.uri holds credentials, which would be in a ConfigMap"),
        arguments(
            "cache: {type: redis}",
            "cache.type is redis: name a Secret in cache.redis.existingSecret, or give"),
        arguments("flags: {provider: flagd}", "flags.url is empty, but flags.provider is flagd"),
        arguments(
            "shutdown: {gracePeriodSeconds: 30}",
            "shutdown.gracePeriodSeconds is 30, but the hub may take 60: preStopSeconds +"
                + " requestsSeconds + routesSeconds + marginSeconds"),
        arguments(
            "config: {qanat: {kafka: {partitions: 3}}}",
            "config: qanat.kafka.partitions is set by the chart; see kafka.partitions"),
        arguments(
            "config: {qanat: {dead-letters: {token: abc}}}",
            "config: qanat.dead-letters.token would be there for all to read; put it into a Secret"),
        arguments(
            "defaults: {env: [{name: QANAT_ROLES, value: accept}]}",
            "deployments.hub.env: QANAT_ROLES is set by the chart; see deployments.<name>.roles"),
        arguments(
            "overlay: {routes: {contacts: {contacts-accept-rest.camel.yaml: '- route: ['}}}",
            "overlay: contacts/contacts-accept-rest.camel.yaml is no YAML: "),
        arguments(
            "overlay: {routes: {'con tacts': {a.camel.yaml: '[]'}}}", "at '/overlay/routes': "),
        arguments("overlay: {reload: warm}", "at '/overlay/reload': value must be one of "),
        arguments("topics: {mode: strimzi}", "topics.strimzi.cluster is empty: name the Kafka"),
        arguments("gateway: {enabled: true}", "gateway.parentRefs is empty: name the Gateway"),
        arguments(
            "{ingress: {enabled: true}, deployments: {a: {roles: [accept]}, q: {roles: [query]}}}",
            "by method, which an Ingress cannot tell"));
  }
}
