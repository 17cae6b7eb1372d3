package io.qanat;

import io.qanat.HubProperties.Role;
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
  private final Lanes lanes;

  RouteSelection(Flows flows, HubProperties properties, Lanes lanes) {
    this.flows = flows;
    this.properties = properties;
    this.lanes = lanes;
  }

  @Override
  public void configure(CamelContext context) {
    ((ModelCamelContext) context).setRouteFilter(this::selected);
  }

  private boolean selected(RouteDefinition route) {
    String flow = route.getGroup();
    String id = route.getRouteId();
    if (flow == null || id == null) {
      return properties.task().isEmpty();
    }
    if (!flow.equals(Flows.PLATFORM) && !flows.names().contains(flow)) {
      return false;
    }
    if (Lane.is(flow, id) && !id.endsWith(Lanes.TRIAL)) {
      lanes.add(Lane.of(flow, id));
    }
    if (!properties.task().isEmpty()) {
      return false;
    }
    if (id.equals(Flows.PLATFORM + "-accept-rest")) {
      return properties.roles().contains(Role.ACCEPT) || properties.roles().contains(Role.QUERY);
    }
    String[] words = id.substring(Math.min(id.length(), flow.length() + 1)).split("-", 2);
    return words[0].isEmpty() || Role.of(words[0]).map(properties.roles()::contains).orElse(true);
  }
}
