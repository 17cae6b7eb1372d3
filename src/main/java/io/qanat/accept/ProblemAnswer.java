package io.qanat.accept;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.camel.Message;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Turns whatever went wrong in an accept route into the problem that its caller sees. */
@Component("problemAnswer")
public class ProblemAnswer {
  /** The exchange property that holds the problem that was answered. */
  static final String PROBLEM = "problem";

  private static final Logger LOG = LoggerFactory.getLogger(ProblemAnswer.class);

  private final String retryAfter;

  ProblemAnswer(AcceptProperties properties) {
    retryAfter = seconds(properties.retryAfter());
  }

  static String seconds(Duration duration) {
    return Long.toString(Math.max(1, duration.toSeconds()));
  }

  /**
   * Answers with the problem that stands for the caught exception; unknown ones are logged and told
   * as nothing.
   */
  @Handler
  public void answer(Exchange exchange) {
    Throwable caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    Problem problem = problem(caught);
    write(exchange, problem);
    exchange.setProperty(PROBLEM, problem);
    if (problem.kind().status() == Problem.Kind.UNAVAILABLE.status()) {
      exchange.getMessage().setHeader("Retry-After", retryAfter);
    }
    if (problem.kind() == Problem.Kind.NOT_ACCEPTED) {
      LOG.warn("Kafka did not take an event: {}", root(caught).getMessage());
    } else if (problem.kind() == Problem.Kind.INTERNAL_ERROR) {
      LOG.error("An accept route failed", caught);
    }
  }

  /** The problem that stands for what was thrown. */
  static Problem problem(Throwable caught) {
    for (Throwable t = caught; t != null; t = t.getCause()) {
      if (t instanceof ProblemException p) {
        return p.problem();
      }
      if (t instanceof RecordTooLargeException) {
        return new Problem(
            Problem.Kind.BODY_TOO_LARGE, "The event is larger than Kafka takes; send less.");
      }
      // A route that is stopped, or replaced, while the exchange comes to it.
      if (t instanceof DirectConsumerNotAvailableException
          || t instanceof RejectedExecutionException) {
        return new Problem(
            Problem.Kind.UNAVAILABLE, "The flow takes nothing at the moment. Send it again later.");
      }
      if (t instanceof KafkaException) {
        return new Problem(
            Problem.Kind.NOT_ACCEPTED,
            "The event was not stored in time. Send it again, with the same Idempotency-Key if you gave one.");
      }
    }
    return new Problem(
        Problem.Kind.INTERNAL_ERROR,
        "The hub met a defect of its own; the event was not accepted.");
  }

  private static Throwable root(Throwable t) {
    return t.getCause() == null ? t : root(t.getCause());
  }

  /** Makes the problem the exchange's answer. */
  static void write(Exchange exchange, Problem problem) {
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, problem.kind().status());
    message.setHeader(Exchange.CONTENT_TYPE, Problem.MEDIA_TYPE);
    message.setBody(problem.toJson());
  }
}
