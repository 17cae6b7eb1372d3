package io.qanat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qanat.HubProperties.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlowsTest {
  @TempDir private Path home;

  @BeforeEach
  void folders() throws IOException {
    for (String flow : List.of("platform", "orders", "contacts")) {
      Files.createDirectories(home.resolve("routes").resolve(flow));
    }
  }

  private HubProperties properties(List<String> flows, Role... roles) {
    return new HubProperties(home.toString(), flows, List.of(roles), "");
  }

  @Test
  void runsEveryFolderButThePlatformByDefault() {
    assertThat(new Flows(properties(List.of())).names()).containsExactly("contacts", "orders");
  }

  @Test
  void runsOnlyTheFlowsThatAreNamed() {
    assertThat(new Flows(properties(List.of("orders"))).names()).containsExactly("orders");
  }

  @Test
  void saysWhichFlowIsUnknownAndWhichThereAre() {
    assertThatThrownBy(() -> new Flows(properties(List.of("ordres"))))
        .hasMessageContaining("[ordres]")
        .hasMessageContaining("[contacts, orders]");
  }

  @Test
  void saysThatHomeIsWrong() {
    assertThatThrownBy(() -> new Flows(new HubProperties("/nowhere", List.of(), List.of(), "")))
        .hasMessageContaining("/nowhere/routes")
        .hasMessageContaining("qanat.home");
  }

  @Test
  void loadsOnlyTheRoutesOfItsFlowsAndRoles() throws Exception {
    HubProperties properties = properties(List.of("contacts"), Role.ACCEPT);
    Lanes lanes = new Lanes();
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      new RouteSelection(new Flows(properties), properties, lanes).configure(context);
      context.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              route("platform-x", "platform");
              route("contacts-accept-rest", "contacts");
              route("contacts-deliver-salesforce", "contacts");
              route("orders-deliver-mongodb", "orders");
            }

            private void route(String id, String flow) {
              from("direct:" + id).routeId(id).routeGroup(flow).log("x");
            }
          });
      context.start();

      assertThat(context.getRoutes())
          .extracting("id")
          .containsExactlyInAnyOrder("platform-x", "contacts-accept-rest");
      assertThat(lanes.all())
          .as("another instance runs it, and this one tells about it")
          .containsExactly(new Lane("contacts-deliver-salesforce", "contacts", "salesforce"));
    }
  }
}
