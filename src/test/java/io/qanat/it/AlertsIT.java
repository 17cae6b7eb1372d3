package io.qanat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qanat.lint.Expressions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Alerts, dashboards and runbooks ask for nothing that the hub does not tell. */
@HubIT
class AlertsIT {
  private static final Pattern SAMPLE = Pattern.compile("(?m)^(\\w+)(?=[{ ])");
  private static final Pattern QUESTION =
      Pattern.compile("(?m)^curl (?!.*-X).*?\\$(hub|management)(/[^\\s\"']*)");

  @LocalServerPort private int port;
  @LocalManagementPort private int managementPort;
  private HubFixture fixture;
  private Http management;

  @BeforeEach
  void connect() {
    fixture = new HubFixture(port);
    management = new Http("http://127.0.0.1:" + managementPort);
  }

  @Test
  void askForMetricsThatThereAre() throws IOException {
    String id = HubFixture.id();
    fixture.hub().json("POST", "/contacts", HubFixture.contact(id));
    fixture.delivered("ExternalId__c", id);
    fixture.hub().get("/data/none");
    Set<String> asked = new TreeSet<>();
    for (String expression : Expressions.all().values()) {
      asked.addAll(Expressions.metrics(expression));
    }
    // Prometheus' own, and the buckets that are there when they are asked for.
    asked.removeAll(Set.of("up", "http_server_requests_seconds_bucket"));

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(told()).containsAll(asked));
    assertThat(asked).contains("qanat_events_total", "qanat_expired", "jvm_memory_used_bytes");
    assertThat(management.get("/actuator/prometheus").response().body().lines())
        .filteredOn(line -> !line.startsWith("#"))
        .allMatch(line -> line.contains("application=\"qanat\""));
  }

  private Set<String> told() {
    return SAMPLE
        .matcher(management.get("/actuator/prometheus").response().body())
        .results()
        .map(sample -> sample.group(1))
        .collect(Collectors.toSet());
  }

  @Test
  void runbooksAskForPathsThatThereAre() throws IOException {
    Map<String, Http> hosts = Map.of("hub", fixture.operator(), "management", management);
    int questions = 0;
    try (Stream<Path> files = Files.list(Path.of("docs/runbooks"))) {
      for (Path file : files.toList()) {
        var question = QUESTION.matcher(Files.readString(file));
        while (question.find()) {
          questions++;
          assertThat(hosts.get(question.group(1)).get(question.group(2)).status())
              .as("%s: %s", file, question.group())
              .isEqualTo(200);
        }
      }
    }
    assertThat(questions).isPositive();
  }
}
