package io.qanat.lint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Alerts say what they mean, are tried, and have a page that says what to do; dashboards load. */
class AlertsTest {
  private static final Path RUNBOOKS = Path.of("docs/runbooks");
  private static final Path TESTS = Path.of("helm/qanat/alerts/tests");
  private static final String URL = "https://github.com/qanat-io/qanat/blob/main/docs/runbooks/";

  @Test
  void haveASeverityAndWordsAndTheirRunbook() throws IOException {
    assertThat(Expressions.alerts())
        .isNotEmpty()
        .allSatisfy(
            alert -> {
              assertThat(alert.at("/labels/severity").asText()).isIn("critical", "warning");
              assertThat(alert.at("/annotations/summary").asText()).isNotBlank();
              assertThat(alert.at("/annotations/description").asText()).isNotBlank();
              assertThat(alert.at("/annotations/runbook_url").asText())
                  .isEqualTo(URL + page(name(alert)));
            });
  }

  @Test
  void haveAPageEachAndEachPageHasAnAlert() throws IOException {
    try (Stream<Path> files = Files.list(RUNBOOKS)) {
      assertThat(
              files.map(file -> file.getFileName().toString()).filter(f -> !f.equals("README.md")))
          .containsExactlyInAnyOrderElementsOf(
              Expressions.alerts().stream().map(alert -> page(name(alert))).toList());
    }
    String contents = Files.readString(RUNBOOKS.resolve("README.md"));
    for (JsonNode alert : Expressions.alerts()) {
      String name = name(alert);
      assertThat(contents)
          .contains(
              "| [%s](%s) | %s |"
                  .formatted(name, page(name), alert.at("/labels/severity").asText()));
      assertThat(Files.readString(RUNBOOKS.resolve(page(name))))
          .startsWith("# " + name + "\n")
          .contains("**It means**", "**Users see**", "## Check", "## Mend", "**Wait?**");
    }
  }

  @Test
  void areTriedWhereTheyFireAndWhereTheyDoNot() throws IOException {
    Set<String> fire = new HashSet<>();
    Set<String> quiet = new HashSet<>();
    for (JsonNode attempt : attempts()) {
      (attempt.has("exp_alerts") ? fire : quiet).add(attempt.path("alertname").asText());
    }
    Set<String> alerts =
        Expressions.alerts().stream().map(AlertsTest::name).collect(Collectors.toSet());
    assertThat(fire).as("tried by promtool to fire").isEqualTo(alerts);
    assertThat(quiet).as("tried by promtool not to fire").isEqualTo(alerts);
  }

  private static List<JsonNode> attempts() throws IOException {
    List<JsonNode> attempts = new ArrayList<>();
    try (Stream<Path> files = Files.list(TESTS)) {
      for (Path file : files.toList()) {
        Yaml.parse(Files.readString(file))
            .json()
            .path("tests")
            .forEach(test -> test.path("alert_rule_test").forEach(attempts::add));
      }
    }
    return attempts;
  }

  @Test
  void nameTheirMetricsWhateverIsAroundThem() {
    assertThat(
            Expressions.metrics(
                "max by (flow) (qanat_lag offset 1h) > 300 * sum by (flow) "
                    + "(rate(events_total{outcome=\"dead-lettered\"}[15m])) "
                    + "and deriv(max by (a) (other)[15m:1m]) > 0 unless on (job) up == 1"))
        .containsExactly("events_total", "other", "qanat_lag", "up");
  }

  @Test
  void dashboardsAskTheDatasourceThatIsChosenAndHaveNoPanelTwice() throws IOException {
    assertThat(Expressions.dashboards()).containsOnlyKeys("flows.json", "hub.json");
    for (JsonNode dashboard : Expressions.dashboards().values()) {
      assertThat(dashboard.path("schemaVersion").asInt()).isEqualTo(39);
      assertThat(dashboard.at("/templating/list/0/type").asText()).isEqualTo("datasource");
      List<String> ids = dashboard.path("panels").findValuesAsText("id");
      assertThat(ids).isNotEmpty().doesNotHaveDuplicates();
      dashboard
          .path("panels")
          .forEach(
              panel ->
                  assertThat(panel.findValues("datasource"))
                      .isNotEmpty()
                      .allMatch(source -> source.path("uid").asText().equals("${datasource}")));
    }
  }

  private static String name(JsonNode alert) {
    return alert.path("alert").asText();
  }

  private static String page(String alert) {
    return alert.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT) + ".md";
  }
}
