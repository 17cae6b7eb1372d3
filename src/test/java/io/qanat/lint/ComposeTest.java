package io.qanat.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The compose file fits the image and the hub. */
class ComposeTest {
  private static final Set<String> KEYS =
      Set.of(
          "build",
          "cap_drop",
          "command",
          "depends_on",
          "environment",
          "healthcheck",
          "image",
          "mem_limit",
          "ports",
          "read_only",
          "security_opt",
          "stop_grace_period",
          "tmpfs",
          "volumes");
  private static final Pattern PLACE = Pattern.compile("(?<=^|//)([a-z]+):(\\d+)");

  private static Yaml compose;

  @BeforeAll
  static void read() throws IOException {
    compose = Yaml.parse(Files.readString(Path.of("compose.yaml")));
  }

  private static Map<String, Yaml> services() {
    return compose.at("services").fields();
  }

  private static Map<String, Yaml> hub() {
    return compose.at("services", "hub", "environment").fields();
  }

  @Test
  void usesKeysThatComposeKnows() {
    assertThat(compose.fields()).containsOnlyKeys("name", "services", "volumes");
    assertThat(services().values())
        .allSatisfy(s -> assertThat(KEYS).containsAll(s.fields().keySet()));
  }

  @Test
  void hasAVersionOfEachImageAndAStageOfEachBuild() {
    Dockerfile dockerfile = Dockerfile.read(Path.of("Dockerfile"));
    services()
        .values()
        .forEach(
            service -> {
              assertThat(service.textAt("image")).matches("[\\w./-]+:\\d[\\w.-]*");
              service
                  .find("build", "target")
                  .ifPresent(target -> assertThat(dockerfile.stages()).containsKey(target.text()));
            });
  }

  @Test
  void publishesPortsOnTheLoopbackAddressOnly() {
    List<String> ports =
        services().values().stream()
            .flatMap(service -> service.at("ports").items().stream())
            .map(Yaml::text)
            .toList();

    assertThat(ports).hasSize(8).allMatch(port -> port.matches("127\\.0\\.0\\.1:\\d+:\\d+"));
    assertThat(compose.at("services", "hub", "ports").items())
        .extracting(port -> port.text().replaceAll(".*:", ""))
        .containsExactly(
            Dockerfile.read(Path.of("Dockerfile")).last("hub", "EXPOSE").split(" ", -1));
  }

  @Test
  void waitsForServersThatSayWhenTheyAreHealthy() {
    compose
        .at("services", "hub", "depends_on")
        .fields()
        .forEach(
            (name, how) -> {
              assertThat(services()).containsKey(name);
              assertThat(how.textAt("condition").equals("service_healthy"))
                  .isEqualTo(services().get(name).find("healthcheck").isPresent());
            });
  }

  @Test
  void takesFromTheHubWhatItDoesNotNeed() {
    for (String name : List.of("hub", "salesforce")) {
      Yaml service = services().get(name);
      assertThat(service.textAt("read_only")).isEqualTo("true");
      assertThat(service.at("cap_drop").items()).extracting(Yaml::text).containsExactly("ALL");
      assertThat(service.at("tmpfs").items())
          .extracting(Yaml::text)
          .allMatch(t -> t.startsWith("/tmp"));
      assertThat(service.textAt("mem_limit")).isNotEmpty();
    }
  }

  @Test
  void setsPropertiesThatThereAre() throws IOException {
    assertThat(Settings.environmentNames()).containsAll(hub().keySet());
  }

  @Test
  void sendsTheHubToItsServicesAndTheirPorts() {
    Map<String, String> ports =
        Map.of(
            "kafka",
            "19092",
            "mongodb",
            "27017",
            "postgis",
            "5432",
            "redis",
            "6379",
            "salesforce",
            "8089");
    List<MatchResult> places =
        hub().values().stream().flatMap(value -> PLACE.matcher(value.text()).results()).toList();

    assertThat(places)
        .extracting(place -> place.group(1))
        .containsExactlyInAnyOrderElementsOf(ports.keySet());
    assertThat(places).allMatch(place -> place.group(2).equals(ports.get(place.group(1))));
    assertThat(compose.textAt("services", "kafka", "environment", "KAFKA_ADVERTISED_LISTENERS"))
        .contains("//kafka:19092");
  }
}
