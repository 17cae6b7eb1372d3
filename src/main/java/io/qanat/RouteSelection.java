package io.qanat;

import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.CamelContextCustomizer;
import org.springframework.stereotype.Component;

/**
 * Loads only the routes of the flows and roles that this hub runs, told by their ids: {@code
 * flow-verb[-system]}.
 */
@Component
class RouteSelection implements CamelContextCustomizer {
  private final Flows flows;
  private final HubProperties properties;

  RouteSelection(Flows flows, HubProperties properties) {
    this.flows = flows;
    this.properties = properties;
  }

  @Override
  public void configure(CamelContext context) {
    ((ModelCamelContext) context).setRouteFilter(this::selected);
  }

  private boolean selected(RouteDefinition route) {
    String flow = route.getGroup();
    if (flow == null || route.getRouteId() == null || flow.equals(Flows.PLATFORM)) {
      return true;
    }
    String[] words = route.getRouteId().split("-", 3);
    return flows.names().contains(flow)
        && (words.length < 2 || properties.roles().stream().anyMatch(role -> role.owns(words[1])));
  }
}
