package io.qanat.accept;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;

/**
 * Has a flow's accept route work on what came in over another edge than REST, just as over REST:
 * the body is a JSON tree, the operation an exchange property, and only allowed headers go in.
 */
public final class AcceptRoute {
  private final ProducerTemplate template;
  private final Endpoint endpoint;
  private final String operation;

  /**
   * The route for one operation.
   *
   * @param routeId the route's id, which is also where it takes exchanges from, {@code direct:<id>}
   * @param operation what the route is told that it is asked for
   * @throws IllegalStateException if there is no such route
   */
  public AcceptRoute(CamelContext context, String routeId, String operation) {
    if (context.getRoute(routeId) == null) {
      throw new IllegalStateException(
          "%s is served, but there is no route %s for it".formatted(operation, routeId));
    }
    template = context.createProducerTemplate();
    endpoint = context.getEndpoint("direct:" + routeId + ContractDispatch.RELOADED_WITHIN);
    this.operation = operation;
  }

  /** The names of the headers that may go in. */
  public static Iterable<String> headers() {
    return HeaderAllowList.INBOUND;
  }

  /**
   * What the route answers.
   *
   * @param headers those of the allowed headers that were sent
   * @param caller who sends, if somebody vouches for it
   * @param before how many events of the same Idempotency-Key came before those of an array
   * @return the answer's body, empty if it has none
   * @throws ProblemException if it answers with a problem
   */
  public byte[] answer(
      JsonNode body, Map<String, String> headers, @Nullable String caller, long before) {
    Exchange exchange =
        template.send(
            endpoint,
            ExchangePattern.InOut,
            e -> {
              e.setProperty(ContractDispatch.OPERATION, operation);
              if (caller != null) {
                e.setProperty(ContractDispatch.CALLER, caller);
              }
              e.setProperty(Envelope.EVENTS_BEFORE, before);
              headers.forEach(e.getMessage()::setHeader);
              e.getMessage().setBody(body);
            });
    Problem problem = exchange.getProperty(ProblemAnswer.PROBLEM, Problem.class);
    if (problem != null) {
      throw new ProblemException(problem);
    }
    if (exchange.getException() != null) {
      throw new ProblemException(ProblemAnswer.problem(exchange.getException()));
    }
    byte[] answer = exchange.getMessage().getBody(byte[].class);
    return answer == null ? new byte[0] : answer;
  }
}
