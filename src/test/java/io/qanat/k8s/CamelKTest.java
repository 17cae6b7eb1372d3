package io.qanat.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The resources of Camel K: that Camel K knows all they say, and that they run. */
class CamelKTest {
  private static final Path KAMELETS = Path.of("kamelets");
  private static final Path ROUTES = Path.of("routes");
  private static final Path CAMEL_K = Path.of("k8s/camel-k");
  private static final Path SIMULATOR =
      CAMEL_K.resolve("payment-simulator/payment-simulator.integration.yaml");
  private static final CustomResources DEFINITIONS = new CustomResources();

  static Stream<Path> resources() {
    return Stream.of(
            Manifests.below(KAMELETS, ".kamelet.yaml"),
            Manifests.below(CAMEL_K, ".integration.yaml"),
            Manifests.below(CAMEL_K, ".pipe.yaml"))
        .flatMap(List::stream);
  }

  @ParameterizedTest
  @MethodSource("resources")
  void saysNothingThatCamelKDoesNotKnow(Path file) {
    assertThat(DEFINITIONS.mistakes(Manifests.one(file))).isEmpty();
  }

  @Test
  void aMisspeltTraitIsNotPassedOver() {
    JsonNode hub = Manifests.one(CAMEL_K.resolve("hub/hub.integration.yaml"));
    ((ObjectNode) hub.at("/spec/traits/container")).put("limitMemry", "1Gi");

    assertThat(DEFINITIONS.mistakes(hub)).singleElement().asString().contains("limitMemry");
  }

  @Test
  void appliesEveryKamelet() {
    JsonNode kustomization = Manifests.one(KAMELETS.resolve("kustomization.yaml"));

    assertThat(Manifests.texts(kustomization.path("resources")))
        .isEqualTo(Manifests.names(KAMELETS, ".kamelet.yaml"));
  }

  @Test
  void mountsTheWholeFlowOfContactsAsAnOverlay() {
    JsonNode map = Manifests.one(ROUTES.resolve("kustomization.yaml")).at("/configMapGenerator/0");
    List<String> files =
        Manifests.names(ROUTES.resolve("contacts"), "").stream()
            .map(file -> "contacts__%s=contacts/%s".formatted(file, file))
            .toList();

    assertThat(Manifests.texts(map.path("files"))).isEqualTo(files);
    assertThat(CAMEL_K.resolve("contacts/kustomization.yaml"))
        .content()
        .contains("configmap:%s@/overlay/contacts".formatted(map.path("name").asText()));
  }

  @Test
  void theReadmeSaysWhichKameletsRunWithoutTheImage() {
    List<String> plain =
        Manifests.below(KAMELETS, ".kamelet.yaml").stream()
            .filter(file -> !Manifests.text(file).matches("(?s).*(io\\.qanat\\.|ref: [a-z]).*"))
            .map(file -> Manifests.one(file).at("/metadata/name").asText())
            .toList();

    assertThat(plain).containsExactly("payment-simulator-action");
    assertThat(Path.of("k8s/README.md"))
        .content()
        .contains("One of our kamelets runs under a plain Camel K: `%s`.".formatted(plain.get(0)));
  }

  @Test
  void thePaymentSimulatorAnswersAsAProviderDoes() throws Exception {
    JsonNode flows = Manifests.one(SIMULATOR).at("/spec/flows");
    ((ObjectNode) flows.at("/0/route/from")).put("uri", "direct:payments").remove("parameters");
    String routes = new YAMLMapper().writeValueAsString(flows);

    try (DefaultCamelContext camel = new DefaultCamelContext()) {
      camel.getComponent("kamelet", KameletComponent.class).setLocation("file:kamelets");
      camel.start();
      PluginHelper.getRoutesLoader(camel)
          .loadRoutes(ResourceHelper.fromString("payments.camel.yaml", routes));

      assertThat(pay(camel, "{\"productId\":\"1\"}")).contains("\"Success\"");
      assertThat(pay(camel, "{\"productId\":\"2\"}")).contains("\"Declined\"");
    }
  }

  private static String pay(DefaultCamelContext camel, String body) {
    return camel.createProducerTemplate().requestBody("direct:payments", body, String.class);
  }
}
