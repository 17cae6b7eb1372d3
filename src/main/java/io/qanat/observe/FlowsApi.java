package io.qanat.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.Flows;
import io.qanat.HubProperties;
import io.qanat.HubProperties.Role;
import io.qanat.Lane;
import io.qanat.Lanes;
import io.qanat.accept.ApiCall;
import io.qanat.accept.Problem.Kind;
import io.qanat.accept.ProblemException;
import io.qanat.security.AuditLog;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.kafka.common.KafkaException;
import org.springframework.stereotype.Component;

/** Answers {@code /flows}: how the lanes are, and lets operators pause and resume them. */
@Component("flowsApi")
public class FlowsApi {
  private final Flows flows;
  private final HubProperties properties;
  private final Lanes lanes;
  private final LaneReport report;
  private final LanePauses pauses;

  FlowsApi(
      Flows flows, HubProperties properties, Lanes lanes, LaneReport report, LanePauses pauses) {
    this.flows = flows;
    this.properties = properties;
    this.lanes = lanes;
    this.report = report;
    this.pauses = pauses;
  }

  /** Answers one operation of the contract. */
  @Handler
  public void answer(Exchange exchange) {
    ApiCall call = ApiCall.of(exchange);
    try {
      ApiCall.answer(exchange, 200, answer(call));
    } catch (KafkaException e) {
      throw new ProblemException(
          Kind.UNAVAILABLE,
          call.operation().equals("pauseFlow") || call.operation().equals("resumeFlow")
              ? "Kafka did not confirm this; it may take effect yet. See GET /flows, and try again."
              : "Kafka does not tell how far the flows are. Try again shortly.");
    }
  }

  private JsonNode answer(ApiCall call) {
    return switch (call.operation()) {
      case "listFlows" -> all();
      case "getFlow" -> report.full(lane(call));
      case "pauseFlow" -> pause(lane(call), true, call);
      case "resumeFlow" -> pause(lane(call), false, call);
      default -> throw new IllegalStateException(call.operation() + " is not about flows");
    };
  }

  private JsonNode all() {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode list = answer.putArray("flows");
    Stream.concat(flows.names().stream(), Stream.of(Flows.PLATFORM))
        .forEach(
            flow -> {
              List<Lane> its =
                  lanes.of(flow).stream().sorted(Comparator.comparing(Lane::id)).toList();
              if (!its.isEmpty() || !flow.equals(Flows.PLATFORM)) {
                ObjectNode one = list.addObject().put("flow", flow);
                ArrayNode roles = one.putArray("roles");
                for (Role role : properties.roles()) {
                  roles.add(role.name().toLowerCase(Locale.ROOT));
                }
                ArrayNode reports = one.putArray("lanes");
                its.forEach(lane -> reports.add(report.brief(lane)));
              }
            });
    return answer;
  }

  private Lane lane(ApiCall call) {
    String id = call.parameters().getOrDefault("id", "");
    return lanes
        .find(id)
        .orElseThrow(
            () ->
                new ProblemException(
                    Kind.NOT_FOUND,
                    "No lane has this id; GET /flows lists them, such as contacts-deliver-salesforce."));
  }

  private JsonNode pause(Lane lane, boolean pause, ApiCall call) {
    if (pauses.find(lane.id()).isPresent() != pause) {
      String caller = Objects.requireNonNull(call.caller(), "The contract wants a login here");
      pauses.write(lane.id(), new Pause(pause, caller, Instant.now()));
      AuditLog.log(
          caller,
          pause ? "pause" : "resume",
          JsonNodeFactory.instance.objectNode().put("lane", lane.id()));
    }
    return report.brief(lane);
  }
}
