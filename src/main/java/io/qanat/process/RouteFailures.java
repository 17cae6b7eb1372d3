package io.qanat.process;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.qanat.deliver.Failure;
import io.qanat.deliver.RefusedException;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.apache.kafka.common.errors.RetriableException;

/** Says what it means for an event that its route failed. */
final class RouteFailures {
  private RouteFailures() {}

  static Failure failure(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof RefusedException refused) {
        return refused.failure();
      }
      if (t instanceof CallNotPermittedException) {
        return Failure.transientFailure(
            "CIRCUIT_OPEN", "what the route calls has failed too often and is left alone a while");
      }
      if (t instanceof DirectConsumerNotAvailableException) {
        return Failure.transientFailure("ROUTE_STOPPED", "the route does not run");
      }
      if (t instanceof RetriableException) {
        return Failure.transientFailure(
            "KAFKA_UNREACHABLE", "what the route publishes was not acknowledged in time");
      }
    }
    return Failure.of(thrown);
  }
}
