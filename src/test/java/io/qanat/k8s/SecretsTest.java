package io.qanat.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of Secrets have the names and keys that the chart asks for. */
class SecretsTest {
  private static final Path SECRETS = Path.of("k8s/secrets");
  private static final CustomResources DEFINITIONS = new CustomResources();

  /** Where the chart's values take each Secret. */
  private static final Map<String, String> VALUES =
      Map.of(
          "qanat-kafka", "/kafka/sasl",
          "qanat-mongodb", "/mongodb",
          "qanat-postgresql", "/postgresql",
          "qanat-salesforce", "/salesforce",
          "qanat-operators", "/operators",
          "qanat-redis", "/cache/redis",
          "qanat-flags", "/flags");

  static Stream<JsonNode> resources() {
    return Stream.of("external", "sealed")
        .flatMap(folder -> Manifests.below(SECRETS.resolve(folder), ".yaml").stream())
        .filter(file -> !file.endsWith("kustomization.yaml"))
        .flatMap(file -> Manifests.read(file).stream())
        .filter(resource -> !resource.path("kind").asText().equals("ServiceAccount"));
  }

  @ParameterizedTest
  @MethodSource("resources")
  void sayNothingThatTheirOperatorsDoNotKnow(JsonNode resource) {
    assertThat(DEFINITIONS.mistakes(resource)).isEmpty();
  }

  @Test
  void haveTheKeysThatTheChartTakes() {
    Map<String, Set<String>> wanted = new TreeMap<>();
    VALUES.forEach((secret, place) -> wanted.put(secret, keys(Chart.values().at(place))));
    Map<String, Set<String>> external = new TreeMap<>();
    Map<String, Set<String>> sealed = new TreeMap<>();
    for (JsonNode resource : resources().toList()) {
      String name = resource.at("/metadata/name").asText();
      if (resource.path("kind").asText().equals("ExternalSecret")) {
        String target = resource.at("/spec/target/name").asText();
        external.put(
            target, new TreeSet<>(resource.at("/spec/data").findValuesAsText("secretKey")));
      } else if (resource.path("kind").asText().equals("SealedSecret")) {
        Set<String> keys = new TreeSet<>();
        resource.at("/spec/encryptedData").properties().forEach(entry -> keys.add(entry.getKey()));
        sealed.put(name, keys);
      }
    }

    assertThat(external).isEqualTo(wanted);
    assertThat(sealed).isEqualTo(wanted);
  }

  private static Set<String> keys(JsonNode place) {
    Set<String> keys = new TreeSet<>();
    assertThat(place.has("existingSecret")).isTrue();
    place
        .properties()
        .forEach(
            field -> {
              if (field.getKey().matches("key|.*Key") && !field.getValue().asText().isEmpty()) {
                keys.add(field.getValue().asText());
              }
            });
    return keys;
  }

  @Test
  void aSealedExampleIsPlainlyNone() {
    Manifests.below(SECRETS.resolve("sealed"), ".yaml").stream()
        .filter(file -> !file.endsWith("kustomization.yaml"))
        .forEach(
            file ->
                assertThat(Manifests.one(file).at("/spec/encryptedData"))
                    .allSatisfy(
                        value ->
                            assertThat(value.asText()).isEqualTo("NO-CIPHERTEXT-RUN-KUBESEAL")));
  }

  @Test
  void theBasesTakeTheSecretsThatAreExplained() {
    for (String base : new String[] {"hub", "roles"}) {
      JsonNode values = Manifests.one(Path.of("k8s/base", base, "values.yaml"));

      assertThat(VALUES.keySet()).containsAll(values.findValuesAsText("existingSecret"));
    }
  }
}
