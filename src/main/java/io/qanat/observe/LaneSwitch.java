package io.qanat.observe;

import io.qanat.Lanes;
import io.qanat.kafka.TopicWatch;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.CamelContextCustomizer;
import org.apache.camel.spi.RouteController;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Starts and stops the lanes that this instance runs. None starts by itself: a lane that is paused
 * must not take a single event after a restart.
 *
 * <p>A lane is two routes, its own and the one that its source kamelet has become; the latter holds
 * the Kafka consumer.
 */
@Component
public class LaneSwitch implements CamelContextCustomizer, RoutePolicyFactory {
  private static final Logger LOG = LoggerFactory.getLogger(LaneSwitch.class);
  private static final String PARENT_ROUTE = "parentRouteId";
  private static final String PARENT_STEP = "parentProcessorId";

  private final Lanes lanes;
  private final ObjectProvider<TopicWatch> topics;
  private final Map<String, String> sources = new ConcurrentHashMap<>();
  private final Map<String, Boolean> running = new ConcurrentHashMap<>();
  private final Set<String> replaced = ConcurrentHashMap.newKeySet();
  private @Nullable CamelContext context;

  // What watches the topics needs Camel, which asks this for its settings first.
  LaneSwitch(Lanes lanes, ObjectProvider<TopicWatch> topics) {
    this.lanes = lanes;
    this.topics = topics;
  }

  @Override
  public void configure(CamelContext context) {
    this.context = context;
    context.addRoutePolicyFactory(this);
  }

  @Override
  public @Nullable RoutePolicy createRoutePolicy(
      CamelContext camelContext, String routeId, NamedNode route) {
    Map<String, Object> kamelet = ((RouteDefinition) route).getTemplateParameters();
    if (kamelet != null
        && kamelet.get(PARENT_ROUTE) instanceof String lane
        && !kamelet.containsKey(PARENT_STEP)
        && lanes.find(lane).isPresent()) {
      sources.put(lane, routeId);
      return startedByTheSwitch(lane);
    }
    return lanes.find(routeId).isPresent() ? startedByTheSwitch(routeId) : null;
  }

  private RoutePolicy startedByTheSwitch(String lane) {
    return new RoutePolicySupport() {
      @Override
      public void onInit(Route route) {
        route.setAutoStartup(false);
        // A route that was loaded anew is not the one that was started.
        running.remove(lane);
      }
    };
  }

  /** What replaces a route. */
  public interface Replacement {
    /** Takes the old route away, and makes the new one. */
    void run() throws Exception;
  }

  /**
   * Has a route replaced. If it is a lane's, the batch in flight is settled or given back before,
   * and the new one is started by {@link #apply}, unless the lane is paused.
   *
   * @throws Exception if the old route cannot be stopped, or what the replacement throws
   */
  public void replace(String route, Replacement replacement) throws Exception {
    replaced.add(route);
    synchronized (this) {
      try {
        if (context != null && lanes.find(route).isPresent()) {
          RouteController routes = context.getRouteController();
          stop(routes, sources.get(route));
          stop(routes, route);
        }
        replacement.run();
      } finally {
        running.remove(route);
        replaced.remove(route);
      }
    }
  }

  /** Whether a lane stands still because it is being replaced. */
  boolean replaces(String lane) {
    return replaced.contains(lane);
  }

  /** Whether this instance runs the lane, paused or not. */
  boolean runs(String lane) {
    return context != null && context.getRoute(lane) != null;
  }

  /**
   * Brings the lanes to where they should be. A pause returns once the batch in flight is settled
   * or given back; what fails is tried again by the next call. While topics are missing that this
   * hub does not create, no lane starts.
   */
  synchronized void apply(Predicate<String> paused) {
    lanes.all().stream()
        .map(lane -> lane.id())
        .filter(this::runs)
        .forEach(lane -> apply(lane, !paused.test(lane)));
  }

  private void apply(String lane, boolean run) {
    CamelContext camel = context;
    if (camel == null
        || !camel.getStatus().isStarted()
        || (run && topics.getObject().missing())
        || Boolean.valueOf(run).equals(running.get(lane))) {
      return;
    }
    try {
      RouteController routes = camel.getRouteController();
      String source = sources.get(lane);
      if (run) {
        start(routes, lane);
        start(routes, source);
      } else {
        stop(routes, source);
        stop(routes, lane);
        LOG.info("{} is paused", lane);
      }
      running.put(lane, run);
    } catch (Exception e) {
      LOG.error("{} cannot be {} yet; it is tried again", lane, run ? "started" : "paused", e);
    }
  }

  private static void start(RouteController routes, @Nullable String route) throws Exception {
    if (route != null) {
      routes.startRoute(route);
    }
  }

  private static void stop(RouteController routes, @Nullable String route) throws Exception {
    ServiceStatus status = route == null ? null : routes.getRouteStatus(route);
    if (status != null && status.isStarted()) {
      routes.stopRoute(route);
    }
  }
}
