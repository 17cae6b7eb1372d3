package io.qanat;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What this hub instance runs.
 *
 * @param home the folder that holds {@code routes/} and {@code kamelets/}
 * @param flows the flows to run; none named means all
 * @param roles the roles to run
 */
@ConfigurationProperties("qanat")
public record HubProperties(
    @DefaultValue(".") String home,
    @DefaultValue List<String> flows,
    @DefaultValue({"accept", "deliver", "query"}) List<Role> roles) {

  /** What an instance does for its flows; each can be scaled on its own. */
  public enum Role {
    /** Takes requests in and publishes them to Kafka. */
    ACCEPT("accept", "route"),
    /** Takes events from Kafka to the sinks. */
    DELIVER("deliver", "replay"),
    /** Answers reads. */
    QUERY("query", "query");

    private final String verb;
    private final String alsoVerb;

    Role(String verb, String alsoVerb) {
      this.verb = verb;
      this.alsoVerb = alsoVerb;
    }

    /** Whether a route whose id holds this verb belongs to the role. */
    boolean owns(String routeVerb) {
      return verb.equals(routeVerb) || alsoVerb.equals(routeVerb);
    }
  }
}
