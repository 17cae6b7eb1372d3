package io.qanat.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code rest.openApi} makes of a contract, in front of an engine that never listens. */
class RestContractTest {
  private final DefaultCamelContext camel = new DefaultCamelContext();

  private static final class Deaf extends DefaultConsumer implements PlatformHttpConsumer {
    Deaf(PlatformHttpEndpoint endpoint, Processor processor) {
      super(endpoint, processor);
    }

    @Override
    public PlatformHttpEndpoint getEndpoint() {
      return (PlatformHttpEndpoint) super.getEndpoint();
    }
  }

  @AfterEach
  void stop() throws Exception {
    camel.close();
  }

  private void bind(String id, String more) throws Exception {
    PlatformHttpEngine engine = Deaf::new;
    camel.getRegistry().bind("platform-http-engine", engine);
    PluginHelper.getRoutesLoader(camel)
        .loadRoutes(
            ResourceHelper.fromString(
                id + ".camel.yaml",
                """
                - rest:
                    id: %s
                    %s
                    openApi:
                      specification: file:routes/contacts/contacts.openapi.yaml
                      missingOperation: ignore
                """
                    .formatted(id, more)));
  }

  @Test
  void startsAContractThatHasNoDescriptionOfItsOwn() throws Exception {
    bind("one", "disabled: false");
    camel.start();

    assertThat(camel.getRoutes()).hasSize(1);
  }

  @Test
  void startsNoContractWithADescriptionOfItsOwn() throws Exception {
    bind("one", "description: Binds the contract");

    assertThatThrownBy(camel::start).hasStackTraceContaining("description");
  }

  @Test
  void startsNoTwoContractsOfOneBasePath() throws Exception {
    bind("one", "disabled: false");
    bind("two", "disabled: false");

    assertThatThrownBy(camel::start).hasStackTraceContaining("Multiple consumers");
  }
}
