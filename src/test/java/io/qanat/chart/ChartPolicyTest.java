package io.qanat.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every mode of the chart keeps every policy, and each policy finds what breaks it. */
class ChartPolicyTest {
  @BeforeAll
  static void needsHelm() {
    Chart.assumeHelm();
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void holdsInEachMode(Policy policy) {
    assertThat(Chart.modes())
        .allSatisfy(mode -> assertThat(policy.breaches(Chart.in(mode))).as(mode).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("breaks")
  void findsWhatBreaksIt(Policy policy, String mode, String old, String now) {
    assertThat(policy.breaches(Chart.in(mode).with(old, now))).isNotEmpty();
  }

  @Test
  void eachPolicyIsBroken() {
    List<Object> broken = breaks().map(arguments -> arguments.get()[0]).distinct().toList();

    assertThat(broken).containsExactlyInAnyOrderElementsOf(Arrays.asList(Policy.values()));
  }

  static Stream<Arguments> breaks() {
    return Stream.of(
        arguments(Policy.RESTRICTED, "default", "runAsNonRoot: true", "runAsNonRoot: false"),
        arguments(Policy.RESTRICTED, "default", "readOnlyRootFilesystem: true", "privileged: true"),
        arguments(Policy.RESTRICTED, "default", "- ALL", "- CHOWN"),
        arguments(Policy.RESTRICTED, "default", "type: RuntimeDefault", "type: Unconfined"),
        arguments(
            Policy.RESTRICTED,
            "default",
            "automountServiceAccountToken: false",
            "automountServiceAccountToken: true"),
        arguments(Policy.LIMITED, "default", "limits:", "claims:"),
        arguments(Policy.LIMITED, "default", "cpu: 250m", "cpus: 250m"),
        arguments(Policy.PROBED, "default", "health/readiness", "health/ready"),
        arguments(Policy.PROBED, "default", "health/liveness", "health"),
        arguments(
            Policy.GRACEFUL,
            "default",
            "terminationGracePeriodSeconds: 60",
            "terminationGracePeriodSeconds: 45"),
        arguments(Policy.GRACEFUL, "default", "preStop:", "postStart:"),
        arguments(Policy.GRACEFUL, "default", "shutdown-phase: 20s", "shutdown-phase: 40s"),
        arguments(Policy.MOUNTED, "overlay-hot", "mountPath: /overlay/", "mountPath: /over/"),
        arguments(
            Policy.MOUNTED,
            "default",
            "(?<=configMap:\\s{1,20}name: )hub-qanat-tasks-",
            "hub-qanat-"),
        arguments(Policy.MOUNTED, "default", "tmp(?=\\s+mount)", "temp"),
        arguments(Policy.SAME_IMAGE, "default", ":0[.]1[.]0(?=\\s)", ":latest"),
        arguments(Policy.NO_SECRETS, "default", "username: qanat", "password: qanat"),
        arguments(Policy.NO_SECRETS, "default", "mongodb://", "mongodb://hub:secret@"),
        arguments(Policy.NO_SECRETS, "keda", "[$][(]KAFKA_PASSWORD[)]", "secret"),
        arguments(Policy.SELECTED, "default", "front: .true.(?=\\s+ports)", "front: no"),
        arguments(
            Policy.SELECTED,
            "networkpolicy",
            "component: deliver(?=\\s+policyTypes)",
            "component: api"),
        arguments(Policy.KNOWN_SETTINGS, "keda", "sasl-mechanism:", "sasl-mecanism:"),
        arguments(Policy.KNOWN_SETTINGS, "keda", "KAFKA_SASLJAASCONFIG", "KAFKA_JAASCONFIG"),
        arguments(Policy.SCALED_ONCE, "split-roles", "replicas: 2", "paused: false"),
        arguments(Policy.SCALED_ONCE, "hpa", "name: hub-qanat-api(?=\\s+minReplicas)", "name: api"),
        arguments(Policy.CONNECTED, "default", "targetPort: http", "targetPort: web"),
        arguments(Policy.CONNECTED, "default", "containerPort: 8081", "containerPort: 8082"),
        arguments(Policy.CONNECTED, "monitoring", "- port: management", "- port: metrics"),
        arguments(Policy.CONNECTED, "networkpolicy", "- port: grpc", "- port: rpc"),
        arguments(
            Policy.CONNECTED,
            "ingress",
            "name: hub-qanat-locations(?=\\s+port)",
            "name: locations"),
        arguments(Policy.CONNECTED, "gateway", "(?<=accept\\s{1,20})port: 9090", "port: 9091"),
        arguments(Policy.LANES, "keda", "topic: qanat.contacts", "topic: qanat.contact"),
        arguments(Policy.LANES, "keda", "orders-deliver-payments", "orders-deliver-payment"),
        arguments(
            Policy.TOPICS, "strimzi", "name: dlq.orders.payments", "name: dlq.orders.payment"),
        arguments(Policy.ALERTS, "monitoring", "groups:", "groupings:"));
  }
}
