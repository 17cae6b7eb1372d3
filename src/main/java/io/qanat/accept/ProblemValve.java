package io.qanat.accept;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.Container;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells as problems what Tomcat refuses by itself, before a filter is reached, where its own answer
 * is a page of HTML.
 */
final class ProblemValve extends ErrorReportValve {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemValve.class);

  private final String retryAfter;

  private ProblemValve(String retryAfter) {
    this.retryAfter = retryAfter;
  }

  /**
   * Answers for a host, in place of its own valve.
   *
   * @param retryAfter what {@code Retry-After} tells a caller to wait, in seconds
   */
  static void addTo(Container host, String retryAfter) {
    ((StandardHost) host).setErrorReportValveClass("");
    host.getPipeline().addValve(new ProblemValve(retryAfter));
  }

  @Override
  protected void report(Request request, Response response, Throwable throwable) {
    if (response.getStatus() < 400
        || response.getContentWritten() > 0
        || !response.setErrorReported()) {
      return;
    }
    AtomicBoolean writable = new AtomicBoolean();
    response.getCoyoteResponse().action(ActionCode.IS_IO_ALLOWED, writable);
    if (!writable.get()) {
      return;
    }
    Problem problem = problem(request, response.getStatus());
    try {
      if (problem.kind() == Problem.Kind.UNAVAILABLE) {
        response.setHeader("Retry-After", retryAfter);
      }
      problem.write(response);
      response.finishResponse();
    } catch (IOException clientHasGone) {
      LOG.debug("Nobody waits for the answer {}", problem.kind(), clientHasGone);
    }
  }

  private static Problem problem(Request request, int status) {
    boolean hasLine = !request.getCoyoteRequest().requestURI().isNull();
    if (hasLine && !request.getHeaderNames().hasMoreElements()) {
      // Tomcat no longer reads headers once it is paused to stop, and then misses the Host: 400.
      return new Problem(
          Problem.Kind.UNAVAILABLE,
          "The hub is stopping, or the request has no headers. Send it again shortly.");
    }
    Problem.Kind kind = Problem.Kind.of(status);
    return new Problem(
        kind,
        kind == Problem.Kind.BAD_REQUEST
            ? "The request is not HTTP: percent-encode what a URI may not hold, and give one Host."
            : "The request was refused.");
  }
}
