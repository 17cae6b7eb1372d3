package io.qanat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What this hub instance runs.
 *
 * @param home the folder that holds {@code routes/} and {@code kamelets/}
 * @param flows the flows to run; none named means all
 * @param roles the roles to run
 * @param task what to do once instead, and to end then; empty to run
 */
@ConfigurationProperties("qanat")
public record HubProperties(
    @DefaultValue(".") String home,
    @DefaultValue List<String> flows,
    @DefaultValue({"accept", "deliver", "query"}) List<Role> roles,
    @DefaultValue("") String task) {
  /** A task of blanks is none. */
  public HubProperties {
    task = task.strip();
  }

  /** What an instance does for its flows; each can be scaled on its own. */
  public enum Role {
    /** Takes requests in and publishes them to Kafka. */
    ACCEPT("accept|route"),
    /** Takes events from Kafka to the sinks, and out of them when their time is over. */
    DELIVER("deliver|process|replay|expire"),
    /** Answers from what a flow keeps. */
    QUERY("query");

    private final String verbs;

    Role(String verbs) {
      this.verbs = verbs;
    }

    /** The role that runs routes whose id holds this verb; empty if every instance does. */
    static Optional<Role> of(String routeVerb) {
      return Arrays.stream(values()).filter(r -> routeVerb.matches(r.verbs)).findFirst();
    }
  }
}
