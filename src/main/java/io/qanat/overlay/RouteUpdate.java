package io.qanat.overlay;

import io.qanat.Lanes;
import io.qanat.StartFailure;
import io.qanat.kafka.TopicWatch;
import io.qanat.observe.LaneSwitch;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RoutesDefinition;
import org.apache.camel.spi.CamelContextCustomizer;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.RoutePolicySupport;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Replaces a route that runs by a changed one, or adds one. Camel removes the old route before it
 * makes the new one, so the new one is made on trial first, beside the old one and without being
 * started: a route that is refused costs nothing.
 */
@Component
class RouteUpdate implements CamelContextCustomizer, RoutePolicyFactory {
  private static final String PARENT_ROUTE = "parentRouteId";
  private static final String DIRECT = "direct:";

  private final LaneSwitch lanes;
  private final ObjectProvider<TopicWatch> topics;
  private @Nullable ModelCamelContext context;

  RouteUpdate(LaneSwitch lanes, ObjectProvider<TopicWatch> topics) {
    this.lanes = lanes;
    this.topics = topics;
  }

  /**
   * A route's file.
   *
   * @param flow its folder
   * @param id its stem, which is the id of its route
   * @param location where it is
   * @param text what it holds
   */
  record Source(String flow, String id, String location, String text) {
    Source with(String other) {
      return new Source(flow, id, location, other);
    }

    Resource resource() {
      return ResourceHelper.fromString(location, text);
    }
  }

  @Override
  public void configure(CamelContext camel) {
    context = (ModelCamelContext) camel;
    camel.addRoutePolicyFactory(this);
  }

  /** What is made on trial is never started. */
  @Override
  public @Nullable RoutePolicy createRoutePolicy(
      CamelContext camel, String routeId, NamedNode route) {
    if (!routeId.endsWith(Lanes.TRIAL)
        && !String.valueOf(parent((RouteDefinition) route)).endsWith(Lanes.TRIAL)) {
      return null;
    }
    return new RoutePolicySupport() {
      @Override
      public void onInit(Route made) {
        made.setAutoStartup(false);
      }
    };
  }

  private static @Nullable Object parent(RouteDefinition route) {
    return route.getTemplateParameters() == null
        ? null
        : route.getTemplateParameters().get(PARENT_ROUTE);
  }

  /**
   * Has a route run as its file says now.
   *
   * @param before what the file held that runs, empty if none does
   * @return whether this hub runs the route; it does not if that is for another role
   * @throws Exception that says why it is refused; what ran goes on then
   */
  boolean update(Source source, String before) throws Exception {
    if (context == null) {
      throw new IllegalStateException("Camel is not there yet");
    }
    ModelCamelContext camel = context;
    if (!tried(camel, source)) {
      return false;
    }
    lanes.replace(source.id(), () -> replace(camel, source, before));
    topics.getObject().look();
    return true;
  }

  private boolean tried(ModelCamelContext camel, Source source) throws Exception {
    RoutesDefinition defined = parse(camel, source);
    RouteDefinition route = onlyRoute(defined, source);
    requireSameCallers(camel.getRoute(source.id()), route);
    Set<Endpoint> before = new HashSet<>(camel.getEndpoints());
    route.setId(source.id() + Lanes.TRIAL);
    try {
      defined.prepareRoute(route);
      camel.addRouteDefinition(route);
      return camel.getRoute(route.getId()) != null;
    } finally {
      camel.removeRouteDefinition(route);
      for (Endpoint endpoint : camel.getEndpoints()) {
        if (!before.contains(endpoint) && endpoint instanceof KameletEndpoint) {
          camel.removeEndpoint(endpoint);
        }
      }
      removeOrphans(camel);
    }
  }

  private static RoutesDefinition parse(ModelCamelContext camel, Source source) throws Exception {
    for (RoutesBuilder builder :
        PluginHelper.getRoutesLoader(camel).findRoutesBuilders(List.of(source.resource()))) {
      return ((RouteBuilder) builder).configureRoutes(camel);
    }
    throw new IllegalArgumentException("it defines no route");
  }

  private static RouteDefinition onlyRoute(RoutesDefinition defined, Source source) {
    List<RouteDefinition> routes = defined.getRoutes();
    if (routes.size() != 1
        || !source.id().equals(routes.get(0).getRouteId())
        || !source.flow().equals(routes.get(0).getGroup())) {
      throw new IllegalArgumentException(
          "it must define one route, with the id %s and the group %s"
              .formatted(source.id(), source.flow()));
    }
    return routes.get(0);
  }

  /** Callers have found the old route already, and would miss the new one. */
  private static void requireSameCallers(@Nullable Route old, RouteDefinition route) {
    String direct = DIRECT + (old == null ? "" : old.getId());
    if (old != null
        && old.getEndpoint().getEndpointUri().replace("//", "").equals(direct)
        && !route.getInput().getEndpointUri().equals(direct)) {
      throw new IllegalArgumentException("it must take what comes from " + direct);
    }
  }

  private static void replace(ModelCamelContext camel, Source source, String before)
      throws Exception {
    try {
      load(camel, source);
    } catch (Exception refused) {
      if (!before.isEmpty()) {
        load(camel, source.with(before));
      }
      throw refused;
    }
  }

  private static void load(ModelCamelContext camel, Source source) throws Exception {
    RouteDefinition old = camel.getRouteDefinition(source.id());
    if (old != null) {
      camel.removeRouteDefinition(old);
      removeOrphans(camel);
    }
    var unused = PluginHelper.getRoutesLoader(camel).updateRoutes(List.of(source.resource()));
  }

  /** Routes that kamelets became go when no endpoint leads to them any more. */
  private static void removeOrphans(ModelCamelContext camel) throws Exception {
    for (boolean found = true; found; ) {
      found = false;
      Set<String> reached = new HashSet<>();
      for (Endpoint endpoint : camel.getEndpoints()) {
        if (endpoint instanceof KameletEndpoint kamelet) {
          reached.add(kamelet.getRouteId());
        }
      }
      for (RouteDefinition route : List.copyOf(camel.getRouteDefinitions())) {
        if (parent(route) != null && !reached.contains(route.getRouteId())) {
          camel.removeRouteDefinition(route);
          found = true;
        }
      }
    }
  }

  /** Why a route is refused, in one line. */
  static String reason(Exception e) {
    return StartFailure.tell(e)
        .orElseGet(() -> String.valueOf(e.getMessage()))
        .replace(Lanes.TRIAL, "");
  }
}
