package io.qanat.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.qanat.flags.FlagsProperties.FlagProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes that branch on a flag. */
class FeatureFlagTest {
  private static final String ROUTE =
      """
      - route:
          from:
            uri: direct:pay
            steps:
              - to:
                  uri: kamelet:feature-flag-action
                  parameters:
                    flag: %s
                    default: simulator
                    targetingKey: .customer
              - choice:
                  when:
                    - expression:
                        simple: ${exchangeProperty.payment-provider} == 'http'
                      steps:
                        - setVariable:
                            name: paid
                            constant: with money
                  otherwise:
                    steps:
                      - setVariable:
                          name: paid
                          constant: with toys
              - setBody:
                  simple: ${variable.paid} ${body}
      """;

  @TempDir private Path folder;
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private Flags flags;

  @BeforeEach
  void start() throws Exception {
    Path file = folder.resolve("flags.yaml");
    Files.writeString(
        file,
        FlagFileTest.flag("simulator")
            + "    targeting: {if: [{in: [{var: targetingKey}, [ann, bob]]}, http]}\n");
    flags =
        new Flags(
            new FlagsProperties(FlagProvider.FILE, file, null, null), new FlagsHealthIndicator());
    camel.getRegistry().bind("flags", flags);
    KameletComponent kamelets = camel.getComponent("kamelet", KameletComponent.class);
    kamelets.setLocation("file:kamelets");
    camel.start();
  }

  @AfterEach
  void stop() {
    camel.stop();
    flags.close();
  }

  private void route(String flag) throws Exception {
    PluginHelper.getRoutesLoader(camel)
        .loadRoutes(ResourceHelper.fromString("pay.camel.yaml", ROUTE.formatted(flag)));
  }

  private String pay(Object body) {
    return camel.createProducerTemplate().requestBody("direct:pay", body, String.class);
  }

  @Test
  void branchOnTheVariantAndKeepTheBody() throws Exception {
    route("payment-provider");

    assertThat(pay("{\"customer\":\"ann\"}")).isEqualTo("with money {\"customer\":\"ann\"}");
    assertThat(pay("{\"customer\":\"eve\"}")).isEqualTo("with toys {\"customer\":\"eve\"}");
  }

  @Test
  void askForWhateverFormTheBodyHas() throws Exception {
    route("payment-provider");
    String bob = "{\"customer\":\"bob\"}";

    for (Object body :
        List.of(bob, bob.getBytes(StandardCharsets.UTF_8), new JsonMapper().readTree(bob))) {
      assertThat(pay(body)).startsWith("with money");
    }
    assertThat(pay("{}")).startsWith("with toys");
  }

  @Test
  void takeAChangedFileWithoutARestart() throws Exception {
    route("payment-provider");
    assertThat(pay("{}")).startsWith("with toys");

    Files.writeString(folder.resolve("flags.yaml"), FlagFileTest.flag("http"));

    await().atMost(Duration.ofSeconds(30)).until(() -> pay("{}").startsWith("with money"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"operation", "payment.provider", "Payment-Provider", "payment-"})
  void refuseAFlagWhoseNameCouldBeAnotherProperty(String flag) {
    assertThatThrownBy(() -> route(flag))
        .hasRootCauseMessage(
            "the flag '%s' must be words with hyphens between them, such as payment-provider"
                .formatted(flag));
  }
}
